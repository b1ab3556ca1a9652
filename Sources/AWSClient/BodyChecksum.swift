import Digests
import ServiceModels
import Wire

extension ChecksumAlgorithm {
  /// The checksum of a body in Base64; nil if its file cannot be read.
  func checksum(of body: Body) -> String? {
    guard case .file(let path, let offset, let length) = body else {
      if case .bytes(let bytes) = body { return checksum(of: bytes) }
      return nil
    }
    let bytes = FileBytes(path: path, offset: offset, length: length)
    switch self {
    case .crc32: return base64Encoded(bigEndian(Digests.crc32(bytes)))
    case .crc32c: return base64Encoded(bigEndian(Digests.crc32c(bytes)))
    case .crc64nvme: return base64Encoded(bigEndian(Digests.crc64nvme(bytes)))
    case .sha1:
      return (try? digest(.sha1, ofFile: path, offset: offset, length: length)).map { base64Encoded($0) }
    case .sha256:
      return (try? digest(.sha256, ofFile: path, offset: offset, length: length)).map { base64Encoded($0) }
    }
  }

  private func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}

enum BodyChecksum {
  /// Adds to a request with a file for its body the checksum header that the protocol layer adds to bytes.
  static func add(to request: inout HTTPRequest, _ operation: Operation, _ input: Value) {
    guard case .file = request.body,
      let algorithm = operation.checksumAlgorithm(
        for: input, headers: request.headers, preferred: .crc64nvme),
      let checksum = algorithm.checksum(of: request.body)
    else { return }
    if operation.model.service == "s3", request.headers["x-amz-sdk-checksum-algorithm"] == nil {
      request.headers.add("x-amz-sdk-checksum-algorithm", algorithm.rawValue)
    }
    request.headers.add(algorithm.headerName, checksum)
  }

  /// What is wrong with a response's body by its own checksum; nil if it fits or cannot be told. Checksums of
  /// multipart objects (`abc=-3`) are made of the parts' and say nothing of the whole.
  static func fault(_ response: HTTPResponse, _ operation: Operation) -> String? {
    guard operation.model.service == "s3", operation.name == "GetObject", response.status == 200 else {
      return nil
    }
    for algorithm in ChecksumAlgorithm.allCases {
      guard let expected = response.headers[algorithm.headerName], !expected.contains("-") else { continue }
      guard let found = algorithm.checksum(of: response.body) else { return nil }
      return found == expected
        ? nil : "Expected checksum \(expected) did not match calculated checksum: \(found)"
    }
    return nil
  }
}
