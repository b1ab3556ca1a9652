extension ManagedDataIdentifier {
  /// Keys and tokens; High from the first.
  static let credentials = [
    ManagedDataIdentifier(
      "AWS_CREDENTIALS", .credentials, .high, "[A-Za-z0-9/+]{40}",
      keywords: [
        "aws_secret_access_key", "credentials", "secret access key", "secret key", "set-awscredential",
      ],
      check: .exampleKey, edges: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+",
      isRecommended: true),
    ManagedDataIdentifier(
      "GCP_API_KEY", .credentials, .high, #"\bAIza[0-9A-Za-z_-]{35}"#,
      keywords: [
        "g_places_key", "gcp api key", "gcp key", "google cloud key", "google-api-key",
        "google-cloud-apikeys", "googlekey", "x-goog-api-key",
      ]),
    ManagedDataIdentifier(
      "HTTP_BASIC_AUTH_HEADER", .credentials, .high,
      #"(?i)\b(?:Proxy-)?Authorization:[ \t]{0,8}Basic[ \t]{1,8}[A-Za-z0-9+/]{4,}={0,2}"#,
      isRecommended: true),
    ManagedDataIdentifier(
      "JSON_WEB_TOKEN", .credentials, .high,
      #"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"#),
    ManagedDataIdentifier(
      "OPENSSH_PRIVATE_KEY", .credentials, .high,
      "-----BEGIN OPENSSH PRIVATE KEY-----[A-Za-z0-9+/=\\s]{16,}-----END OPENSSH PRIVATE KEY-----",
      isRecommended: true),
    ManagedDataIdentifier(
      "PGP_PRIVATE_KEY", .credentials, .high,
      "-----BEGIN PGP PRIVATE KEY BLOCK-----[^-]{16,}-----END PGP PRIVATE KEY BLOCK-----",
      isRecommended: true),
    ManagedDataIdentifier(
      "PKCS", .credentials, .high,
      "-----BEGIN (?:(?:RSA|DSA|EC|ENCRYPTED) )?PRIVATE KEY-----[^-]{16,}(?:-[^-]+)*"
        + "-----END (?:(?:RSA|DSA|EC|ENCRYPTED) )?PRIVATE KEY-----",
      isRecommended: true),
    ManagedDataIdentifier(
      "PUTTY_PRIVATE_KEY", .credentials, .high,
      #"PuTTY-User-Key-File-[123]: ?[^\n]+\nEncryption: ?[^\n]+\nComment: ?[^\n]*\nPublic-Lines: ?\d+"#,
      isRecommended: true),
    ManagedDataIdentifier(
      "STRIPE_CREDENTIALS", .credentials, .high, #"\b[rs]k_live_[0-9A-Za-z]{24,}"#),
  ]

  private static let cardKeywords = [
    "account number", "american express", "amex", "bank card", "card", "card no", "card number", "card num",
    "cc", "cc #", "ccn", "check card", "credit", "credit card", "credit card#", "dankort", "debit",
    "debit card", "diners club", "discover", "electron", "japanese card bureau", "jcb", "mastercard", "mc",
    "pan", "payment account number", "payment card number", "pcn", "union pay", "visa",
  ]
  private static let cardPattern =
    #"\b(?:[2-6]\d{12,18}|[2-6]\d{3}[- ]\d{4}[- ]\d{4}[- ]\d{4}|3[47]\d\d[- ]\d{6}[- ]\d{5}|3[068]\d\d[- ]\d{6}[- ]\d{4})\b"#

  /// Cards and accounts without a country's own form.
  static let financial = [
    ManagedDataIdentifier(
      "BANK_ACCOUNT_NUMBER", .financial, .high, #"\b\d{9,17}\b"#,
      keywords: [
        "bank account", "bank acct", "checking account", "checking acct", "deposit account", "deposit acct",
        "savings account", "savings acct", "chequing account", "chequing acct",
      ]),
    ManagedDataIdentifier(
      "CREDIT_CARD_EXPIRATION", .financial, .low, #"\b(?:0[1-9]|1[0-2])[/-](?:20)?\d\d\b"#,
      keywords: ["exp d", "exp m", "exp y", "expiration", "expiry"]),
    ManagedDataIdentifier(
      "CREDIT_CARD_MAGNETIC_STRIPE", .financial, .high,
      #"%B\d{13,19}\^[^^\n]{2,26}\^\d{7}[^?\n]*\?|;\d{13,19}=\d{7}[^?\n]*\?"#,
      keywords: ["card data", "iso7813", "mag", "magstripe", "stripe", "swipe"], isRecommended: true),
    ManagedDataIdentifier(
      "CREDIT_CARD_NUMBER", .financial, .high, cardPattern, keywords: cardKeywords, check: .card,
      isRecommended: true, explainsMissingKeyword: true),
    ManagedDataIdentifier(
      "CREDIT_CARD_NUMBER_(NO_KEYWORD)", .financial, .high, cardPattern, check: .card),
    ManagedDataIdentifier(
      "CREDIT_CARD_SECURITY_CODE", .financial, .medium, #"\b\d{3,4}\b"#,
      keywords: [
        "card id", "card identification code", "card identification number", "card security code",
        "card validation code", "card validation number", "card verification data", "card verification value",
        "cvc", "cvc2", "cvv", "cvv2", "elo verification code",
      ]),
  ]

  /// International bank account numbers: no keyword, but ISO 13616's check digits. Lengths: SWIFT's IBAN registry.
  static let accounts = ibanLengths.map { name, code, length in
    ManagedDataIdentifier(
      "\(name)_BANK_ACCOUNT_NUMBER", .financial, .high,
      #"\b\#(code)\d{2}(?:[ -]?[A-Z0-9]){\#(length - 4)}\b"#, check: .iban)
  }

  private static let ibanLengths: [(String, String, Int)] = [
    ("ALBANIA", "AL", 28), ("ANDORRA", "AD", 24), ("BOSNIA_AND_HERZEGOVINA", "BA", 20), ("BRAZIL", "BR", 29),
    ("BULGARIA", "BG", 22), ("COSTA_RICA", "CR", 22), ("CROATIA", "HR", 21), ("CYPRUS", "CY", 28),
    ("CZECH_REPUBLIC", "CZ", 24), ("DENMARK", "DK", 18), ("DOMINICAN_REPUBLIC", "DO", 28),
    ("EGYPT", "EG", 29), ("ESTONIA", "EE", 20), ("FAROE_ISLANDS", "FO", 18), ("FINLAND", "FI", 18),
    ("FRANCE", "FR", 27), ("GEORGIA", "GE", 22), ("GERMANY", "DE", 22), ("GREECE", "GR", 27),
    ("GREENLAND", "GL", 18), ("HUNGARY", "HU", 28), ("ICELAND", "IS", 26), ("IRELAND", "IE", 22),
    ("ITALY", "IT", 27), ("JORDAN", "JO", 30), ("KOSOVO", "XK", 20), ("LIECHTENSTEIN", "LI", 21),
    ("LITHUANIA", "LT", 20), ("MALTA", "MT", 31), ("MAURITANIA", "MR", 27), ("MAURITIUS", "MU", 30),
    ("MONACO", "MC", 27), ("MONTENEGRO", "ME", 22), ("NETHERLANDS", "NL", 18), ("NORTH_MACEDONIA", "MK", 19),
    ("POLAND", "PL", 28), ("PORTUGAL", "PT", 25), ("SAN_MARINO", "SM", 27), ("SENEGAL", "SN", 28),
    ("SERBIA", "RS", 22), ("SLOVAKIA", "SK", 24), ("SLOVENIA", "SI", 19), ("SPAIN", "ES", 24),
    ("SWEDEN", "SE", 24), ("SWITZERLAND", "CH", 21), ("TIMOR_LESTE", "TL", 23), ("TUNISIA", "TN", 24),
    ("TURKIYE", "TR", 26), ("UK", "GB", 22), ("UKRAINE", "UA", 29), ("UNITED_ARAB_EMIRATES", "AE", 23),
    ("VIRGIN_ISLANDS", "VG", 24),
  ]
}
