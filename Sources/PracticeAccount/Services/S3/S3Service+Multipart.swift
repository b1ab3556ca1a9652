import Digests
import ServiceModels
import Wire

extension S3Service {
  static let multipartRules: [String: OperationRule] = [
    "CreateMultipartUpload": OperationRule(
      onObject("PutObject"),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        let key = try checkedKey(input)
        var object = described(input, call)
        object.encryption = try encryption(for: input, key: key.text, in: bucket, call)
        let id = call.state.generator.base64(64)
        let algorithm = input["ChecksumAlgorithm"]?.string
        let upload = MultipartUpload(
          key: key, initiated: call.now.wholeSeconds, initiator: call.principal.arn, object: object,
          checksumAlgorithm: algorithm)
        call.state.s3.buckets[bucket.name]?.uploads[id] = upload
        var fields: Fields = [
          "Bucket": .string(bucket.name), "Key": .string(key.text), "UploadId": .string(id),
        ]
        addEncryption(object.encryption, to: &fields)
        fields.add("ChecksumAlgorithm", algorithm.map(Value.string))
        return .object(fields)
      }),
    "UploadPart": OperationRule(onObject("PutObject"), uploadPart),
    "CompleteMultipartUpload": OperationRule(onObject("PutObject"), complete),
    "AbortMultipartUpload": OperationRule(
      onObject("AbortMultipartUpload"),
      { (input, call) throws(ServiceFault) in
        let upload = try upload(input, call)
        for part in upload.parts.values { call.realm.abandon(part.blob) }
        call.state.s3.buckets[input.text("Bucket")]?.uploads[input.text("UploadId")] = nil
        return [:]
      }),
    "ListParts": OperationRule(
      onObject("ListMultipartUploadParts"),
      { (input, call) throws(ServiceFault) in
        let upload = try upload(input, call)
        let after = Int(
          clamping: input["PartNumberMarker"]?.string.flatMap { Int64($0) } ?? input["PartNumberMarker"]?
            .integer ?? 0)
        let most = Int(clamping: min(1000, max(1, input["MaxParts"]?.integer ?? 1000)))
        let rest = upload.parts.keys.filter { $0 > after }.sorted()
        let shown = rest.prefix(most)
        var fields: Fields = [
          "Bucket": .string(input.text("Bucket")), "Key": .string(upload.key.text),
          "UploadId": .string(input.text("UploadId")), "MaxParts": .integer(Int64(most)),
          "IsTruncated": .bool(rest.count > shown.count), "StorageClass": "STANDARD",
          "Owner": ["ID": .string(call.seen.s3.ownerID)],
        ]
        if rest.count > shown.count, let last = shown.last {
          fields["NextPartNumberMarker"] = .integer(Int64(last))
        }
        fields["Parts"] = .list(
          shown.compactMap { number in
            upload.parts[number].map { part in
              [
                "PartNumber": .integer(Int64(number)), "LastModified": .timestamp(part.modified),
                "ETag": .string("\"\(part.etag)\""), "Size": .integer(part.size),
              ]
            }
          })
        return .object(fields)
      }),
    "ListMultipartUploads": OperationRule(
      onBucket("ListBucketMultipartUploads"),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        let prefix = input.text("Prefix")
        let uploads = bucket.uploads.filter { $0.value.key.text.hasPrefix(prefix) }
          .sorted { ($0.value.key, $0.value.initiated, $0.key) < ($1.value.key, $1.value.initiated, $1.key) }
        let shown = uploads.prefix(1000)
        var fields: Fields = [
          "Bucket": .string(bucket.name), "KeyMarker": "", "UploadIdMarker": "", "MaxUploads": 1000,
          "IsTruncated": .bool(uploads.count > shown.count), "Prefix": .string(prefix),
        ]
        if !shown.isEmpty {
          fields["Uploads"] = .list(
            shown.map { id, upload in
              [
                "UploadId": .string(id), "Key": .string(upload.key.text),
                "Initiated": .timestamp(upload.initiated),
                "StorageClass": "STANDARD", "Owner": ["ID": .string(call.seen.s3.ownerID)],
                "Initiator": ["ID": .string(upload.initiator)],
              ]
            })
        }
        return .object(fields)
      }),
  ]

  private static func upload(_ input: Value, _ call: Call) throws(ServiceFault) -> MultipartUpload {
    let id = input.text("UploadId")
    guard let upload = try bucket(input, call).uploads[id], upload.key.text == input.text("Key") else {
      throw fault(
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
          + "completed.", 404, ["UploadId": .string(id)])
    }
    return upload
  }

  private static func uploadPart(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    var upload = try upload(input, call)
    guard let number = input["PartNumber"]?.integer, (1...10_000).contains(number) else {
      throw fault(
        "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive", 400,
        ["ArgumentName": "partNumber"])
    }
    let body = input["Body"]?.blob ?? []
    let isKMS = upload.object.encryption.keyARN != nil
    var checksum: ObjectChecksum?
    for algorithm in S3Checksums.algorithms {
      if let given = input["Checksum\(algorithm)"]?.string {
        checksum = ObjectChecksum(algorithm: algorithm, value: given)
      }
    }
    let part = MultipartUpload.Part(
      etag: isKMS ? call.state.generator.hex(32) : hexEncoded(md5(body)), size: Int64(body.count),
      blob: try keep(body, call), modified: call.now.wholeSeconds, checksum: checksum)
    if let old = upload.parts[Int(number)] { call.realm.abandon(old.blob) }
    upload.parts[Int(number)] = part
    call.state.s3.buckets[input.text("Bucket")]?.uploads[input.text("UploadId")] = upload
    var fields: Fields = ["ETag": .string("\"\(part.etag)\"")]
    checksum?.add(to: &fields, withType: false)
    addEncryption(upload.object.encryption, to: &fields)
    return .object(fields)
  }

  private static func complete(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let upload = try upload(input, call)
    let bucket = try bucket(input, call)
    let named = input["MultipartUpload"]?.items("Parts") ?? []
    guard !named.isEmpty else { throw malformedXML }
    var bytes: [UInt8] = []
    var digests: [UInt8] = []
    var previous: Int64 = 0
    for (i, item) in named.enumerated() {
      let number = item["PartNumber"]?.integer ?? 0
      guard number > previous else {
        throw fault(
          "InvalidPartOrder",
          "The list of parts was not in ascending order. Parts must be ordered by part number.")
      }
      previous = number
      guard let part = Int(exactly: number).flatMap({ upload.parts[$0] }),
        item.text("ETag").replacing("\"", with: "") == part.etag
      else {
        throw fault(
          "InvalidPart",
          "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
            + "specified entity tag may not match the part's entity tag.", 400,
          ["UploadId": .string(input.text("UploadId")), "PartNumber": .integer(number)])
      }
      if i < named.count - 1, part.size < 5 << 20 {
        throw fault(
          "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400,
          ["ProposedSize": .integer(part.size), "MinSizeAllowed": .integer(5 << 20)])
      }
      let content = try kept(part.blob, call)
      bytes += content
      digests += md5(content)
    }
    var object = upload.object
    object.modified = call.now.wholeSeconds
    object.size = Int64(bytes.count)
    object.parts = named.count
    let digest = object.encryption.keyARN == nil ? hexEncoded(md5(digests)) : call.state.generator.hex(32)
    object.etag = "\(digest)-\(named.count)"
    object.checksum = S3Checksums.value("CRC64NVME", bytes).map {
      ObjectChecksum(algorithm: "CRC64NVME", value: $0)
    }
    object.blob = try keep(bytes, call)
    for part in upload.parts.values { call.realm.abandon(part.blob) }
    call.state.s3.buckets[bucket.name]?.uploads[input.text("UploadId")] = nil
    let kept = add(object, upload.key, bucket.name, call)
    var fields: Fields = [
      "Location": .string("http://\(call.request.host)/\(bucket.name)/\(percentEncoded(upload.key.text))"),
      "Bucket": .string(bucket.name), "Key": .string(upload.key.text), "ETag": .string("\"\(kept.etag)\""),
    ]
    kept.checksum?.add(to: &fields)
    addEncryption(kept.encryption, to: &fields)
    if bucket.versioning == "Enabled" { fields["VersionId"] = .string(kept.versionID) }
    return .object(fields)
  }
}
