import CCrypto
import Digests
import SigV4
import Wire

/// Prints what signing costs beside its arithmetic: five bare HMACs of libcrypto, one-shot, which is the four of the
/// key's derivation and the one that signs. The request is one of KMS with temporary credentials. The bound is 2.
///
/// No derived key is kept between calls: every row derives it anew. Rows of their own say what the SHA-256 of body and
/// canonical request costs, which no signer can do without, and what the HMACs cost where libcrypto's context is set
/// up once, as `Digests` does it: that is the yardstick of the arithmetic alone.
func benchSigning() {
  let request = kmsRequest
  let context = SigningContext(
    region: "eu-west-1", service: "kms", date: Timestamp(year: 2026, month: 11, day: 23, hour: 16))
  let keys = Credentials(
    accessKeyID: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    sessionToken: String(repeating: "IQoJb3JpZ2luX2Vj", count: 56))
  var sink = 0
  let times = measuredInTurns(
    rounds,
    { for _ in 0..<loop { sink &+= signed(request, with: keys, in: context).headers.fields.count } },
    { for _ in 0..<loop { sink &+= fiveHMACs(keys.secretAccessKey) } })
  let sign = Row("sign", times.first).each(loop)
  let bare = Row("bare", times.second).each(loop)
  let hashes = measured(rounds) { for _ in 0..<loop { sink &+= twoHashes(request, 1500) } }
  let reused = measured(rounds) { for _ in 0..<loop { sink &+= fiveHMACsOfOneContext(keys.secretAccessKey) } }
  let asymmetric = measured(rounds / 10) {
    var wide = context
    wide.algorithm = .ecdsa
    for _ in 0..<loop / 10 { sink &+= signed(request, with: keys, in: wide).headers.fields.count }
  }
  let byMedian = sign.median / bare.median
  printTable(
    "signing a request of KMS (a body of 200 bytes, a token of 896)",
    [
      Row("five bare HMACs, HMAC() one-shot", bare.times),
      Row("five HMACs, one EVP_MAC context", reused).each(loop),
      Row("SHA-256 of body and canonical request", hashes).each(loop),
      Row("signed(), SigV4, the key derived", sign.times, note: ratio(byMedian, atMost: 2)),
      Row("signed(), SigV4a, the key derived", asymmetric).each(loop / 10),
    ])
  print("minimum / minimum: \(fixed(sign.minimum / bare.minimum, 3))")
  if sink == 0 { print("nothing was signed") }
}

private let rounds = 300
private let loop = 100

private let kmsRequest: HTTPRequest = {
  let body =
    #"{"KeyId":"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab","#
    + #""EncryptionContext":{"Department":"Finance","Purpose":"lab"},"NumberOfBytes":32,"GrantTokens":[],"DryRun":false}"#
  return HTTPRequest(
    method: "POST", host: "kms.eu-west-1.amazonaws.com",
    headers: [
      "Host": "kms.eu-west-1.amazonaws.com", "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": "TrentService.GenerateDataKey", "Content-Length": String(body.utf8.count),
      "User-Agent": "cairn",
    ], body: .bytes(Array(body.utf8)))
}()

/// The HMACs of one SigV4 signature and nothing else: messages and the first key stand ready.
private func fiveHMACs(_ secret: String) -> Int {
  var key = Array("AWS4\(secret)".utf8)
  var out = [UInt8](repeating: 0, count: 32)
  for message in messages {
    var count: UInt32 = 0
    HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &out, &count)
    key = out
  }
  return Int(key[0]) + 1
}

private func fiveHMACsOfOneContext(_ secret: String) -> Int {
  var key = Array("AWS4\(secret)".utf8)
  for message in messages { key = hmacSHA256(key: key, message) }
  return Int(key[0]) + 1
}

private let messages: [[UInt8]] = [
  Array("20261123".utf8), Array("eu-west-1".utf8), Array("kms".utf8), Array("aws4_request".utf8),
  // As long as a string to sign.
  [UInt8](repeating: 0x61, count: 133),
]

private func twoHashes(_ request: HTTPRequest, _ count: Int) -> Int {
  guard case .bytes(let body) = request.body else { return 0 }
  var out = [UInt8](repeating: 0, count: 32)
  var length: UInt32 = 0
  EVP_Digest(body, body.count, &out, &length, EVP_sha256(), nil)
  let canonical = [UInt8](repeating: 0x61, count: count)
  EVP_Digest(canonical, canonical.count, &out, &length, EVP_sha256(), nil)
  return Int(out[0]) + 1
}
