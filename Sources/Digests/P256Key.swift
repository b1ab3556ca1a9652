import CCrypto

/// A key pair of ECDSA on the curve P-256 (FIPS 186-5), or its public half alone.
///
/// `@unchecked Sendable`: it holds a C pointer to a key that libcrypto counts references of and that nobody
/// changes once it is made.
package final class P256Key: @unchecked Sendable {
  private let key: OpaquePointer
  /// The point, uncompressed: 0x04, 32 bytes of X, 32 of Y (SEC 1, section 2.3.3).
  package let publicKey: [UInt8]

  /// The pair whose private half is a number of 32 bytes, most significant first; nil unless it is within
  /// 1 ... n - 1.
  package init?(privateKey: [UInt8]) {
    guard privateKey.count == 32 else { return nil }
    guard let group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1) else { P256Key.broken() }
    defer { EC_GROUP_free(group) }
    guard let number = BN_secure_new() else { P256Key.broken() }
    defer { BN_clear_free(number) }
    P256Key.check(BN_bin2bn(privateKey, 32, number) != nil)
    BN_set_flags(number, BN_FLG_CONSTTIME)
    guard BN_is_zero(number) == 0, BN_cmp(number, EC_GROUP_get0_order(group)) < 0 else { return nil }
    guard let point = EC_POINT_new(group) else { P256Key.broken() }
    defer { EC_POINT_free(point) }
    P256Key.check(EC_POINT_mul(group, point, number, nil, nil, nil) == 1)
    var bytes = [UInt8](repeating: 0, count: 65)
    let count = EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, &bytes, bytes.count, nil)
    P256Key.check(count == bytes.count)
    publicKey = bytes
    guard let key = P256Key.key(publicKey: bytes, privateKey: number) else { P256Key.broken() }
    self.key = key
  }

  /// The public half: 65 bytes as in `publicKey`; nil if that is no point of the curve.
  package init?(publicKey: [UInt8]) {
    guard publicKey.count == 65, publicKey.first == 4,
      let key = P256Key.key(publicKey: publicKey, privateKey: nil)
    else { return nil }
    self.publicKey = publicKey
    self.key = key
  }

  deinit {
    EVP_PKEY_free(key)
  }

  /// ECDSA with SHA-256 over a message: DER, at most 72 bytes, another one each time. Nil without a private half.
  package func signature(of message: [UInt8]) -> [UInt8]? {
    P256Key.withContext { context in
      guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1 else { return nil }
      var count = 0
      guard EVP_DigestSign(context, nil, &count, message, message.count) == 1 else { return nil }
      var out = [UInt8](repeating: 0, count: count)
      guard EVP_DigestSign(context, &out, &count, message, message.count) == 1 else { return nil }
      return Array(out.prefix(count))
    }
  }

  /// Whether `signature` (DER) was made of `message` with the private half.
  package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    P256Key.withContext { context in
      EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
        && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
  }

  private static func key(publicKey: [UInt8], privateKey: OpaquePointer?) -> OpaquePointer? {
    guard let builder = OSSL_PARAM_BLD_new(), let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else {
      broken()
    }
    defer {
      OSSL_PARAM_BLD_free(builder)
      EVP_PKEY_CTX_free(context)
    }
    check(OSSL_PARAM_BLD_push_utf8_string(builder, name("group"), name("prime256v1"), 0) == 1)
    // The builder keeps the addresses of names and bytes until the parameters are made of them, and these keep
    // those of the names.
    return publicKey.withUnsafeBytes { bytes in
      check(
        OSSL_PARAM_BLD_push_octet_string(builder, name("pub"), bytes.baseAddress, bytes.count) == 1)
      if let privateKey {
        check(OSSL_PARAM_BLD_push_BN(builder, name("priv"), privateKey) == 1)
      }
      guard let parameters = OSSL_PARAM_BLD_to_param(builder) else { broken() }
      defer { OSSL_PARAM_free(parameters) }
      let selection = privateKey == nil ? publicSelection : publicSelection | OSSL_KEYMGMT_SELECT_PRIVATE_KEY
      var key: OpaquePointer?
      guard EVP_PKEY_fromdata_init(context) == 1,
        EVP_PKEY_fromdata(context, &key, selection, parameters) == 1
      else { return nil }
      return key
    }
  }

  /// A C string that stays where it is: `OSSL_PKEY_PARAM_GROUP_NAME` and the like come as Swift's strings, which
  /// do not.
  private static func name(_ text: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// `EVP_PKEY_PUBLIC_KEY`, a macro that Swift does not see: the parameters of the curve and the point.
  private static let publicSelection =
    OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS | OSSL_KEYMGMT_SELECT_OTHER_PARAMETERS
    | OSSL_KEYMGMT_SELECT_PUBLIC_KEY

  private static func withContext<Result>(_ body: (OpaquePointer) -> Result) -> Result {
    guard let context = EVP_MD_CTX_new() else { broken() }
    defer { EVP_MD_CTX_free(context) }
    return body(context)
  }

  private static func check(_ isRight: Bool) {
    if !isRight { broken() }
  }

  private static func broken() -> Never {
    preconditionFailure("libcrypto has no elliptic curve P-256; is its configuration broken?")
  }
}
