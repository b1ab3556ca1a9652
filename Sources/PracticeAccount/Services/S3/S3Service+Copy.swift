import Digests
import ServiceModels
import Wire

/// Copies: an object to an object, or a piece of one to a part of an upload.
extension S3Service {
  static let copyRules: [String: OperationRule] = [
    "CopyObject": OperationRule(onCopy, copyObject),
    "UploadPartCopy": OperationRule(onCopy, uploadPartCopy),
  ]

  @Sendable private static func onCopy(_ input: Value, _ call: Call) throws(ServiceFault) -> [AccessQuestion]
  {
    let source = try copySource(input)
    var questions = try onObject("PutObject")(input, call)
    try requirePlace(bucket: source.bucket, owner: input["ExpectedSourceBucketOwner"]?.string, call)
    questions.append(
      question(source.version == nil ? "GetObject" : "GetObjectVersion", source.bucket, source.key, call))
    let version = call.seen.s3.buckets[source.bucket]?.objects[ObjectKey(text: source.key)]?.first
    if call.operation == "CopyObject", input["TaggingDirective"]?.string != "REPLACE",
      version?.tags.isEmpty == false
    {
      questions.append(question("GetObjectTagging", source.bucket, source.key, call))
      questions.append(question("PutObjectTagging", input.text("Bucket"), input.text("Key"), call))
    }
    return questions
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
    if text.hasPrefix("arn:") {
      throw fault(
        "InvalidArgument",
        "The practice account has no access points: the copy source must be sourcebucket/sourcekey")
    }
    let path = percentDecoded(text).drop { $0 == "/" }
    guard let slash = path.firstIndex(of: "/"), path.index(after: slash) < path.endIndex else {
      throw fault(
        "InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey", 400,
        ["ArgumentName": "x-amz-copy-source", "ArgumentValue": .string(text)])
    }
    return (String(path[..<slash]), String(path[path.index(after: slash)...]), version)
  }

  /// The source, looked at with all conditions and the caller's right to decrypt it.
  private static func source(_ input: Value, _ call: Call) throws(ServiceFault) -> (
    place: (bucket: String, key: String, version: String?), bucket: Bucket, version: ObjectVersion
  ) {
    let place = try copySource(input)
    let origin = try bucket(named: place.bucket, call)
    var wanted: Fields = ["Bucket": .string(place.bucket), "Key": .string(place.key)]
    wanted.add("VersionId", place.version.map(Value.string))
    let source = try version(.object(wanted), origin, call)
    if input["CopySourceSSECustomerAlgorithm"] != nil {
      throw fault("InvalidRequest", "The encryption parameters are not applicable to this object.")
    }
    try checkReading(input, source, prefix: "CopySource", call)
    if ["GLACIER", "DEEP_ARCHIVE"].contains(source.system["StorageClass"]) {
      throw fault(
        "ObjectNotInActiveTierError", "The source object of the COPY operation is not in the active tier.",
        403)
    }
    try requireReadable(source, key: place.key, in: origin, call)
    return (place, origin, source)
  }

