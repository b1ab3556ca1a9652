import Digests
import ServiceModels
import Wire

extension S3Service {
  static let objectRules: [String: OperationRule] = [
    "PutObject": OperationRule(onObject("PutObject"), putObject),
    "GetObject": OperationRule(onObject("GetObject", versioned: "GetObjectVersion"), getObject),
    "HeadObject": OperationRule(onObject("GetObject", versioned: "GetObjectVersion"), headObject),
    "CopyObject": OperationRule(
      { (input, call) throws(ServiceFault) in
        let source = try copySource(input)
        return try onObject("PutObject")(input, call) + [
          question(source.version == nil ? "GetObject" : "GetObjectVersion", source.bucket, source.key, call)
        ]
      }, copyObject),
    "GetObjectTagging": OperationRule(
      onObject("GetObjectTagging", versioned: "GetObjectVersionTagging"),
      { (input, call) throws(ServiceFault) in
        let version = try version(input, try bucket(input, call), call)
        return ["TagSet": .list(version.tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })]
      }),
  ]

  /// The headers an object keeps: member of the shape, spelling in the state.
  private static let systemMembers = [
    "ContentType", "ContentEncoding", "ContentLanguage", "ContentDisposition", "CacheControl", "Expires",
    "StorageClass", "WebsiteRedirectLocation",
  ]

  static func described(_ input: Value, _ call: Call) -> ObjectVersion {
    var version = ObjectVersion(versionID: "null", modified: call.now.wholeSeconds)
    for member in systemMembers {
      if let value = input[member]?.string { version.system[member] = value }
    }
    for field in input["Metadata"]?.object ?? [:] { version.metadata[field.name] = field.value.string ?? "" }
    for pair in (input["Tagging"]?.string ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let key = parts.first else { continue }
      version.tags.append(
        Tag(
          key: percentDecoded(key, plusIsSpace: true),
          value: parts.count > 1 ? percentDecoded(parts[1], plusIsSpace: true) : ""))
    }
    return version
  }

  private static func putObject(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    let key = try checkedKey(input)
    if input["IfNoneMatch"]?.string == "*", let current = bucket.objects[key]?.first, !current.isDeleteMarker
    {
      throw fault(
        "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412,
        ["Condition": "If-None-Match"])
    }
    let body = input["Body"]?.blob ?? []
    var version = described(input, call)
    version.encryption = try encryption(for: input, key: key.text, in: bucket, call)
    version.checksum = S3Checksums.kept(input, body)
    // Under KMS the ETag is no MD5; it only has to differ.
    version.etag = version.encryption.keyARN == nil ? hexEncoded(md5(body)) : call.state.generator.hex(32)
    version.size = Int64(body.count)
    version.blob = try keep(body, call)
    let kept = add(version, key, bucket.name, call)
    var fields: Fields = ["ETag": .string("\"\(kept.etag)\"")]
    kept.checksum?.add(to: &fields)
    addEncryption(kept.encryption, to: &fields)
    if bucket.versioning == "Enabled" { fields["VersionId"] = .string(kept.versionID) }
    return .object(fields)
  }

  static func checkedKey(_ input: Value) throws(ServiceFault) -> ObjectKey {
    let key = input.text("Key")
    if key.utf8.count > 1024 {
      throw fault(
        "KeyTooLongError", "Your key is too long", 400,
        ["Size": .integer(Int64(key.utf8.count)), "MaxSizeAllowed": 1024])
    }
    return ObjectKey(text: key)
  }

  /// Keeps bytes under a fresh name.
  static func keep(_ bytes: [UInt8], _ call: Call) throws(ServiceFault) -> String {
    let name = call.state.generator.hex(32)
    do {
      try call.realm.store.put(bytes, as: name)
    } catch {
      throw fault("InternalError", error.message, 500)
    }
    return name
  }

  /// The bytes kept under a name.
  static func kept(_ name: String, _ call: Call) throws(ServiceFault) -> [UInt8] {
    do {
      return try call.realm.store.bytes(name)
    } catch {
      throw fault("InternalError", error.message, 500)
    }
  }

  /// Puts a version in its place: on top of others, or instead of the null version.
  @discardableResult
  static func add(_ new: ObjectVersion, _ key: ObjectKey, _ bucket: String, _ call: Call) -> ObjectVersion {
    var version = new
    let isVersioned = call.seen.s3.buckets[bucket]?.versioning == "Enabled"
    version.versionID = isVersioned ? call.state.generator.base64(32) : "null"
    var versions = call.seen.s3.buckets[bucket]?.objects[key] ?? []
    if !isVersioned {
      for old in versions where old.versionID == "null" { old.blob.map(call.realm.abandon) }
      versions.removeAll { $0.versionID == "null" }
    }
    versions.insert(version, at: 0)
    call.state.s3.buckets[bucket]?.objects[key] = versions
    return version
  }

  /// The version that is asked for.
  static func version(_ input: Value, _ bucket: Bucket, _ call: Call) throws(ServiceFault) -> ObjectVersion {
    let key = ObjectKey(text: input.text("Key"))
    let versions = bucket.objects[key] ?? []
    if let wanted = input["VersionId"]?.string {
      guard let version = versions.first(where: { $0.versionID == wanted }) else {
        throw fault(
          "NoSuchVersion", "The specified version does not exist.", 404,
          ["Key": .string(key.text), "VersionId": .string(wanted)])
      }
      if version.isDeleteMarker {
        throw fault(
          "MethodNotAllowed", "The specified method is not allowed against this resource.", 405,
          ["Method": .string(call.request.method)])
      }
      return version
    }
    guard let version = versions.first, !version.isDeleteMarker else {
      if versions.first?.isDeleteMarker == true { call.headers["x-amz-delete-marker"] = "true" }
      // Whoever may not list must not learn what is not there.
      let mayList = call.verdict(question("ListBucket", bucket.name, nil, call)).isAllowed
      guard mayList else { throw fault("AccessDenied", "Access Denied", 403) }
      throw fault("NoSuchKey", "The specified key does not exist.", 404, ["Key": .string(key.text)])
    }
    return version
  }

  private static func getObject(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    let version = try version(input, bucket, call)
    try checkConditions(input, version)
    try requireReadable(version, key: input.text("Key"), in: bucket, call)
    var fields = head(version, bucket)
    let body = version.blob.flatMap { call.realm.store.body($0) } ?? .empty
    if let range = input["Range"]?.string, let bounds = try ByteRange.read(range, size: version.size) {
      call.status = 206
      fields["ContentRange"] = .string("bytes \(bounds.lowerBound)-\(bounds.upperBound)/\(version.size)")
      fields["ContentLength"] = .integer(bounds.upperBound - bounds.lowerBound + 1)
      call.body = body.slice(UInt64(bounds.lowerBound), UInt64(bounds.upperBound - bounds.lowerBound + 1))
    } else {
      if input["ChecksumMode"]?.string == "ENABLED" { version.checksum?.add(to: &fields) }
      call.body = body
    }
    for (member, header) in [
      ("ResponseContentType", "ContentType"), ("ResponseContentDisposition", "ContentDisposition"),
      ("ResponseCacheControl", "CacheControl"), ("ResponseContentEncoding", "ContentEncoding"),
      ("ResponseContentLanguage", "ContentLanguage"),
    ] {
      if let value = input[member] { fields[header] = value }
    }
    return .object(fields)
  }

  private static func headObject(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    let version = try version(input, bucket, call)
    try checkConditions(input, version)
    try requireReadable(version, key: input.text("Key"), in: bucket, call)
    var fields = head(version, bucket)
    if input["ChecksumMode"]?.string == "ENABLED" { version.checksum?.add(to: &fields) }
    return .object(fields)
  }

  private static func checkConditions(_ input: Value, _ version: ObjectVersion) throws(ServiceFault) {
    func names(_ member: String) -> Bool? {
      input[member]?.string.map { $0 == "*" || $0.replacing("\"", with: "") == version.etag }
    }
    let failed = fault(
      "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
    if names("IfMatch") == false { throw failed }
    if names("IfMatch") == nil, let since = input["IfUnmodifiedSince"]?.timestamp, version.modified > since {
      throw failed
    }
    if names("IfNoneMatch") == true { throw fault("NotModified", "Not Modified", 304) }
    if names("IfNoneMatch") == nil, let since = input["IfModifiedSince"]?.timestamp, version.modified <= since
    {
      throw fault("NotModified", "Not Modified", 304)
    }
  }

  /// What GetObject and HeadObject say of an object.
  private static func head(_ version: ObjectVersion, _ bucket: Bucket) -> Fields {
    var fields: Fields = [
      "AcceptRanges": "bytes", "LastModified": .timestamp(version.modified),
      "ContentLength": .integer(version.size),
      "ETag": .string("\"\(version.etag)\""),
    ]
    if bucket.versioning != nil { fields["VersionId"] = .string(version.versionID) }
    fields["ContentType"] = .string(version.system["ContentType"] ?? "binary/octet-stream")
    for (member, value) in version.system.sorted(by: { $0.key < $1.key }) where member != "ContentType" {
      if member != "StorageClass" || value != "STANDARD" { fields[member] = .string(value) }
    }
    addEncryption(version.encryption, to: &fields)
    fields["Metadata"] = .object(
      Fields(version.metadata.sorted { $0.key < $1.key }.map { Fields.Field($0.key, .string($0.value)) }))
    if let parts = version.parts { fields["PartsCount"] = .integer(Int64(parts)) }
    return fields
  }

  static func addEncryption(_ encryption: ObjectEncryption, to fields: inout Fields) {
    fields["ServerSideEncryption"] = .string(encryption.algorithm)
    fields.add("SSEKMSKeyId", encryption.keyARN.map(Value.string))
    if encryption.usesBucketKey { fields["BucketKeyEnabled"] = true }
  }

  /// `bucket/key?versionId=..`, percent-encoded.
  static func copySource(_ input: Value) throws(ServiceFault) -> (
    bucket: String, key: String, version: String?
  ) {
    var text = input.text("CopySource")
    var version: String?
    let parts = text.split(separator: "?versionId=", maxSplits: 1)
    if parts.count == 2 {
      text = String(parts[0])
      version = String(parts[1])
    }
    let path = percentDecoded(text).drop { $0 == "/" }
    guard let slash = path.firstIndex(of: "/"), path.index(after: slash) < path.endIndex else {
      throw fault(
        "InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
    }
    return (String(path[..<slash]), String(path[path.index(after: slash)...]), version)
  }

  private static func copyObject(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let place = try copySource(input)
    let target = try bucket(input, call)
    let origin = try bucket(named: place.bucket, call)
    var wanted: Fields = ["Bucket": .string(place.bucket), "Key": .string(place.key)]
    wanted.add("VersionId", place.version.map(Value.string))
    let source = try version(.object(wanted), origin, call)
    try requireReadable(source, key: place.key, in: origin, call)
    let key = try checkedKey(input)
    let replaces = input["MetadataDirective"]?.string == "REPLACE"
    if place.bucket == target.name, place.key == key.text, !replaces, place.version == nil,
      input["ServerSideEncryption"] == nil, input["StorageClass"] == nil
    {
      throw fault(
        "InvalidRequest",
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
          + "metadata, storage class, website redirect location or encryption attributes.")
    }
    var copy = described(input, call)
    if !replaces {
      copy.system = source.system
      copy.metadata = source.metadata
    }
    if input["TaggingDirective"]?.string != "REPLACE" { copy.tags = source.tags }
    copy.encryption = try encryption(for: input, key: key.text, in: target, call)
    let bytes = try source.blob.map { (blob) throws(ServiceFault) in try self.kept(blob, call) } ?? []
    copy.checksum = source.checksum
    copy.etag = copy.encryption.keyARN == nil ? hexEncoded(md5(bytes)) : call.state.generator.hex(32)
    copy.size = source.size
    copy.blob = try keep(bytes, call)
    let kept = add(copy, key, target.name, call)
    var result: Fields = ["ETag": .string("\"\(kept.etag)\""), "LastModified": .timestamp(kept.modified)]
    kept.checksum?.add(to: &result)
    var fields: Fields = ["CopyObjectResult": .object(result)]
    addEncryption(kept.encryption, to: &fields)
    if target.versioning == "Enabled" { fields["VersionId"] = .string(kept.versionID) }
    if origin.versioning != nil { fields["CopySourceVersionId"] = .string(source.versionID) }
    return .object(fields)
  }
}
