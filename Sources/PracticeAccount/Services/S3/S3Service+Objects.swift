import Digests
import ServiceModels
import Wire

/// Writing and reading objects.
extension S3Service {
  static let objectRules: [String: OperationRule] = [
    "PutObject": OperationRule(onObject("PutObject"), putObject),
    "GetObject": OperationRule(onObject("GetObject", versioned: "GetObjectVersion"), getObject),
    "HeadObject": OperationRule(onObject("GetObject", versioned: "GetObjectVersion"), headObject),
  ]

  /// What one PutObject, one part, or one copy may weigh (S3 user guide, "Uploading objects").
  static let mostBytes: Int64 = 5 << 30

  private static func putObject(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    let key = try checkedKey(input)
    try checkWriting(input, bucket, call)
    try checkWriting(input, key: key, current: bucket.objects[key]?.first)
    try checkSize(call.payload)
    var version = try described(input, call)
    version.encryption = try encryption(for: input, key: key.text, in: bucket, call)
    version.checksum = S3Checksums.kept(input, call.payload)
    version.etag = etag(md5: call.payload.md5, version.encryption, call)
    version.size = call.payload.size
    version.blob = try keep(call.payload.body, call)
    let kept = add(version, key, bucket.name, call)
    var fields: Fields = ["ETag": .string("\"\(kept.etag)\"")]
    kept.checksum?.add(to: &fields)
    addEncryption(kept.encryption, to: &fields)
    if bucket.versioning == "Enabled" { fields["VersionId"] = .string(kept.versionID) }
    return .object(fields)
  }

  static func checkSize(_ payload: Payload) throws(ServiceFault) {
    guard payload.size > mostBytes else { return }
    throw fault(
      "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400,
      ["ProposedSize": .integer(payload.size), "MaxSizeAllowed": .integer(mostBytes)])
  }

  /// Under KMS the ETag is no MD5; it only has to differ.
  static func etag(md5: [UInt8], _ encryption: ObjectEncryption, _ call: Call) -> String {
    encryption.keyARN == nil ? hexEncoded(md5) : call.state.generator.hex(32)
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

  /// Keeps bytes under a fresh name; a file is taken over.
  static func keep(_ body: Body, _ call: Call) throws(ServiceFault) -> String {
    let name = call.state.generator.hex(32)
    try stored { () throws(StoreError) in
      switch body {
      case .bytes(let bytes): try call.realm.store.put(bytes, as: name)
      case .file(let path, _, _): try call.realm.store.adopt(file: path, as: name)
      }
    }
    return name
  }

  /// What the store does; its failure is the service's.
  static func stored<T>(_ action: () throws(StoreError) -> T) throws(ServiceFault) -> T {
    do {
      return try action()
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
        call.headers["x-amz-delete-marker"] = "true"
        throw fault(
          "MethodNotAllowed", "The specified method is not allowed against this resource.", 405,
          ["Method": .string(call.request.method), "ResourceType": "DeleteMarker"])
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
    let (bucket, version) = try readable(input, call)
    if ["GLACIER", "DEEP_ARCHIVE"].contains(version.system["StorageClass"]) {
      throw fault(
        "InvalidObjectState", "The operation is not valid for the object's storage class", 403,
        ["StorageClass": .string(version.system["StorageClass"] ?? "")])
    }
    let (fields, bytes) = try read(input, version, bucket, call)
    let body = version.blob.flatMap { call.realm.store.body($0) } ?? .empty
    call.body = bytes.map { body.slice(UInt64($0.lowerBound), UInt64($0.count)) } ?? body
    return .object(fields)
  }

  private static func headObject(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let (bucket, version) = try readable(input, call)
    return .object(try read(input, version, bucket, call).fields)
  }

  private static func readable(_ input: Value, _ call: Call) throws(ServiceFault) -> (Bucket, ObjectVersion) {
    let bucket = try bucket(input, call)
    let version = try version(input, bucket, call)
    if input["SSECustomerAlgorithm"] != nil {
      throw fault("InvalidRequest", "The encryption parameters are not applicable to this object.")
    }
    try checkReading(input, version, call)
    try requireReadable(version, key: input.text("Key"), in: bucket, call)
    return (bucket, version)
  }

  /// What GetObject and HeadObject answer, and which bytes they are about if not all.
  private static func read(
    _ input: Value, _ version: ObjectVersion, _ bucket: Bucket, _ call: Call
  ) throws(ServiceFault) -> (fields: Fields, bytes: Range<Int64>?) {
    var fields = head(version, bucket)
    let (bytes, checksum) = try selected(input, version)
    if let bytes {
      call.status = 206
      if bytes.isEmpty {
        call.status = 200
      } else {
        fields["ContentRange"] = .string("bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(version.size)")
      }
      fields["ContentLength"] = .integer(Int64(bytes.count))
    }
    if input["PartNumber"] != nil, !version.parts.isEmpty {
      fields["PartsCount"] = .integer(Int64(version.parts.count))
    }
    if input["ChecksumMode"]?.string == "ENABLED" { checksum?.add(to: &fields) }
    for (member, header) in [
      ("ResponseContentType", "ContentType"), ("ResponseContentDisposition", "ContentDisposition"),
      ("ResponseCacheControl", "CacheControl"), ("ResponseContentEncoding", "ContentEncoding"),
      ("ResponseContentLanguage", "ContentLanguage"),
    ] {
      if let value = input[member] { fields[header] = value }
    }
    if let expires = input["ResponseExpires"] {
      fields["Expires"] = expires.timestamp.map { .string($0.httpDate) } ?? expires
    }
    return (fields, bytes)
  }

  /// The bytes that a range or a part number names, and the checksum that is theirs.
  private static func selected(_ input: Value, _ version: ObjectVersion) throws(ServiceFault) -> (
    bytes: Range<Int64>?, checksum: ObjectChecksum?
  ) {
    let range = input["Range"]?.string
    guard let number = input["PartNumber"]?.integer else {
      guard let range, let bounds = try ByteRange.read(range, size: version.size) else {
        return (nil, version.checksum)
      }
      return (bounds.lowerBound..<(bounds.upperBound + 1), nil)
    }
    if range != nil {
      throw fault(
        "InvalidRequest", "Cannot specify both Range header and partNumber query parameter.")
    }
    let count = max(1, version.parts.count)
    guard let index = Int(exactly: number - 1), (0..<count).contains(index) else {
      throw fault(
        "InvalidPartNumber", "The requested partnumber is not satisfiable", 416,
        ["ActualPartCount": .integer(Int64(count)), "PartNumberRequested": .integer(number)])
    }
    guard !version.parts.isEmpty else { return (0..<version.size, version.checksum) }
    let start = version.parts[..<index].reduce(0) { $0 + $1.size }
    return (start..<(start + version.parts[index].size), version.parts[index].checksum)
  }
}
