import Digests
import ServiceModels
import Wire

/// Checksums and digests that come with a body (S3 user guide, "Checking object integrity").
enum S3Checksums {
  static let algorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]

  static let digests: [String: DigestAlgorithm] = [
    "CRC32": .crc32, "CRC32C": .crc32c, "CRC64NVME": .crc64nvme, "SHA1": .sha1, "SHA256": .sha256,
  ]

  /// Algorithms that S3 takes and the practice account does not.
  private static let unknown = ["SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128"]

  /// Operations whose checksum headers speak of an object, not of the request's body.
  private static let speakingOfObjects: Set<String> = ["CompleteMultipartUpload"]
  private static let uploads: Set<String> = ["PutObject", "UploadPart"]

  /// The body with its digests, after every checksum that the request carries was checked.
  ///
  /// - Throws: `BadDigest`, `InvalidDigest`, `InvalidRequest` for a checksum that is no checksum or, where one is
  ///   needed, for none, and `NotImplemented` for an algorithm that is not built.
  static func payload(of request: HTTPRequest, _ operation: ServiceModels.Operation) throws(ServiceFault)
    -> Payload
  {
    let isUpload = uploads.contains(operation.name)
    var given: [String: String] = [:]
    if !speakingOfObjects.contains(operation.name) {
      for field in request.headers {
        let name = field.name.lowercased()
        guard name.hasPrefix("x-amz-checksum-") else { continue }
        let algorithm = name.dropFirst("x-amz-checksum-".count).uppercased()
        if unknown.contains(algorithm) { throw unimplemented(algorithm) }
        if digests[algorithm] != nil { given[algorithm] = field.value }
      }
    }
    let md5 = request.headers["Content-MD5"]
    guard isUpload || md5 != nil || !given.isEmpty || operation.requiresChecksum else { return Payload() }
    if isUpload, given.isEmpty, let announced = request.headers["x-amz-sdk-checksum-algorithm"] {
      if unknown.contains(announced.uppercased()) { throw unimplemented(announced.uppercased()) }
      throw fault(
        "InvalidRequest",
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were "
          + "found.")
    }
    if given.count > 1 {
      throw fault(
        "InvalidRequest",
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
    }
    let payload: Payload
    do {
      payload = try Payload(request.body, checksums: Set(given.keys).union(isUpload ? ["CRC64NVME"] : []))
    } catch {
      throw fault("InternalError", error.message, 500)
    }
    if let md5 { try check(md5: md5, payload) }
    for (algorithm, value) in given {
      guard base64Decoded(value)?.count == digests[algorithm]?.count else {
        throw fault(
          "InvalidRequest", "Value for x-amz-checksum-\(algorithm.lowercased()) header is invalid.")
      }
      guard value == payload.checksums[algorithm] else {
        throw fault("BadDigest", "The \(algorithm) you specified did not match the calculated checksum.")
      }
    }
    if operation.requiresChecksum, given.isEmpty, md5 == nil {
      throw fault(
        "InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
    }
    return payload
  }

  private static func check(md5 given: String, _ payload: Payload) throws(ServiceFault) {
    guard let digest = base64Decoded(given), digest.count == 16 else {
      throw fault(
        "InvalidDigest", "The Content-MD5 you specified was invalid.", 400, ["Content-MD5": .string(given)])
    }
    guard digest == payload.md5 else {
      throw fault(
        "BadDigest", "The Content-MD5 you specified did not match what we received.", 400,
        [
          "ExpectedDigest": .string(given), "CalculatedDigest": .string(base64Encoded(payload.md5)),
        ])
    }
  }

  private static func unimplemented(_ algorithm: String) -> ServiceFault {
    fault(
      "NotImplemented",
      "The practice account has no checksums of algorithm \(algorithm); it has \(algorithms.joined(separator: ", ")).",
      501)
  }

  /// The checksum that came with an upload.
  static func given(_ input: Value) -> ObjectChecksum? {
    for algorithm in algorithms {
      if let value = input["Checksum\(algorithm)"]?.string {
        return ObjectChecksum(algorithm: algorithm, value: value)
      }
    }
    return nil
  }

  /// The checksum to keep with an object: the one that came, or the CRC64NVME that S3 makes itself.
  static func kept(_ input: Value, _ payload: Payload) -> ObjectChecksum? {
    given(input)
      ?? payload.checksums["CRC64NVME"].map { ObjectChecksum(algorithm: "CRC64NVME", value: $0) }
  }

  /// A checksum of all parts together: of the bytes (`FULL_OBJECT`, CRCs alone) or of the parts' checksums.
  static func ofParts(
    _ parts: [(value: String, size: Int64)], _ algorithm: String, _ type: String
  ) -> ObjectChecksum? {
    let values = parts.compactMap { base64Decoded($0.value) }
    guard values.count == parts.count, let first = values.first, let digest = digests[algorithm] else {
      return nil
    }
    if type == "COMPOSITE" {
      let value = base64Encoded(Digests.digest(digest, of: values.joined()))
      return ObjectChecksum(algorithm: algorithm, value: "\(value)-\(parts.count)", type: type)
    }
    guard let combination = CRCCombination(algorithm) else { return nil }
    var sum = first
    for (value, part) in zip(values, parts).dropFirst() {
      sum = combination.combined(sum, value, length: UInt64(clamping: part.size))
    }
    return ObjectChecksum(algorithm: algorithm, value: base64Encoded(sum))
  }
}

extension ObjectChecksum {
  /// The member of the outputs that shows it.
  func add(to fields: inout Fields, withType: Bool = true) {
    fields["Checksum\(algorithm)"] = .string(value)
    if withType { fields["ChecksumType"] = .string(type) }
  }
}
