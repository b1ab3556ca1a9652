import ServiceModels
import Wire

/// Where S3 needs more than its model says; botocore does the same in its handlers.
enum S3Quirks {
  /// Listings are asked for with URL-encoded keys, since XML cannot hold every key, and decoded again.
  private static let listings: Set<String> = ["ListObjects", "ListObjectsV2", "ListObjectVersions"]
  private static let encodedTexts: Set<String> = [
    "Delimiter", "Marker", "NextMarker", "Prefix", "StartAfter", "KeyMarker", "NextKeyMarker",
  ]
  private static let encodedLists: [(list: String, member: String)] = [
    ("Contents", "Key"), ("CommonPrefixes", "Prefix"), ("Versions", "Key"), ("DeleteMarkers", "Key"),
  ]

  /// True if the encoding is ours to undo: the caller did not ask for it.
  static func encodesKeys(_ operation: Operation, _ input: Value) -> Bool {
    operation.model.service == "s3" && listings.contains(operation.name) && input["EncodingType"] == nil
  }

  static func prepared(_ input: Value, for operation: Operation, comparesChecksums: Bool) -> Value {
    guard case .object(var fields) = input else { return input }
    if encodesKeys(operation, input) { fields["EncodingType"] = "url" }
    // Checksums are asked for so that they can be compared (SDK reference, "Data Integrity Protections").
    if comparesChecksums, let member = operation.checksumModeMember, fields[member] == nil {
      fields[member] = "ENABLED"
    }
    return .object(fields)
  }

  static func decodedKeys(_ output: Value) -> Value {
    guard case .object(var fields) = output, fields["EncodingType"]?.string == "url" else { return output }
    fields["EncodingType"] = nil
    for name in encodedTexts {
      if let text = fields[name]?.string { fields[name] = .string(percentDecoded(text, plusIsSpace: true)) }
    }
    for (list, member) in encodedLists {
      guard let items = fields[list]?.list else { continue }
      fields[list] = .list(
        items.map { item in
          guard case .object(var inner) = item, let text = inner[member]?.string else { return item }
          inner[member] = .string(percentDecoded(text, plusIsSpace: true))
          return .object(inner)
        })
    }
    return .object(fields)
  }
}
