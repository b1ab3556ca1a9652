import Digests
import ServiceModels
import Wire

/// Uploads in parts (S3 user guide, "Uploading and copying objects using multipart upload").
extension S3Service {
  static let multipartRules: [String: OperationRule] = [
    "CreateMultipartUpload": OperationRule(onObject("PutObject"), createUpload),
    "UploadPart": OperationRule(onObject("PutObject"), uploadPart),
    "CompleteMultipartUpload": OperationRule(onObject("PutObject"), complete),
    "AbortMultipartUpload": OperationRule(
      onObject("AbortMultipartUpload"),
      { (input, call) throws(ServiceFault) in
        let upload = try upload(input, call)
        if input["IfMatchInitiatedTime"] != nil { throw unimplemented("conditional aborts") }
        for part in upload.parts.values { call.realm.abandon(part.blob) }
        call.state.s3.buckets[input.text("Bucket")]?.uploads[input.text("UploadId")] = nil
        return [:]
      }),
  ]

  private static func createUpload(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    let key = try checkedKey(input)
    try checkWriting(input, bucket, call)
    var object = try described(input, call)
    object.encryption = try encryption(for: input, key: key.text, in: bucket, call)
    let algorithm = input["ChecksumAlgorithm"]?.string
    var type = input["ChecksumType"]?.string
    if let algorithm {
      guard S3Checksums.algorithms.contains(algorithm) else {
        throw unimplemented("checksums of algorithm \(algorithm)")
      }
      type = type ?? (algorithm == "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE")
      let isPossible = type == "FULL_OBJECT" ? algorithm.hasPrefix("CRC") : algorithm != "CRC64NVME"
      guard let type, ["FULL_OBJECT", "COMPOSITE"].contains(type), isPossible else {
        throw fault(
          "InvalidRequest",
          "The \(type ?? "") checksum type cannot be used with the \(algorithm.lowercased()) checksum algorithm."
        )
      }
    } else if type != nil {
      throw fault(
        "InvalidRequest",
        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
    }
    let id = call.state.generator.base64(64)
    let upload = MultipartUpload(
      key: key, initiated: call.now.wholeSeconds, initiator: call.principal.arn, object: object,
      checksumAlgorithm: algorithm, checksumType: type)
    call.state.s3.buckets[bucket.name]?.uploads[id] = upload
    var fields: Fields = [
      "Bucket": .string(bucket.name), "Key": .string(key.text), "UploadId": .string(id),
    ]
    addEncryption(object.encryption, to: &fields)
    fields.add("ChecksumAlgorithm", algorithm.map(Value.string))
    fields.add("ChecksumType", type.map(Value.string))
    return .object(fields)
  }

  static func upload(_ input: Value, _ call: Call) throws(ServiceFault) -> MultipartUpload {
    let id = input.text("UploadId")
    guard let upload = try bucket(input, call).uploads[id], upload.key == ObjectKey(text: input.text("Key"))
    else {
      throw fault(
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
          + "completed.", 404, ["UploadId": .string(id)])
    }
    return upload
  }

  static func partNumber(_ input: Value) throws(ServiceFault) -> Int {
    guard let number = input["PartNumber"]?.integer, (1...10_000).contains(number) else {
      throw fault(
        "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive", 400,
        [
          "ArgumentName": "partNumber",
          "ArgumentValue": .string(input["PartNumber"]?.integer.map(String.init) ?? ""),
        ])
    }
    return Int(number)
  }

  private static func uploadPart(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let upload = try upload(input, call)
    let number = try partNumber(input)
    if input["SSECustomerAlgorithm"] != nil {
      throw fault(
        "InvalidRequest",
        "The multipart upload initiate requested no encryption with a key of the customer's own.")
    }
    try checkSize(call.payload)
    let checksum = S3Checksums.given(input)
    if let wanted = upload.checksumAlgorithm, wanted != checksum?.algorithm {
      throw fault(
        "InvalidRequest",
        "Checksum Type mismatch occurred, expected checksum Type: \(wanted.lowercased()), actual checksum Type: "
          + (checksum?.algorithm.lowercased() ?? "null"))
    }
    // Whoever may write may have lost the right to use the key since the upload began.
    let bucket = try bucket(input, call)
    try requireWritable(upload.object, key: upload.key.text, in: bucket, call)
    let part = try addPart(number, call.payload, try keep(call.payload.body, call), checksum, input, call)
    var fields: Fields = ["ETag": .string("\"\(part.etag)\"")]
    checksum?.add(to: &fields, withType: false)
    addEncryption(upload.object.encryption, to: &fields)
    return .object(fields)
  }

  /// Puts a part in its place, instead of one of the same number.
  static func addPart(
    _ number: Int, _ payload: Payload, _ blob: String, _ checksum: ObjectChecksum?, _ input: Value,
    _ call: Call
  ) throws(ServiceFault) -> MultipartUpload.Part {
    let upload = try upload(input, call)
    let part = MultipartUpload.Part(
      etag: etag(md5: payload.md5, upload.object.encryption, call), size: payload.size, blob: blob,
      modified: call.now.wholeSeconds, checksum: checksum, md5: base64Encoded(payload.md5),
      crc64nvme: payload.checksums["CRC64NVME"] ?? "")
    if let old = upload.parts[number] { call.realm.abandon(old.blob) }
    call.state.s3.buckets[input.text("Bucket")]?.uploads[input.text("UploadId")]?.parts[number] = part
    return part
  }

  /// The parts that the request names, in order.
  private static func namedParts(
    _ input: Value, _ upload: MultipartUpload
  ) throws(ServiceFault) -> [(number: Int, part: MultipartUpload.Part)] {
    let named = input["MultipartUpload"]?.items("Parts") ?? []
    guard !named.isEmpty else { throw malformedXML }
    let numbers = named.map { Int(clamping: $0["PartNumber"]?.integer ?? 0) }
    guard zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw fault(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.", 400,
        ["UploadId": .string(input.text("UploadId"))])
    }
    var parts: [(number: Int, part: MultipartUpload.Part)] = []
    for (i, item) in named.enumerated() {
      let number = numbers[i]
      let etag = item.text("ETag").filter { $0 != "\"" }
      let checksum = S3Checksums.given(item)
      guard let part = upload.parts[number], etag == part.etag,
        checksum == nil || part.checksum == nil || checksum == part.checksum
      else {
        throw fault(
          "InvalidPart",
          "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
            + "specified entity tag may not match the part's entity tag.", 400,
          [
            "UploadId": .string(input.text("UploadId")), "PartNumber": .integer(Int64(number)),
            "ETag": .string(etag),
          ])
      }
      if upload.checksumType == "COMPOSITE", checksum == nil {
        throw fault(
          "InvalidRequest",
          "The upload was created using a \(upload.checksumAlgorithm?.lowercased() ?? "") checksum. The complete request "
            + "must include the checksum for each part. It was missing for part \(number) in the request.")
      }
      if i < named.count - 1, part.size < 5 << 20 {
        throw fault(
          "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400,
          [
            "ProposedSize": .integer(part.size), "MinSizeAllowed": .integer(5 << 20),
            "PartNumber": .integer(Int64(number)), "ETag": .string(etag),
          ])
      }
      parts.append((number, part))
    }
    return parts
  }

