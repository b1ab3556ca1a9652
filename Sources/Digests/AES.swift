import CCrypto

/// Why a sealed text cannot be opened, or nothing can be sealed.
package enum SealError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A key is 32 bytes, a nonce 12, a text less than 2 GiB.
  case wrongSize(what: String, expected: Int, found: Int)
  /// Another key, nonce or associated data, or the text was changed. GCM does not tell which.
  case notAuthentic

  package var description: String {
    switch self {
    case .wrongSize(let what, let expected, let found):
      "the \(what) has \(found) bytes; AES-256-GCM wants \(expected)"
    case .notAuthentic: "the sealed text was not made with this key and context, or was changed"
    }
  }
}

/// The bytes of GCM's authentication tag.
private let tagSize = 16

/// Encrypts with AES-256-GCM (NIST SP 800-38D): the encrypted text with its 16-byte tag behind.
///
/// `nonce` is 12 bytes and must never be used twice with one key; `associated` is authenticated, not encrypted.
package func sealAES256GCM(
  _ text: [UInt8], key: [UInt8], nonce: [UInt8], associated: [UInt8] = []
) throws(SealError) -> [UInt8] {
  try checkSizes(key, nonce, text)
  return cipherContext { context in
    var out = [UInt8](repeating: 0, count: text.count + tagSize)
    var count: Int32 = 0
    var rest: Int32 = 0
    check(EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce))
    if !associated.isEmpty {
      check(EVP_EncryptUpdate(context, nil, &rest, associated, Int32(clamping: associated.count)))
    }
    if !text.isEmpty { check(EVP_EncryptUpdate(context, &out, &count, text, Int32(clamping: text.count))) }
    check(EVP_EncryptFinal_ex(context, nil, &rest))
    var tag = [UInt8](repeating: 0, count: tagSize)
    check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagSize), &tag))
    out.replaceSubrange(text.count..., with: tag)
    return out
  }
}

/// Decrypts what `sealAES256GCM` made.
///
/// - Throws: `SealError.notAuthentic` if any of the key, the nonce, the associated data and the text is another one.
package func openAES256GCM(
  _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], associated: [UInt8] = []
) throws(SealError) -> [UInt8] {
  try checkSizes(key, nonce, sealed)
  guard sealed.count >= tagSize else { throw .notAuthentic }
  let text = Array(sealed.dropLast(tagSize))
  var tag = Array(sealed.suffix(tagSize))
  let opened: [UInt8]? = cipherContext { context in
    var out = [UInt8](repeating: 0, count: text.count)
    var count: Int32 = 0
    var rest: Int32 = 0
    check(EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce))
    if !associated.isEmpty {
      check(EVP_DecryptUpdate(context, nil, &rest, associated, Int32(clamping: associated.count)))
    }
    if !text.isEmpty { check(EVP_DecryptUpdate(context, &out, &count, text, Int32(clamping: text.count))) }
    check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagSize), &tag))
    return EVP_DecryptFinal_ex(context, nil, &rest) == 1 ? out : nil
  }
  guard let opened else { throw .notAuthentic }
  return opened
}

private func checkSizes(_ key: [UInt8], _ nonce: [UInt8], _ text: [UInt8]) throws(SealError) {
  let most = Int(Int32.max)
  guard text.count <= most else { throw .wrongSize(what: "text", expected: most, found: text.count) }
  guard key.count == 32 else { throw .wrongSize(what: "key", expected: 32, found: key.count) }
  guard nonce.count == 12 else { throw .wrongSize(what: "nonce", expected: 12, found: nonce.count) }
}

private func cipherContext<Result>(_ body: (OpaquePointer) -> Result) -> Result {
  guard let context = EVP_CIPHER_CTX_new() else { preconditionFailure("libcrypto: no memory for a cipher") }
  defer { EVP_CIPHER_CTX_free(context) }
  return body(context)
}

private func check(_ status: Int32) {
  precondition(status == 1, "libcrypto cannot encrypt; is its configuration broken?")
}
