import Digests
import ServiceModels
import Wire

extension ChecksumAlgorithm {
  var digest: DigestAlgorithm {
    switch self {
    case .crc32: .crc32
    case .crc32c: .crc32c
    case .crc64nvme: .crc64nvme
    case .sha1: .sha1
    case .sha256: .sha256
    }
  }
}

/// What keeps a streamed body whole: checksums on the way out and in, and `Expect` before it is sent.
enum BodyChecksum {
  /// Completes a request whose body is a file, as botocore does (`httpchecksum.py`, `handlers.add_expect_header`).
  ///
  /// Over TLS the checksum goes behind the body, which is read once, while it is sent. Without TLS the payload is
  /// signed, and the checksum stands in a header: both are made in one reading beforehand.
  ///
  /// - Parameter preferred: the algorithm where the input names none; nil for no checksum.
  /// - Returns: the trailer to send the body with, if any.
  static func add(
    to request: inout HTTPRequest, _ operation: Operation, _ input: Value,
    preferred: ChecksumAlgorithm? = .crc64nvme
  ) -> SendOptions.ExpectedChecksum? {
    guard case .file = request.body else { return nil }
    let isS3 = operation.model.service == "s3"
    if isS3, request.method == "PUT" || request.method == "POST", request.headers["Expect"] == nil {
      request.headers.add("Expect", "100-continue")
    }
    let algorithm = preferred.flatMap {
      operation.checksumAlgorithm(for: input, headers: request.headers, preferred: $0)
    }
    var trailer: SendOptions.ExpectedChecksum?
    if let algorithm, request.scheme == "https" {
      trailer = .init(header: algorithm.headerName, algorithm: algorithm.digest)
      request.headers["Transfer-Encoding"] = "chunked"
      request.headers["Content-Encoding"] =
        request.headers["Content-Encoding"].map { $0 + ",aws-chunked" } ?? "aws-chunked"
      request.headers["X-Amz-Trailer"] = algorithm.headerName
      request.headers["X-Amz-Decoded-Content-Length"] = String(request.body.count)
    }
    if isS3, let algorithm, request.headers["x-amz-sdk-checksum-algorithm"] == nil {
      request.headers.add("x-amz-sdk-checksum-algorithm", algorithm.rawValue)
    }
    if trailer == nil, request.scheme == "http" || algorithm != nil {
      addDigests(to: &request, algorithm, signsPayload: isS3 && request.scheme == "http")
    }
    return trailer
  }

  /// The checksums to look for in a response, in botocore's order of preference.
  static func expected(of operation: Operation) -> [SendOptions.ExpectedChecksum] {
    guard operation.model.service == "s3", operation.name == "GetObject" else { return [] }
    return ChecksumAlgorithm.allCases.map { .init(header: $0.headerName, algorithm: $0.digest) }
  }

  /// Reads the file once for its checksum and for the hash that is signed. A file that cannot be read is left
  /// without: the transport will say why.
  private static func addDigests(
    to request: inout HTTPRequest, _ algorithm: ChecksumAlgorithm?, signsPayload: Bool
  ) {
    guard case .file(let path, let offset, let length) = request.body else { return }
    var streams: [DigestStream] = []
    if let algorithm { streams.append(DigestStream(algorithm.digest)) }
    if signsPayload { streams.append(DigestStream(.sha256)) }
    guard !streams.isEmpty, let digests = fileDigests(streams, path, offset, length) else { return }
    if let algorithm, let first = digests.first {
      request.headers.add(algorithm.headerName, base64Encoded(first))
    }
    if signsPayload, let last = digests.last {
      request.headers["X-Amz-Content-SHA256"] = hexEncoded(last)
    }
  }
}