  private static func copyObject(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let target = try bucket(input, call)
    let (place, origin, source) = try source(input, call)
    let key = try checkedKey(input)
    try checkWriting(input, target, call)
    try checkWriting(input, key: key, current: target.objects[key]?.first)
    let replaces = input["MetadataDirective"]?.string == "REPLACE"
    if place.bucket == target.name, place.key == key.text, !replaces, place.version == nil,
      ["ServerSideEncryption", "StorageClass", "WebsiteRedirectLocation", "ChecksumAlgorithm"]
        .allSatisfy({ input[$0] == nil })
    {
      throw fault(
        "InvalidRequest",
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
          + "metadata, storage class, website redirect location or encryption attributes.")
    }
    if source.size > mostBytes {
      throw fault(
        "InvalidRequest",
        "The specified copy source is larger than the maximum allowable size for a copy source: \(mostBytes)")
    }
    var copy = try described(input, call)
    if !replaces {
      // The storage class is the copy's own, whatever the source's was.
      let storage = copy.system["StorageClass"]
      copy.system = source.system
      copy.system["StorageClass"] = storage
      copy.metadata = source.metadata
    }
    if input["TaggingDirective"]?.string != "REPLACE" { copy.tags = source.tags }
    copy.encryption = try encryption(for: input, key: key.text, in: target, call)
    let algorithm = input["ChecksumAlgorithm"]?.string ?? source.checksum?.algorithm ?? "CRC64NVME"
    if source.parts.isEmpty, source.checksum?.algorithm == algorithm,
      source.encryption.keyARN == nil || copy.encryption.keyARN != nil
    {
      copy.checksum = source.checksum
      copy.etag = copy.encryption.keyARN == nil ? source.etag : call.state.generator.hex(32)
    } else {
      let payload = try digests(of: source, nil, algorithm, call)
      copy.checksum = payload.checksums[algorithm].map { ObjectChecksum(algorithm: algorithm, value: $0) }
      copy.etag = etag(md5: payload.md5, copy.encryption, call)
    }
    copy.size = source.size
    copy.blob = try source.blob.map { (blob) throws(ServiceFault) in
      let name = call.state.generator.hex(32)
      try stored { () throws(StoreError) in try call.realm.store.copy(blob, as: name) }
      return name
    }
    let kept = add(copy, key, target.name, call)
    var result: Fields = ["ETag": .string("\"\(kept.etag)\""), "LastModified": .timestamp(kept.modified)]
    kept.checksum?.add(to: &result)
    var fields: Fields = ["CopyObjectResult": .object(result)]
    addEncryption(kept.encryption, to: &fields)
    if target.versioning == "Enabled" { fields["VersionId"] = .string(kept.versionID) }
    if origin.versioning != nil { fields["CopySourceVersionId"] = .string(source.versionID) }
    return .object(fields)
  }

  private static func uploadPartCopy(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let upload = try upload(input, call)
    let number = try partNumber(input)
    let (_, origin, source) = try source(input, call)
    var bytes: ClosedRange<Int64>?
    if let range = input["CopySourceRange"]?.string {
      guard let bounds = try? ByteRange.read(range, size: source.size),
        range.hasSuffix("-\(bounds.upperBound)")
      else {
        throw fault(
          "InvalidArgument",
          "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
            + "zero-based offsets of the first and last bytes to copy", 400,
          ["ArgumentName": "x-amz-copy-source-range", "ArgumentValue": .string(range)])
      }
      bytes = bounds
    }
    let size = bytes.map { $0.upperBound - $0.lowerBound + 1 } ?? source.size
    if size > mostBytes {
      throw fault(
        "InvalidRequest",
        "The specified copy source is larger than the maximum allowable size for a copy source: \(mostBytes)")
    }
    let algorithm = upload.checksumAlgorithm
    let payload = try digests(of: source, bytes, algorithm ?? "CRC64NVME", call)
    let blob = call.state.generator.hex(32)
    let reader = try stored { () throws(StoreError) in try BodyReader(payload.body) }
    try stored { () throws(StoreError) in
      try call.realm.store.put(as: blob) { () throws(StoreError) in try reader.next() }
    }
    let part = try addPart(
      number, payload, blob,
      algorithm.flatMap { name in payload.checksums[name].map { .init(algorithm: name, value: $0) } },
      input, call)
    var result: Fields = ["ETag": .string("\"\(part.etag)\""), "LastModified": .timestamp(part.modified)]
    part.checksum?.add(to: &result, withType: false)
    var fields: Fields = ["CopyPartResult": .object(result)]
    addEncryption(upload.object.encryption, to: &fields)
    if origin.versioning != nil { fields["CopySourceVersionId"] = .string(source.versionID) }
    return .object(fields)
  }

  private static func digests(
    of version: ObjectVersion, _ bytes: ClosedRange<Int64>?, _ algorithm: String, _ call: Call
  ) throws(ServiceFault) -> Payload {
    var body = version.blob.flatMap { call.realm.store.body($0) } ?? .empty
    if let bytes {
      body = body.slice(UInt64(bytes.lowerBound), UInt64(bytes.upperBound - bytes.lowerBound + 1))
    }
    let read = body
    return try stored { () throws(StoreError) in try Payload(read, checksums: [algorithm, "CRC64NVME"]) }
  }
}
