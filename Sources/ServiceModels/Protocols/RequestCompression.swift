import Compression
import Wire

/// Whether the body of a request is compressed where the service takes that. The defaults are botocore's; its settings
/// are `disable_request_compression` and `request_min_compression_size_bytes` (AWS SDKs and Tools Reference,
/// "Request compression").
package struct RequestCompression: Hashable, Sendable {
  package var isDisabled: Bool
  /// Bodies of fewer bytes go as they are. botocore takes 1 to 1,048,576, which is the caller's to check.
  package var minimumSize: Int

  package init(isDisabled: Bool = false, minimumSize: Int = 10_240) {
    self.isDisabled = isDisabled
    self.minimumSize = minimumSize
  }
}

extension Operation {
  /// Compresses the body with the first modelled encoding that is known here, which is gzip, and says so in
  /// `Content-Encoding`, behind what the caller put there.
  func compress(_ request: inout HTTPRequest, _ choice: RequestCompression) {
    guard !choice.isDisabled, compressionEncodings.contains("gzip"), case .bytes(let bytes) = request.body
    else { return }
    if let payload = inputPayload, payload.isStreaming {
      // The length of a stream counts for nothing, unless the service must know it.
      if payload.traits.requiresLength { return }
    } else if bytes.count < choice.minimumSize {
      return
    }
    // It is an offer: where zlib cannot, the body goes as it is.
    guard let compressed = try? gzip(bytes) else { return }
    request.body = .bytes(compressed)
    request.headers["Content-Encoding"] =
      request.headers["Content-Encoding"].map { "\($0),gzip" } ?? "gzip"
  }
}
