import Digests
import Wire

/// The body of an upload and the digests of it. They are worked out before the account is locked, so that an
/// object of gigabytes does not hold up other calls.
struct Payload: Sendable {
  var body = Body.empty
  var md5: [UInt8] = []
  /// By algorithm, in base64: what the request named, and CRC64NVME.
  var checksums: [String: String] = [:]

  var size: Int64 { Int64(clamping: body.count) }

  init() {}

  /// Reads the body once.
  ///
  /// - Throws: `StoreError` if it is a file that cannot be read.
  init(_ body: Body, checksums algorithms: Set<String>) throws(StoreError) {
    self.body = body
    var digest = DigestStream(.md5)
    var streams = algorithms.compactMap { name in
      S3Checksums.digests[name].map { (name: name, stream: DigestStream($0)) }
    }
    let reader = try BodyReader(body)
    while let piece = try reader.next() {
      digest.update(piece)
      for i in streams.indices { streams[i].stream.update(piece) }
    }
    md5 = digest.finish()
    for (name, stream) in streams { checksums[name] = base64Encoded(stream.finish()) }
  }
}
