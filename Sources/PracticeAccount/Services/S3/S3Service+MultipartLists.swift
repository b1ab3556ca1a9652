import ServiceModels
import Wire

/// What is being uploaded.
extension S3Service {
  static let multipartListRules: [String: OperationRule] = [
    "ListParts": OperationRule(onObject("ListMultipartUploadParts"), listParts),
    "ListMultipartUploads": OperationRule(onBucket("ListBucketMultipartUploads"), listUploads),
  ]

  private static func listParts(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let upload = try upload(input, call)
    let after = Int(
      clamping: input["PartNumberMarker"]?.string.flatMap { Int64($0) } ?? input["PartNumberMarker"]?.integer
        ?? 0)
    let most = try limit(input, "MaxParts", "max-parts")
    let rest = upload.parts.keys.filter { $0 > after }.sorted()
    let shown = rest.prefix(most)
    var fields: Fields = [
      "Bucket": .string(input.text("Bucket")), "Key": .string(upload.key.text),
      "UploadId": .string(input.text("UploadId")), "PartNumberMarker": .integer(Int64(after)),
      "MaxParts": .integer(Int64(most)), "IsTruncated": .bool(rest.count > shown.count),
      "StorageClass": .string(upload.object.system["StorageClass"] ?? "STANDARD"),
      "Owner": ["ID": .string(call.seen.s3.ownerID)],
      "Initiator": [
        "ID": .string(upload.initiator), "DisplayName": .string(name(ofPrincipal: upload.initiator)),
      ],
    ]
    fields.add("ChecksumAlgorithm", upload.checksumAlgorithm.map(Value.string))
    fields.add("ChecksumType", upload.checksumType.map(Value.string))
    if rest.count > shown.count, let last = shown.last {
      fields["NextPartNumberMarker"] = .integer(Int64(last))
    }
    fields["Parts"] = .list(
      shown.compactMap { number in
        upload.parts[number].map { part in
          var fields: Fields = [
            "PartNumber": .integer(Int64(number)), "LastModified": .timestamp(part.modified),
            "ETag": .string("\"\(part.etag)\""), "Size": .integer(part.size),
          ]
          part.checksum?.add(to: &fields, withType: false)
          return .object(fields)
        }
      })
    return .object(fields)
  }

  private static func name(ofPrincipal arn: String) -> String {
    arn.split(separator: "/").last.map(String.init) ?? arn
  }

  /// Uploads by key, those of one key by when they began; common prefixes count as one each.
  private static func listUploads(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    let prefix = ObjectKey(text: input.text("Prefix"))
    let delimiter = input.text("Delimiter")
    let marker = input["KeyMarker"]?.string.map { ObjectKey(text: $0) }
    let idMarker = input["UploadIdMarker"]?.string ?? ""
    let most = try limit(input, "MaxUploads", "max-uploads")
    let all = bucket.uploads.filter { $0.value.key.text.utf8.starts(with: prefix.text.utf8) }
      .sorted { ($0.value.key, $0.value.initiated, $0.key) < ($1.value.key, $1.value.initiated, $1.key) }
    var uploads: [Value] = []
    var prefixes: [String] = []
    var last: (key: String, id: String)?
    var isPassed = idMarker.isEmpty
    var truncated = false
    for (id, upload) in all {
      if let marker, upload.key <= marker {
        // With an upload's id as well, those of the same key that come after it are still to be shown.
        guard upload.key == marker, !idMarker.isEmpty else { continue }
        if !isPassed {
          isPassed = id == idMarker
          continue
        }
      }
      let common = commonPrefix(of: upload.key.text, prefix: prefix.text, delimiter: delimiter)
      if let common, prefixes.last == common || marker?.text.hasPrefix(common) == true { continue }
      if uploads.count + prefixes.count == most {
        truncated = most > 0
        break
      }
      if let common {
        prefixes.append(common)
        last = (common, "")
        continue
      }
      last = (upload.key.text, id)
      var fields: Fields = [
        "UploadId": .string(id), "Key": encoded(upload.key.text, input),
        "Initiated": .timestamp(upload.initiated),
        "StorageClass": .string(upload.object.system["StorageClass"] ?? "STANDARD"),
        "Owner": ["ID": .string(call.seen.s3.ownerID)],
        "Initiator": [
          "ID": .string(upload.initiator), "DisplayName": .string(name(ofPrincipal: upload.initiator)),
        ],
      ]
      fields.add("ChecksumAlgorithm", upload.checksumAlgorithm.map(Value.string))
      fields.add("ChecksumType", upload.checksumType.map(Value.string))
      uploads.append(.object(fields))
    }
    var fields: Fields = [
      "Bucket": .string(bucket.name), "KeyMarker": encoded(input.text("KeyMarker"), input),
      "UploadIdMarker": .string(idMarker), "MaxUploads": .integer(Int64(most)),
      "IsTruncated": .bool(truncated), "Prefix": encoded(prefix.text, input),
    ]
    if !delimiter.isEmpty { fields["Delimiter"] = encoded(delimiter, input) }
    fields.add("EncodingType", input["EncodingType"])
    if truncated, let last {
      fields["NextKeyMarker"] = encoded(last.key, input)
      fields["NextUploadIdMarker"] = .string(last.id)
    }
    if !uploads.isEmpty { fields["Uploads"] = .list(uploads) }
    if !prefixes.isEmpty {
      fields["CommonPrefixes"] = .list(prefixes.map { ["Prefix": encoded($0, input)] })
    }
    return .object(fields)
  }

  private static func commonPrefix(of key: String, prefix: String, delimiter: String) -> String? {
    let bytes = Array(key.utf8)
    guard !delimiter.isEmpty,
      let end = firstEnd(of: Array(delimiter.utf8), in: bytes, from: prefix.utf8.count)
    else { return nil }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }
}
