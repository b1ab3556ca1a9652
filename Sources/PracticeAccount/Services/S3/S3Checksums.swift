import Digests
import ServiceModels
import Wire

/// Checksums and digests that come with a body (S3 user guide, "Checking object integrity").
enum S3Checksums {
  static let algorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]

  /// The checksum of `bytes`, in base64.
  static func value(_ algorithm: String, _ bytes: [UInt8]) -> String? {
    switch algorithm {
    case "CRC32": base64Encoded(bigEndian(crc32(bytes)))
    case "CRC32C": base64Encoded(bigEndian(crc32c(bytes)))
    case "CRC64NVME": base64Encoded(bigEndian(crc64nvme(bytes)))
    case "SHA1": base64Encoded(sha1(bytes))
    case "SHA256": base64Encoded(sha256(bytes))
    default: nil
    }
  }

  /// Checks every checksum the request carries.
  ///
  /// - Throws: `BadDigest`, `InvalidDigest`, or, where one is needed and none came, `InvalidRequest`.
  static func verify(_ request: HTTPRequest, _ body: [UInt8], required: Bool) throws(ServiceFault) {
    var found = false
    if let given = request.headers["Content-MD5"] {
      guard let digest = base64Decoded(given), digest.count == 16 else {
        throw fault(
          "InvalidDigest", "The Content-MD5 you specified was invalid.", 400, ["Content-MD5": .string(given)])
      }
      guard digest == md5(body) else {
        throw fault(
          "BadDigest", "The Content-MD5 you specified did not match what we received.", 400,
          ["ExpectedDigest": .string(given), "CalculatedDigest": .string(base64Encoded(md5(body)))])
      }
      found = true
    }
    // Completing an upload names the checksum of the whole object, not of the request's body.
    let speaksOfObject = request.method == "POST" && request.query.contains("uploadId")
    for algorithm in algorithms where !speaksOfObject {
      guard let given = request.headers["x-amz-checksum-\(algorithm.lowercased())"] else { continue }
      guard given == value(algorithm, body) else {
        throw fault("BadDigest", "The \(algorithm) you specified did not match the calculated checksum.")
      }
      found = true
    }
    if required, !found {
      throw fault(
        "InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
    }
  }

  /// The checksum to keep with an object: the one that came, or the CRC64NVME that S3 makes itself.
  static func kept(_ input: Value, _ body: [UInt8]) -> ObjectChecksum? {
    for algorithm in algorithms {
      if let given = input["Checksum\(algorithm)"]?.string {
        return ObjectChecksum(algorithm: algorithm, value: given)
      }
    }
    return value("CRC64NVME", body).map { ObjectChecksum(algorithm: "CRC64NVME", value: $0) }
  }

  private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}

extension ObjectChecksum {
  /// The member of the outputs that shows it.
  func add(to fields: inout Fields, withType: Bool = true) {
    fields["Checksum\(algorithm)"] = .string(value)
    if withType { fields["ChecksumType"] = .string(type) }
  }
}
