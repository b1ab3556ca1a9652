import Digests
import Wire

/// What Encrypt gives: a form of its own, as AWS's is none that is told. A byte for the form, the key's id (16),
/// the material's id (32), the nonce (12), and the text under AES-256-GCM with its tag.
struct Ciphertext {
  var keyID: String
  var materialID: String
  private var nonce: [UInt8]
  private var sealed: [UInt8]

  private static let form: UInt8 = 1
  private static let headLength = 1 + 16 + 32 + 12

  /// Encrypts `text`; nil if it cannot be.
  init?(_ text: [UInt8], under key: KMSKey, context: [String: String], nonce: [UInt8]) {
    guard let material = key.materials.last, let secret = base64Decoded(material.secret),
      let sealed = try? sealAES256GCM(
        text, key: secret, nonce: nonce, associated: Self.associated(key.id, context))
    else { return nil }
    keyID = key.id
    materialID = material.id
    self.nonce = nonce
    self.sealed = sealed
  }

  /// Reads a blob's head; nil if it is none of ours.
  init?(_ blob: [UInt8]) {
    guard blob.count >= Self.headLength + 16, blob[0] == Self.form else { return nil }
    let hex = Array(hexEncoded(Array(blob[1..<17])))
    keyID = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
    materialID = hexEncoded(Array(blob[17..<49]))
    nonce = Array(blob[49..<61])
    sealed = Array(blob[61...])
  }

  var blob: [UInt8] {
    [Self.form] + Self.bytes(hex: keyID) + Self.bytes(hex: materialID) + nonce + sealed
  }

  private static func bytes(hex text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }

  /// The text; nil if the key, the context or the blob is another one.
  func opened(with key: KMSKey, context: [String: String]) -> [UInt8]? {
    guard let material = key.materials.first(where: { $0.id == materialID }),
      let secret = base64Decoded(material.secret)
    else { return nil }
    return try? openAES256GCM(
      sealed, key: secret, nonce: nonce, associated: Self.associated(key.id, context))
  }

  /// What is bound to the text: the key and every pair of the context, in order, each with its length before it.
  private static func associated(_ keyID: String, _ context: [String: String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for text in [keyID] + context.sorted(by: { $0.key < $1.key }).flatMap({ [$0.key, $0.value] }) {
      bytes += Array(String(text.utf8.count).utf8) + [0x3A] + Array(text.utf8)
    }
    return bytes
  }
}
