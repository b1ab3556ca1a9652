import ServiceModels
import Wire

extension S3Service {
  static let deletionRules: [String: OperationRule] = [
    "DeleteObject": OperationRule(
      onObject("DeleteObject", versioned: "DeleteObjectVersion"),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        for (member, header) in [
          ("IfMatchLastModifiedTime", "x-amz-if-match-last-modified-time"),
          ("IfMatchSize", "x-amz-if-match-size"),
        ] where input[member] != nil {
          throw fault(
            "NotImplemented", "A header you provided implies functionality that is not implemented", 501,
            ["Header": .string(header)])
        }
        let current = bucket.objects[ObjectKey(text: input.text("Key"))]?.first
        try checkDeleting(input["IfMatch"]?.string, current: current)
        let outcome = delete(ObjectKey(text: input.text("Key")), input["VersionId"]?.string, bucket, call)
        var fields: Fields = [:]
        if outcome.isMarker { fields["DeleteMarker"] = true }
        fields.add("VersionId", outcome.version.map(Value.string))
        return .object(fields)
      }),
    "DeleteObjects": OperationRule(
      // Rights are asked object by object: a right that is missing spoils that object only.
      { (input, call) throws(ServiceFault) in
        _ = try onBucket("DeleteObject")(input, call)
        return []
      }, deleteObjects),
  ]

  private static func deleteObjects(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let bucket = try bucket(input, call)
    let objects = input["Delete"]?.items("Objects") ?? []
    guard !objects.isEmpty, objects.count <= 1000 else { throw malformedXML }
    var deleted: [Value] = []
    var errors: [Value] = []
    for object in objects {
      let key = object.text("Key")
      let version = object["VersionId"]?.string
      let asked = question(version == nil ? "DeleteObject" : "DeleteObjectVersion", bucket.name, key, call)
      let verdict = call.verdict(asked)
      var fields: Fields = ["Key": .string(key)]
      fields.add("VersionId", version.map(Value.string))
      guard verdict.isAllowed else {
        fields["Code"] = "AccessDenied"
        fields["Message"] = .string(denialText(asked, verdict, call.principal, quoted: true))
        errors.append(.object(fields))
        continue
      }
      let current = call.seen.s3.buckets[bucket.name] ?? bucket
      do {
        try checkDeleting(object["ETag"]?.string, current: current.objects[ObjectKey(text: key)]?.first)
      } catch {
        fields["Code"] = .string(error.code)
        fields["Message"] = .string(error.message)
        errors.append(.object(fields))
        continue
      }
      let outcome = delete(ObjectKey(text: key), version, current, call)
      if outcome.isMarker {
        fields["DeleteMarker"] = true
        fields.add("DeleteMarkerVersionId", outcome.version.map(Value.string))
      }
      deleted.append(.object(fields))
    }
    var result: Fields = [:]
    if input["Delete"]?["Quiet"]?.bool != true, !deleted.isEmpty { result["Deleted"] = .list(deleted) }
    if !errors.isEmpty { result["Errors"] = .list(errors) }
    return .object(result)
  }

  /// Removes a version for good, or covers the object with a delete marker. Deleting what is not there is a
  /// success. Nothing here asks KMS.
  private static func delete(
    _ key: ObjectKey, _ version: String?, _ bucket: Bucket, _ call: Call
  ) -> (isMarker: Bool, version: String?) {
    if version == nil, bucket.versioning != nil {
      let marker = add(
        ObjectVersion(versionID: "null", isDeleteMarker: true, modified: call.now.wholeSeconds), key,
        bucket.name, call)
      return (true, marker.versionID)
    }
    guard var versions = bucket.objects[key] else { return (false, version) }
    let wanted = version ?? "null"
    let gone = versions.first { $0.versionID == wanted }
    gone?.blob.map(call.realm.abandon)
    versions.removeAll { $0.versionID == wanted }
    call.state.s3.buckets[bucket.name]?.objects[key] = versions.isEmpty ? nil : versions
    return (gone?.isDeleteMarker ?? false, version)
  }
}
