import ServiceModels
import Wire

extension S3Service {
  static let listRules: [String: OperationRule] = [
    "ListObjectsV2": OperationRule(onBucket("ListBucket", listContext), listObjectsV2),
    "ListObjects": OperationRule(onBucket("ListBucket", listContext), listObjects),
    "ListObjectVersions": OperationRule(onBucket("ListBucketVersions", listContext), listVersions),
  ]

  @Sendable private static func listContext(_ input: Value) -> [String: [String]] {
    var context = ["s3:prefix": [input["Prefix"]?.string ?? ""]]
    if let delimiter = input["Delimiter"]?.string { context["s3:delimiter"] = [delimiter] }
    if let most = input["MaxKeys"]?.integer { context["s3:max-keys"] = [String(most)] }
    return context
  }

  /// Keys and common prefixes in byte order, after a marker; both count towards the limit.
  private enum Entry {
    case key(ObjectKey)
    case prefix(String)

    var mark: String {
      switch self {
      case .key(let key): key.text
      case .prefix(let prefix): prefix
      }
    }
  }

  private static func entries(
    _ keys: [ObjectKey], _ input: Value, after marker: String?
  ) -> (entries: [Entry], truncated: Bool) {
    let prefix = Array(input.text("Prefix").utf8)
    let delimiter = Array(input.text("Delimiter").utf8)
    let limit = limit(input)
    var entries: [Entry] = []
    var lastPrefix: String?
    for key in keys {
      let bytes = Array(key.text.utf8)
      guard bytes.starts(with: prefix) else { continue }
      var entry = Entry.key(key)
      if !delimiter.isEmpty, let end = firstEnd(of: delimiter, in: bytes, from: prefix.count) {
        let common = String(decoding: bytes[..<end], as: UTF8.self)
        if common == lastPrefix { continue }
        entry = .prefix(common)
      }
      if let marker {
        if !marker.utf8.lexicographicallyPrecedes(entry.mark.utf8) { continue }
        // A marker inside a common prefix has had that prefix already.
        if case .prefix(let common) = entry, marker.hasPrefix(common) { continue }
      }
      if entries.count == limit { return (entries, limit > 0) }
      if case .prefix(let common) = entry { lastPrefix = common }
      entries.append(entry)
    }
    return (entries, false)
  }

  private static func firstEnd(of delimiter: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var i = start
    while i + delimiter.count <= bytes.count {
      if bytes[i..<(i + delimiter.count)].elementsEqual(delimiter) { return i + delimiter.count }
      i += 1
    }
    return nil
  }

  private static func limit(_ input: Value) -> Int {
    max(0, min(1000, input["MaxKeys"]?.integer.flatMap { Int(exactly: $0) } ?? 1000))
  }

  /// `encoding-type=url` protects keys that XML cannot carry.
  private static func encoded(_ text: String, _ input: Value) -> Value {
    .string(input["EncodingType"]?.string == "url" ? percentEncoded(text, keepingSlash: true) : text)
  }

  private static func currentKeys(_ bucket: Bucket) -> [ObjectKey] {
    bucket.objects.filter { $0.value.first?.isDeleteMarker == false }.keys.sorted()
  }

  private static func content(_ key: ObjectKey, _ bucket: Bucket, _ input: Value, owner: String?) -> Value {
    guard let version = bucket.objects[key]?.first else { return [:] }
    var fields: Fields = [
      "Key": encoded(key.text, input), "LastModified": .timestamp(version.modified),
      "ETag": .string("\"\(version.etag)\""),
    ]
    if let checksum = version.checksum {
      fields["ChecksumAlgorithm"] = [.string(checksum.algorithm)]
      fields["ChecksumType"] = .string(checksum.type)
    }
    fields["Size"] = .integer(version.size)
    fields["StorageClass"] = .string(version.system["StorageClass"] ?? "STANDARD")
    if let owner { fields["Owner"] = ["ID": .string(owner)] }
    return .object(fields)
  }

  private static func common(_ bucket: Bucket, _ input: Value) -> Fields {
    var fields: Fields = ["Name": .string(bucket.name), "Prefix": encoded(input.text("Prefix"), input)]
    if let delimiter = input["Delimiter"]?.string { fields["Delimiter"] = encoded(delimiter, input) }
    fields["MaxKeys"] = .integer(Int64(limit(input)))
    fields.add("EncodingType", input["EncodingType"])
    return fields
  }

  private static func fill(
    _ fields: inout Fields, _ found: [Entry], _ bucket: Bucket, _ input: Value, owner: String?
  ) {
    var contents: [Value] = []
    var prefixes: [Value] = []
    for entry in found {
      switch entry {
      case .key(let key): contents.append(content(key, bucket, input, owner: owner))
      case .prefix(let prefix): prefixes.append(["Prefix": encoded(prefix, input)])
      }
    }
    if !contents.isEmpty { fields["Contents"] = .list(contents) }
    if !prefixes.isEmpty { fields["CommonPrefixes"] = .list(prefixes) }
  }

