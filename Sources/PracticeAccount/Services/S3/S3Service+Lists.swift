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
  enum Entry {
    case key(ObjectKey)
    case prefix(String)

    var mark: String {
      switch self {
      case .key(let key): key.text
      case .prefix(let prefix): prefix
      }
    }
  }

  /// At most `limit` of them, whether there are more, and how many rows had to be looked at. `shows` tells which
  /// keys count.
  static func entries(
    _ bucket: Bucket, _ input: Value, after marker: String?, limit: Int, shows: ([ObjectVersion]) -> Bool
  ) -> (entries: [Entry], truncated: Bool, rows: Int) {
    let prefix = Array(input.text("Prefix").utf8)
    let delimiter = Array(input.text("Delimiter").utf8)
    var entries: [Entry] = []
    var looked = 0
    // What is asked for up to no entry at all is not truncated.
    guard limit > 0 else { return ([], false, 0) }
    var rows = bucket.objects.from { key in
      key.text.utf8.lexicographicallyPrecedes(prefix)
        || marker.map { !$0.utf8.lexicographicallyPrecedes(key.text.utf8) } ?? false
    }
    while let (key, versions) = rows.next() {
      looked += 1
      let bytes = Array(key.text.utf8)
      guard bytes.starts(with: prefix) else { break }
      guard shows(versions) else { continue }
      var entry = Entry.key(key)
      if !delimiter.isEmpty, let end = firstEnd(of: delimiter, in: bytes, from: prefix.count) {
        let common = bytes[..<end]
        // All that is under a common prefix is one entry: go on behind it.
        rows = bucket.objects.from { other in
          !(other < key) ? other.text.utf8.starts(with: common) : true
        }
        let text = String(decoding: common, as: UTF8.self)
        // A marker inside a common prefix has had that prefix already.
        if marker?.hasPrefix(text) == true { continue }
        entry = .prefix(text)
      }
      if entries.count == limit { return (entries, true, looked) }
      entries.append(entry)
    }
    return (entries, false, looked)
  }

  static func firstEnd(of delimiter: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var i = start
    while i + delimiter.count <= bytes.count {
      if bytes[i..<(i + delimiter.count)].elementsEqual(delimiter) { return i + delimiter.count }
      i += 1
    }
    return nil
  }

  /// How many are asked for: 1000 at most, which is also what nothing means.
  static func limit(
    _ input: Value, _ member: String = "MaxKeys", _ argument: String = "max-keys"
  ) throws(ServiceFault) -> Int {
    guard let asked = input[member]?.integer else { return 1000 }
    guard asked >= 0, asked <= Int64(Int32.max) else {
      throw fault(
        "InvalidArgument", "Argument \(argument) must be an integer between 0 and 2147483647", 400,
        ["ArgumentName": .string(argument), "ArgumentValue": .string(String(asked))])
    }
    return min(1000, Int(asked))
  }

  /// `encoding-type=url` protects keys that XML cannot carry.
  static func encoded(_ text: String, _ input: Value) -> Value {
    .string(input["EncodingType"]?.string == "url" ? percentEncoded(text, keepingSlash: true) : text)
  }

  /// The newest version is no delete marker.
  private static func isCurrent(_ versions: [ObjectVersion]) -> Bool {
    versions.first?.isDeleteMarker == false
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

  private static func common(_ bucket: Bucket, _ input: Value) throws(ServiceFault) -> Fields {
    var fields: Fields = ["Name": .string(bucket.name), "Prefix": encoded(input.text("Prefix"), input)]
    if let delimiter = input["Delimiter"]?.string { fields["Delimiter"] = encoded(delimiter, input) }
    fields["MaxKeys"] = .integer(Int64(try limit(input)))
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
    let (found, truncated, _) = entries(
      bucket, input, after: marker, limit: try limit(input), shows: isCurrent)
    var fields = try common(bucket, input)
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
    let (found, truncated, _) = entries(
      bucket, input, after: input["Marker"]?.string, limit: try limit(input), shows: isCurrent)
    var fields = try common(bucket, input)
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
    let limit = try limit(input)
    var versions: [Value] = []
    var markers: [Value] = []
    var prefixes: [Value] = []
    var last: (key: String, version: String?)?
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
    // Every key has a version at least: no more entries are needed than may be shown, and one.
    let found = entries(bucket, input, after: marker, limit: limit + 1) { _ in true }.entries
    var queue: [(key: ObjectKey, version: ObjectVersion?)] = rest.map { (ObjectKey(text: marker ?? ""), $0) }
    for entry in found {
      switch entry {
      case .prefix(let prefix): queue.append((ObjectKey(text: prefix), nil))
      case .key(let key): queue += (bucket.objects[key] ?? []).map { (key, $0) }
      }
    }
    for (key, version) in queue {
      if versions.count + markers.count + prefixes.count == limit {
        truncated = limit > 0
        break
      }
      if let version {
        show(version, key)
      } else {
        prefixes.append(["Prefix": encoded(key.text, input)])
        last = (key.text, nil)
      }
    }
    var fields = try common(bucket, input)
    fields["KeyMarker"] = encoded(input.text("KeyMarker"), input)
    fields["VersionIdMarker"] = .string(versionMarker ?? "")
    fields["IsTruncated"] = .bool(truncated)
    if truncated, let last {
      fields["NextKeyMarker"] = encoded(last.key, input)
      fields.add("NextVersionIdMarker", last.version.map(Value.string))
    }
    if !versions.isEmpty { fields["Versions"] = .list(versions) }
    if !markers.isEmpty { fields["DeleteMarkers"] = .list(markers) }
    if !prefixes.isEmpty { fields["CommonPrefixes"] = .list(prefixes) }
    return .object(fields)
  }
}
