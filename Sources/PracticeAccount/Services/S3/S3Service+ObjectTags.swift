import ServiceModels
import Wire

/// Tags and attributes of objects that are there.
extension S3Service {
  static let objectTagRules: [String: OperationRule] = [
    "GetObjectTagging": OperationRule(
      onObject("GetObjectTagging", versioned: "GetObjectVersionTagging"),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        let version = try version(input, bucket, call)
        var fields: Fields = [
          "TagSet": .list(version.tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })
        ]
        if bucket.versioning != nil { fields["VersionId"] = .string(version.versionID) }
        return .object(fields)
      }),
    "PutObjectTagging": OperationRule(
      onObject("PutObjectTagging", versioned: "PutObjectVersionTagging"),
      { (input, call) throws(ServiceFault) in
        let tags = readTags(input["Tagging"])
        if Set(tags.map(\.key)).count < tags.count {
          throw fault("InvalidTag", "Cannot provide multiple Tags with the same key")
        }
        try checkObjectTags(tags)
        return try retag(input, tags, call)
      }),
    "DeleteObjectTagging": OperationRule(
      onObject("DeleteObjectTagging", versioned: "DeleteObjectVersionTagging"),
      { (input, call) throws(ServiceFault) in try retag(input, [], call) }),
    "GetObjectAttributes": OperationRule(
      { (input, call) throws(ServiceFault) in
        let names =
          input["VersionId"] == nil
          ? ["GetObject", "GetObjectAttributes"] : ["GetObjectVersion", "GetObjectVersionAttributes"]
        var questions: [AccessQuestion] = []
        for name in names { questions += try onObject(name)(input, call) }
        return questions
      }, attributes),
  ]

  /// Objects have at most ten tags (S3 user guide, "Categorizing your objects using tags").
  static func checkObjectTags(_ tags: [Tag]) throws(ServiceFault) {
    if tags.count > 10 { throw fault("BadRequest", "Object tags cannot be greater than 10") }
    for tag in tags {
      if tag.key.isEmpty || tag.key.unicodeScalars.count > 128 {
        throw fault(
          "InvalidTag", "The TagKey you have provided is invalid", 400, ["TagKey": .string(tag.key)])
      }
      if tag.value.unicodeScalars.count > 256 {
        throw fault(
          "InvalidTag", "The TagValue you have provided is invalid", 400, ["TagValue": .string(tag.value)])
      }
      if tag.key.lowercased().hasPrefix("aws:") {
        throw fault(
          "InvalidTag", "Your TagKey cannot be prefixed with aws:", 400, ["TagKey": .string(tag.key)])
      }
    }
  }

  private static func retag(_ input: Value, _ tags: [Tag], _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    let wanted = try version(input, bucket, call)
    let key = ObjectKey(text: input.text("Key"))
    var versions = bucket.objects[key] ?? []
    for i in versions.indices where versions[i].versionID == wanted.versionID { versions[i].tags = tags }
    call.state.s3.buckets[bucket.name]?.objects[key] = versions
    return bucket.versioning == nil ? [:] : ["VersionId": .string(wanted.versionID)]
  }

  private static func attributes(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    let version = try version(input, bucket, call)
    try requireReadable(version, key: input.text("Key"), in: bucket, call)
    let wanted = Set(input.texts("ObjectAttributes"))
    let known: Set<String> = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
    guard !wanted.isEmpty, wanted.isSubset(of: known) else {
      throw fault(
        "InvalidArgument", "Invalid attribute name specified.", 400,
        ["ArgumentName": "x-amz-object-attributes"])
    }
    var fields: Fields = ["LastModified": .timestamp(version.modified)]
    if bucket.versioning != nil { fields["VersionId"] = .string(version.versionID) }
    if wanted.contains("ETag") { fields["ETag"] = .string(version.etag) }
    if wanted.contains("Checksum"), let checksum = version.checksum {
      var members: Fields = [:]
      checksum.add(to: &members)
      // Here the value of a composite checksum stands without the number of parts.
      if checksum.type == "COMPOSITE", let plain = checksum.value.split(separator: "-").first {
        members["Checksum\(checksum.algorithm)"] = .string(String(plain))
      }
      fields["Checksum"] = .object(members)
    }
    if wanted.contains("ObjectParts"), !version.parts.isEmpty {
      fields["ObjectParts"] = try parts(of: version, input)
    }
    if wanted.contains("StorageClass") {
      fields["StorageClass"] = .string(version.system["StorageClass"] ?? "STANDARD")
    }
    if wanted.contains("ObjectSize") { fields["ObjectSize"] = .integer(version.size) }
    return .object(fields)
  }

  /// The single parts are shown where they have checksums of their own.
  private static func parts(of version: ObjectVersion, _ input: Value) throws(ServiceFault) -> Value {
    var fields: Fields = ["TotalPartsCount": .integer(Int64(version.parts.count))]
    guard version.parts.allSatisfy({ $0.checksum != nil }) else { return .object(fields) }
    let marker = Int(
      clamping: input["PartNumberMarker"]?.string.flatMap { Int64($0) } ?? input["PartNumberMarker"]?.integer
        ?? 0)
    let most = try limit(input, "MaxParts", "max-parts")
    let rest = version.parts.filter { $0.number > marker }
    let shown = rest.prefix(most)
    fields["PartNumberMarker"] = .integer(Int64(marker))
    fields["MaxParts"] = .integer(Int64(most))
    fields["IsTruncated"] = .bool(rest.count > shown.count)
    fields["NextPartNumberMarker"] = .integer(Int64(shown.last?.number ?? 0))
    fields["Parts"] = .list(
      shown.map { part in
        var fields: Fields = ["PartNumber": .integer(Int64(part.number)), "Size": .integer(part.size)]
        part.checksum?.add(to: &fields, withType: false)
        return .object(fields)
      })
    return .object(fields)
  }
}