  private static func listObjectsV2(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    var marker = input["StartAfter"]?.string
    if let token = input["ContinuationToken"]?.string {
      guard let bytes = base64Decoded(token) else {
        throw fault(
          "InvalidArgument", "The continuation token provided is incorrect", 400,
          ["ArgumentName": "continuation-token"])
      }
      marker = String(decoding: bytes, as: UTF8.self)
    }
    let (found, truncated) = entries(currentKeys(bucket), input, after: marker)
    var fields = common(bucket, input)
    fields["IsTruncated"] = .bool(truncated)
    fields["KeyCount"] = .integer(Int64(found.count))
    fields.add("ContinuationToken", input["ContinuationToken"])
    if let start = input["StartAfter"]?.string { fields["StartAfter"] = encoded(start, input) }
    if truncated, let last = found.last {
      fields["NextContinuationToken"] = .string(base64Encoded(Array(last.mark.utf8)))
    }
    fill(&fields, found, bucket, input, owner: input["FetchOwner"]?.bool == true ? call.seen.s3.ownerID : nil)
    return .object(fields)
  }

  private static func listObjects(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    let (found, truncated) = entries(currentKeys(bucket), input, after: input["Marker"]?.string)
    var fields = common(bucket, input)
    fields["Marker"] = encoded(input.text("Marker"), input)
    fields["IsTruncated"] = .bool(truncated)
    // Without a delimiter the last key itself is the marker.
    if truncated, input["Delimiter"] != nil, let last = found.last {
      fields["NextMarker"] = encoded(last.mark, input)
    }
    fill(&fields, found, bucket, input, owner: call.seen.s3.ownerID)
    return .object(fields)
  }

  private static func listVersions(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    var marker = input["KeyMarker"]?.string
    let versionMarker = input["VersionIdMarker"]?.string
    // With a version marker the marked key itself still has versions to come.
    var rest: [ObjectVersion] = []
    if let key = marker, let id = versionMarker, let versions = bucket.objects[ObjectKey(text: key)],
      let position = versions.firstIndex(where: { $0.versionID == id })
    {
      rest = Array(versions[(position + 1)...])
    }
    if marker?.isEmpty == true { marker = nil }
    let limit = limit(input)
    var versions: [Value] = []
    var markers: [Value] = []
    var prefixes: [Value] = []
    var last: (key: String, version: String)?
    var truncated = false
    func show(_ version: ObjectVersion, _ key: ObjectKey) {
      let isLatest = bucket.objects[key]?.first?.versionID == version.versionID
      var fields: Fields = [
        "Key": encoded(key.text, input), "VersionId": .string(version.versionID), "IsLatest": .bool(isLatest),
        "LastModified": .timestamp(version.modified), "Owner": ["ID": .string(call.seen.s3.ownerID)],
      ]
      if version.isDeleteMarker {
        markers.append(.object(fields))
      } else {
        fields["ETag"] = .string("\"\(version.etag)\"")
        if let checksum = version.checksum { fields["ChecksumAlgorithm"] = [.string(checksum.algorithm)] }
        fields["Size"] = .integer(version.size)
        fields["StorageClass"] = .string(version.system["StorageClass"] ?? "STANDARD")
        versions.append(.object(fields))
      }
      last = (key.text, version.versionID)
    }
    var queue = rest.map { (ObjectKey(text: marker ?? ""), $0) }
    var unlimited = input.object ?? [:]
    unlimited["MaxKeys"] = nil
    let found = entries(bucket.objects.keys.sorted(), .object(unlimited), after: marker).entries
    for entry in found {
      switch entry {
      case .prefix(let prefix): prefixes.append(["Prefix": encoded(prefix, input)])
      case .key(let key): queue += (bucket.objects[key] ?? []).map { (key, $0) }
      }
    }
    for (key, version) in queue {
      if versions.count + markers.count == limit {
        truncated = true
        break
      }
      show(version, key)
    }
    var fields = common(bucket, input)
    fields["KeyMarker"] = encoded(input.text("KeyMarker"), input)
    fields["VersionIdMarker"] = .string(versionMarker ?? "")
    fields["IsTruncated"] = .bool(truncated)
    if truncated, let last {
      fields["NextKeyMarker"] = encoded(last.key, input)
      fields["NextVersionIdMarker"] = .string(last.version)
    }
    if !versions.isEmpty { fields["Versions"] = .list(versions) }
    if !markers.isEmpty { fields["DeleteMarkers"] = .list(markers) }
    if !prefixes.isEmpty { fields["CommonPrefixes"] = .list(prefixes) }
    return .object(fields)
  }
}
