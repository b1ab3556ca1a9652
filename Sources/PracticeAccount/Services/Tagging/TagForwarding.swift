import ServiceModels
import Wire

/// A call to the service that owns a resource, made with the caller's rights.
///
/// Tagging needs `tag:TagResources` and the owner's own right (API reference, TagResources), so that the owner's
/// rules are asked and followed as if the caller had called it.
struct TagForwarding {
  var service: String
  var operation: String
  var input: @Sendable (Call) -> Value

  private init(_ service: String, _ operation: String, _ input: @escaping @Sendable (Call) -> Value) {
    self.service = service
    self.operation = operation
    self.input = input
  }

  private static func list(_ tags: [Tag], _ key: String = "Key", _ value: String = "Value") -> Value {
    .list(tags.map { .object([key: .string($0.key), value: .string($0.value)]) })
  }

  private static func map(_ tags: [Tag]) -> Value {
    .object(Fields(tags.map { Fields.Field($0.key, .string($0.value)) }))
  }

  /// What adds tags to a resource; nil if nothing does.
  static func tagging(_ arn: ResourceARN, _ tags: [Tag]) -> TagForwarding? {
    switch (arn.service, arn.type) {
    case ("kms", "key"):
      TagForwarding("kms", "TagResource") { _ in
        ["KeyId": .string(arn.text), "Tags": list(tags, "TagKey", "TagValue")]
      }
    case ("s3", _):
      bucket(arn) { old in old.filter { tag in !tags.contains { $0.key == tag.key } } + tags }
    case ("ec2", _):
      TagForwarding("ec2", "CreateTags") { _ in ["Resources": [.string(arn.name)], "Tags": list(tags)] }
    case ("macie2", _), ("logs", _):
      TagForwarding(arn.service, "TagResource") { _ in ["resourceArn": .string(arn.text), "tags": map(tags)] }
    case ("iam", _):
      iam(arn, "Tag", ["Tags": list(tags)])
    default: nil
    }
  }

  /// What takes tags off a resource; nil if nothing does.
  static func untagging(_ arn: ResourceARN, _ keys: [String]) -> TagForwarding? {
    let names = Value.list(keys.map(Value.string))
    return switch (arn.service, arn.type) {
    case ("kms", "key"):
      TagForwarding("kms", "UntagResource") { _ in ["KeyId": .string(arn.text), "TagKeys": names] }
    case ("s3", _): bucket(arn) { old in old.filter { !keys.contains($0.key) } }
    case ("ec2", _):
      TagForwarding("ec2", "DeleteTags") { _ in
        ["Resources": [.string(arn.name)], "Tags": .list(keys.map { ["Key": .string($0)] })]
      }
    case ("macie2", _), ("logs", _):
      TagForwarding(arn.service, "UntagResource") { _ in
        ["resourceArn": .string(arn.text), "tagKeys": names]
      }
    case ("iam", _): iam(arn, "Untag", ["TagKeys": names])
    default: nil
    }
  }

  /// S3 knows the tags of a bucket as a whole only.
  private static func bucket(
    _ arn: ResourceARN, _ change: @escaping @Sendable ([Tag]) -> [Tag]
  ) -> TagForwarding {
    TagForwarding("s3", "PutBucketTagging") { call in
      let tags = change(call.seen.s3.buckets[arn.name]?.tags ?? [])
      return ["Bucket": .string(arn.name), "Tagging": ["TagSet": list(tags)]]
    }
  }

  private static func iam(_ arn: ResourceARN, _ verb: String, _ rest: Fields) -> TagForwarding? {
    let name = Value.string(arn.name.split(separator: "/").last.map(String.init) ?? "")
    let (type, member, value): (String, String, Value)
    switch arn.type {
    case "role": (type, member, value) = ("Role", "RoleName", name)
    case "user": (type, member, value) = ("User", "UserName", name)
    case "policy": (type, member, value) = ("Policy", "PolicyArn", .string(arn.text))
    case "instance-profile": (type, member, value) = ("InstanceProfile", "InstanceProfileName", name)
    default: return nil
    }
    var input = rest
    input[member] = value
    let whole = Value.object(input)
    return TagForwarding("iam", verb + type) { _ in whole }
  }

  /// Asks the owner's rights and does it. If it fails, nothing of it stays but why it was refused.
  func perform(for call: Call) throws(ServiceFault) {
    guard let owner = Services.all[service], let rule = owner.rules[operation] else {
      throw fault(
        "InternalServiceException", "The practice account does not implement \(operation) of \(service).", 500
      )
    }
    let own = Call(
      realm: call.realm, service: service, operation: operation, region: call.region,
      principal: call.principal, request: call.request, requestID: call.requestID)
    let before = call.seen
    do throws(ServiceFault) {
      let input = input(own)
      for question in try rule.questions(input, own) + reading(input, own) {
        let verdict = own.verdict(question)
        guard verdict.isAllowed else {
          call.realm.remark(service, question.resource, "\(operation) was denied: \(verdict.reason).")
          throw owner.denial(question, verdict, call.principal)
        }
      }
      try owner.precondition?(own)
      _ = try rule.handle(input, own)
    } catch {
      let (remarks, denials) = (call.seen.remarks, call.seen.denials)
      call.state = before
      call.state.remarks = remarks
      call.state.denials = denials
      throw error
    }
  }

  /// To know a bucket's tags as a whole one has to read them first.
  private func reading(_ input: Value, _ call: Call) throws(ServiceFault) -> [AccessQuestion] {
    guard service == "s3", let rule = Services.all[service]?.rules["GetBucketTagging"] else { return [] }
    return try rule.questions(["Bucket": .string(input.text("Bucket"))], call)
  }
}
