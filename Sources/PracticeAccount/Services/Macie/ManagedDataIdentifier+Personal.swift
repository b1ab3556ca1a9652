extension ManagedDataIdentifier {
  private static let passportWords = [
    "passport", "passport#", "passport #", "passportid", "passportno", "passport no", "passport number",
    "passportnumber", "passports",
  ]
  private static let licenseWords = [
    "dl#", "dl:", "dlno", "driver id", "driver licence", "driver license", "driver licence number",
    "driver license number", "driver's licence", "driver's license", "drivers licence", "drivers license",
    "driving licence", "driving license", "driver permit", "driver's permit", "driving permit",
  ]
  private static let nineDigits = #"\b\d{3}[- ]?\d{2}[- ]?\d{4}\b"#

  /// What names or numbers a person.
  static let personal = [
    ManagedDataIdentifier(
      "AUSTRALIA_TAX_FILE_NUMBER", .personal, .high, #"\b\d{3}[ -]?\d{3}[ -]?\d{3}\b"#,
      keywords: ["tax file number", "tfn"], check: .australianTax, isRecommended: true),
    ManagedDataIdentifier(
      "BRAZIL_CPF_NUMBER", .personal, .high, #"\b\d{3}\.?\d{3}\.?\d{3}[-/]?\d{2}\b"#,
      keywords: ["cadastro de pessoa fisica", "cadastro de pessoas físicas", "cpf"], check: .cpf,
      isRecommended: true),
    ManagedDataIdentifier(
      "CANADA_DRIVERS_LICENSE", .personal, .byCount,
      #"\b(?:\d{6}-?\d{3}|[A-Z]\d{4}-?\d{5}-?\d{5}|[A-Z]\d{12}|[A-Z]{5}-?[A-Z]{2}-?[A-Z]\d{3}[A-Z]{2}|\d{5,9})\b"#,
      keywords: licenseWords + ["permis de conduire"], isRecommended: true),
    ManagedDataIdentifier(
      "CANADA_PASSPORT_NUMBER", .personal, .byCount, #"\b[A-Z]{2}\d{6}\b"#,
      keywords: passportWords + ["passeport", "passeport#"], isRecommended: true),
    ManagedDataIdentifier(
      "CANADA_SOCIAL_INSURANCE_NUMBER", .personal, .high, #"\b[1-79]\d{2}[ -]?\d{3}[ -]?\d{3}\b"#,
      keywords: ["canadian id", "numero d'assurance sociale", "sin", "social insurance number"], check: .luhn,
      isRecommended: true),
    ManagedDataIdentifier(
      "DATE_OF_BIRTH", .personal, .byCount,
      #"\b(?:\d{1,2}[-/ ]\d{1,2}[-/ ]\d{4}|\d{4}[-/ ]\d{1,2}[-/ ]\d{1,2}|"#
        + #"(?i:\d{1,2}[-/ ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[-/ ]\d{4}|"#
        + #"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6} \d{1,2},? \d{4}))\b"#,
      keywords: ["bday", "b-day", "birth date", "birthday", "date of birth", "dob"], check: .birthDate),
    ManagedDataIdentifier(
      "DRIVERS_LICENSE", .personal, .byCount,
      #"\b(?:[A-Z]\d{6,8}|[A-Z]\d{3}-?\d{4}-?\d{4}|[A-Z]\d{12}|[A-Z]\d{3}-\d{3}-\d{2}-\d{3}-\d|[A-Z]\d{14}|[A-Z]{2}\d{6,7}|\d{7,9})\b"#,
      keywords: licenseWords, isRecommended: true),
    ManagedDataIdentifier(
      "FRANCE_NATIONAL_IDENTIFICATION_NUMBER", .personal, .high, #"\b\d{12}\b"#,
      keywords: [
        "assurance sociale", "carte nationale d'identité", "cni", "code sécurité sociale",
        "french social security number",
        "fssn#", "insurance number", "national identification number", "nationalid#", "numéro d'assurance",
        "sécurité sociale", "social security number", "ssn", "ssn#",
      ], isRecommended: true),
    ManagedDataIdentifier(
      "FRANCE_PASSPORT_NUMBER", .personal, .byCount, #"\b\d{2}[A-Z]{2}\d{5}\b"#,
      keywords: ["numéro de passeport", "passeport", "passeport #", "passeport n°", "passeport no"],
      isRecommended: true),
    ManagedDataIdentifier(
      "FRANCE_PHONE_NUMBER", .personal, .byCount, #"(?:\+33 ?|\b0)[1-9](?:[ .-]?\d{2}){4}\b"#,
      keywords: ["cell", "mobile", "numéro de téléphone", "phone", "tel", "téléphone"]),
    ManagedDataIdentifier(
      "FRANCE_TAX_IDENTIFICATION_NUMBER", .personal, .high, #"\b[0-3]\d ?\d{2} ?\d{3} ?\d{3} ?\d{3}\b"#,
      keywords: [
        "numéro d'identification fiscale", "tax id", "tax identification number", "tax number", "tin", "tin#",
      ], isRecommended: true),
    ManagedDataIdentifier(
      "GERMANY_NATIONAL_IDENTIFICATION_NUMBER", .personal, .high,
      #"\b[LMNPRTVWXY][CFGHJKLMNPRTVWXYZ0-9]{8}\d?\b"#,
      keywords: [
        "ausweis", "id number", "identification number", "identity number", "insurance number", "personal id",
        "personalausweis",
      ], isRecommended: true),
    ManagedDataIdentifier(
      "GERMANY_PASSPORT_NUMBER", .personal, .byCount, #"\b[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{8}\d?\b"#,
      keywords: [
        "ausstellungsdatum", "ausstellungsort", "geburtsdatum", "passport", "passports", "reisepass",
        "reisepass–nr", "reisepassnummer",
      ], isRecommended: true),
    ManagedDataIdentifier(
      "GERMANY_TAX_IDENTIFICATION_NUMBER", .personal, .high, #"\b[1-9]\d ?\d{3} ?\d{3} ?\d{3}\b"#,
      keywords: [
        "identifikationsnummer", "steuer id", "steueridentifikationsnummer", "steuernummer", "tax id",
        "tax identification number", "tax number",
      ], check: .germanTax, isRecommended: true),
    ManagedDataIdentifier(
      "HTTP_COOKIE", .personal, .byCount, #"(?i)\b(?:Set-)?Cookie:[ \t]*[A-Za-z0-9!#$%&'*+.^_`|~-]+=[^\n]+"#),
    ManagedDataIdentifier(
      "INDIA_AADHAAR_NUMBER", .personal, .high, #"\b[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}\b"#,
      keywords: ["aadhaar", "aadhar", "adhaar", "uidai"], check: .aadhaar),
    ManagedDataIdentifier(
      "INDIA_PERMANENT_ACCOUNT_NUMBER", .personal, .high, #"\b[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]\b"#,
      keywords: ["e-pan", "pan card", "pan number", "permanent account number"]),
    ManagedDataIdentifier(
      "ITALY_NATIONAL_IDENTIFICATION_NUMBER", .personal, .high,
      #"\b[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b"#,
      keywords: [
        "codice fiscal", "codice fiscale", "dati anagrafici", "ehic", "health card", "health insurance card",
        "p. iva", "partita i.v.a.", "personal data", "tax code", "tessera sanitaria",
      ],
      check: .italianCode, isRecommended: true),
    ManagedDataIdentifier(
      "ITALY_PASSPORT_NUMBER", .personal, .byCount, #"\b[A-Z]{2}\d{7}\b"#,
      keywords: [
        "italian passport number", "numéro passeport", "passaporto", "passaporto italiana", "passport number",
      ],
      isRecommended: true),
    ManagedDataIdentifier(
      "LATITUDE_LONGITUDE", .personal, .byCount, #"-?\b\d{1,2}\.\d{2,}, ?-?\d{1,3}\.\d{2,}\b"#,
      keywords: ["coordinate", "coordinates", "lat long", "latitude longitude", "location", "position"],
      check: .coordinate),
    ManagedDataIdentifier(
      "PHONE_NUMBER", .personal, .byCount,
      #"(?:\+1[ .-]?|\b1[ .-])?(?:\([2-9]\d{2}\) ?|\b[2-9]\d{2}[ .-]?)[2-9]\d{2}[ .-]?\d{4}\b"#,
      keywords: [
        "cell", "contact", "fax", "fax number", "mobile", "phone", "phone number", "tel", "telephone",
        "telephone number",
      ]),
    ManagedDataIdentifier(
      "SPAIN_DNI_NUMBER", .personal, .high, #"\b\d{8}-?[A-HJ-NP-TV-Z]\b"#,
      keywords: [
        "dni", "dni#", "dninúmero#", "documento nacional de identidad", "identidad único", "insurance number",
        "national identification number", "national identity", "nationalid#", "número nacional identidad",
      ],
      check: .dni, isRecommended: true),
    ManagedDataIdentifier(
      "SPAIN_NIE_NUMBER", .personal, .high, #"\b[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]\b"#,
      keywords: [
        "cif", "cif#", "nie", "número de identidad de extranjero", "tax id", "tax identification number",
      ],
      check: .nie, isRecommended: true),
    ManagedDataIdentifier(
      "SPAIN_NIF_NUMBER", .personal, .high, #"\b\d{8}-?[A-HJ-NP-TV-Z]\b"#,
      keywords: ["nif", "nif#", "número de identificación fiscal", "tax id", "tax identification number"],
      check: .dni, isRecommended: true),
    ManagedDataIdentifier(
      "SPAIN_PASSPORT_NUMBER", .personal, .byCount, #"\b[A-Z]{3}\d{6}\b"#,
      keywords: [
        "libreta pasaporte", "número pasaporte", "pasaporte", "pasaporte#", "passport", "passport number",
      ],
      isRecommended: true),
    ManagedDataIdentifier(
      "SPAIN_SOCIAL_SECURITY_NUMBER", .personal, .high, #"\b\d{2}[ /-]?\d{8}[ /-]?\d{2}\b"#,
      keywords: [
        "número de la seguridad social", "seguridad social", "social security number", "socialsecurityno#",
        "ssn", "ssn#",
      ],
      check: .spanishSocialSecurity, isRecommended: true),
    ManagedDataIdentifier(
      "UK_DRIVERS_LICENSE", .personal, .byCount, #"\b[A-Z9]{5}\d[0156]\d[0-3]\d{2}[A-Z9]{2}\d[A-Z]{2}\b"#,
      keywords: licenseWords, isRecommended: true),
    ManagedDataIdentifier(
      "UK_ELECTORAL_ROLL_NUMBER", .personal, .byCount, #"\b[A-Z]{1,3}\d{1,4}\b"#,
      keywords: [
        "electoral #", "electoral number", "electoral roll #", "electoral roll no.", "electoral roll number",
        "electoralrollno",
      ],
      isRecommended: true),
    ManagedDataIdentifier(
      "UK_NATIONAL_INSURANCE_NUMBER", .personal, .high,
      #"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]\b"#,
      keywords: [
        "insurance no.", "insurance number", "insurance#", "national insurance number", "nationalinsurance#",
        "nationalinsurancenumber", "nin", "nino",
      ],
      check: .nationalInsurance, isRecommended: true),
    ManagedDataIdentifier(
      "UK_PASSPORT_NUMBER", .personal, .byCount, #"\b\d{9}\b"#, keywords: passportWords, isRecommended: true),
    ManagedDataIdentifier(
      "UK_PHONE_NUMBER", .personal, .byCount, #"(?:\+44 ?|\b0)[1-9]\d{1,4}[ -]?\d{3,4}[ -]?\d{3,4}\b"#,
      keywords: ["cell", "contact", "fax", "mobile", "phone", "tel", "telephone"]),
    ManagedDataIdentifier(
      "UK_TAX_IDENTIFICATION_NUMBER", .personal, .high, #"\b\d{5} ?\d{5}\b"#,
      keywords: [
        "paye", "tax id", "tax id no.", "tax id number", "tax identification", "tax identification#",
        "tax no.", "tax number", "tax reference", "tax#", "taxid#", "temporary reference number", "tin",
        "trn", "unique tax reference", "unique taxpayer reference", "utr",
      ],
      isRecommended: true),
    ManagedDataIdentifier(
      "USA_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", .personal, .high, nineDigits,
      keywords: ["itin", "i.t.i.n."],
      check: .taxIdentification, isRecommended: true, explainsMissingKeyword: true),
    ManagedDataIdentifier(
      "USA_PASSPORT_NUMBER", .personal, .byCount, #"\b(?:[A-Z]\d{8}|\d{9})\b"#,
      keywords: passportWords + ["travel document"], isRecommended: true),
    ManagedDataIdentifier(
      "USA_SOCIAL_SECURITY_NUMBER", .personal, .high, nineDigits,
      keywords: ["social security", "ss#", "ssn"], check: .socialSecurity, isRecommended: true,
      explainsMissingKeyword: true),
    ManagedDataIdentifier(
      "VEHICLE_IDENTIFICATION_NUMBER", .personal, .byCount, #"\b[A-HJ-NPR-Z0-9]{17}\b"#,
      keywords: [
        "fahrgestellnummer", "niv", "numéro d'identification", "vehicle identification number", "vin",
        "vin numéro",
      ],
      check: .vehicle),
  ]

  /// What numbers a patient or a provider.
  static let health = [
    ManagedDataIdentifier(
      "UK_NHS_NUMBER", .personal, .high, #"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b"#,
      keywords: ["national health service", "nhs"], check: .nhs),
    ManagedDataIdentifier(
      "USA_MEDICARE_BENEFICIARY_IDENTIFIER", .personal, .high,
      #"\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b"#,
      keywords: ["mbi", "medicare beneficiary"]),
    ManagedDataIdentifier(
      "USA_NATIONAL_DRUG_CODE", .personal, .high,
      #"\b(?:\d{4}-\d{4}-\d{2}|\d{5}-(?:\d{3}-\d{2}|\d{4}-\d{1,2}))\b"#,
      keywords: ["national drug code", "ndc"]),
    ManagedDataIdentifier(
      "USA_NATIONAL_PROVIDER_IDENTIFIER", .personal, .high, #"\b[12]\d{9}\b"#,
      keywords: ["hipaa", "n.p.i", "national provider", "npi"], check: .provider),
    ManagedDataIdentifier(
      "US_DRUG_ENFORCEMENT_AGENCY_NUMBER", .personal, .high, #"\b[ABFGMPRX][A-Z9]\d{7}\b"#,
      keywords: ["dea number", "dea registration"], check: .drugEnforcement),
  ]
}