  private static func complete(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let upload = try upload(input, call)
    let bucket = try bucket(input, call)
    try checkWriting(input, key: upload.key, current: bucket.objects[upload.key]?.first)
    let parts = try namedParts(input, upload)
    var object = upload.object
    object.modified = call.now.wholeSeconds
    object.size = parts.reduce(0) { $0 + $1.part.size }
    if let size = input["MpuObjectSize"]?.integer, size != object.size {
      throw fault(
        "InvalidRequest",
        "The provided 'x-amz-mp-object-size' header does not match what was computed.")
    }
    object.checksum = try checksum(of: parts, upload, input)
    object.parts = parts.map { ObjectPart(number: $0.number, size: $0.part.size, checksum: $0.part.checksum) }
    let digests = parts.flatMap { base64Decoded($0.part.md5) ?? [] }
    object.etag = "\(etag(md5: md5(digests), object.encryption, call))-\(parts.count)"
    try requireWritable(object, key: upload.key.text, in: bucket, call)
    object.blob = try joined(parts.map(\.part), call)
    for part in upload.parts.values where part.blob != object.blob { call.realm.abandon(part.blob) }
    call.state.s3.buckets[bucket.name]?.uploads[input.text("UploadId")] = nil
    let kept = add(object, upload.key, bucket.name, call)
    var fields: Fields = [
      "Location": .string(
        "http://\(call.request.host)/\(bucket.name)/\(percentEncoded(upload.key.text, keepingSlash: false))"),
      "Bucket": .string(bucket.name), "Key": .string(upload.key.text), "ETag": .string("\"\(kept.etag)\""),
    ]
    kept.checksum?.add(to: &fields)
    addEncryption(kept.encryption, to: &fields)
    if bucket.versioning == "Enabled" { fields["VersionId"] = .string(kept.versionID) }
    return .object(fields)
  }

  /// The checksum of the whole: as the upload was begun, or the CRC64NVME that S3 makes itself.
  private static func checksum(
    of parts: [(number: Int, part: MultipartUpload.Part)], _ upload: MultipartUpload, _ input: Value
  ) throws(ServiceFault) -> ObjectChecksum? {
    let algorithm = upload.checksumAlgorithm ?? "CRC64NVME"
    let type = upload.checksumType ?? "FULL_OBJECT"
    if let asked = input["ChecksumType"]?.string, asked != type {
      throw fault(
        "InvalidRequest",
        "The upload was created using the \(type) checksum mode. The complete request must use the same checksum mode."
      )
    }
    let values = parts.map { _, part in
      (value: part.checksum?.algorithm == algorithm ? part.checksum?.value ?? "" : part.crc64nvme, part.size)
    }
    let checksum = S3Checksums.ofParts(values, algorithm, type)
    guard let given = S3Checksums.given(input), given.algorithm == checksum?.algorithm else {
      return checksum
    }
    guard given.value == checksum?.value else {
      throw fault("BadDigest", "The \(algorithm) you specified did not match the calculated checksum.")
    }
    return checksum
  }

  /// One name for the bytes of all parts, one after the other; a single part keeps its own.
  private static func joined(_ parts: [MultipartUpload.Part], _ call: Call) throws(ServiceFault) -> String {
    if parts.count == 1, let only = parts.first { return only.blob }
    let name = call.state.generator.hex(32)
    let store = call.realm.store
    var rest = parts.map(\.blob)[...]
    var reader: BodyReader?
    try stored { () throws(StoreError) in
      try store.put(as: name) { () throws(StoreError) in
        while true {
          if let piece = try reader?.next() { return piece }
          guard let blob = rest.popFirst() else { return nil }
          guard let body = store.body(blob) else {
            throw StoreError("the practice account has no bytes named \(blob)")
          }
          reader = try BodyReader(body)
        }
      }
    }
    return name
  }
}
