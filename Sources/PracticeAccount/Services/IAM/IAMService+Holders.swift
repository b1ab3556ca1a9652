import ServiceModels
import Wire

/// What users, groups and roles have in common: inline policies, attached policies, tags.
extension IAMService {
  static func holderRules<Holder: PolicyHolder>(_ kind: Holder.Type) -> [String: OperationRule] {
    let title = Holder.title
    let rules = inlineRules(kind).merging(attachmentRules(kind)) { a, _ in a }
    if kind is IAMGroup.Type { return rules }
    return rules.merging(tagRules(kind, title)) { a, _ in a }
  }

  private static func inlineRules<Holder: PolicyHolder>(_: Holder.Type) -> [String: OperationRule] {
    let title = Holder.title
    let word = title.lowercased()
    let nameOf = title + "Name"
    return [
      "Put\(title)Policy": OperationRule(
        on(Holder.self, "Put\(title)Policy"),
        { (input, call) throws(ServiceFault) in
          let (name, text) = (input.text("PolicyName"), input.text("PolicyDocument"))
          try checkName(name, "policyName", most: 128)
          _ = try find(Holder.self, input.text(nameOf), call)
          try checkPolicy(text, kind: .identity)
          try change(Holder.self, input, call) { (holder) throws(ServiceFault) in
            holder.inline[name] = text
            if holder.inline.values.reduce(0, { $0 + size($1) }) > Holder.inlineLimit {
              throw fault(
                "LimitExceeded",
                "Maximum policy size of \(Holder.inlineLimit) bytes exceeded for \(word) \(holder.name)", 409)
            }
          }
          return [:]
        }),
      "Get\(title)Policy": OperationRule(
        on(Holder.self, "Get\(title)Policy"),
        { (input, call) throws(ServiceFault) in
          let holder = try find(Holder.self, input.text(nameOf), call)
          guard let policy = holder.inline[input.text("PolicyName")] else { throw noPolicy(word, input) }
          return [
            nameOf: .string(holder.name), "PolicyName": .string(input.text("PolicyName")),
            "PolicyDocument": .string(percentEncoded(policy)),
          ]
        }),
      "List\(title)Policies": OperationRule(
        on(Holder.self, "List\(title)Policies"),
        { (input, call) throws(ServiceFault) in
          let names = try find(Holder.self, input.text(nameOf), call).inline.keys.sorted()
          return try page(names, input, "PolicyNames", Value.string)
        }),
      "Delete\(title)Policy": OperationRule(
        on(Holder.self, "Delete\(title)Policy"),
        { (input, call) throws(ServiceFault) in
          try change(Holder.self, input, call) { (holder) throws(ServiceFault) in
            guard holder.inline.removeValue(forKey: input.text("PolicyName")) != nil else {
              throw noPolicy(word, input)
            }
          }
          return [:]
        }),
    ]
  }

  private static func attachmentRules<Holder: PolicyHolder>(_: Holder.Type) -> [String: OperationRule] {
    let title = Holder.title
    return [
      "Attach\(title)Policy": OperationRule(
        on(Holder.self, "Attach\(title)Policy"),
        { (input, call) throws(ServiceFault) in
          let arn = input.text("PolicyArn")
          try checkPolicyARN(arn)
          guard call.realm.managedText(arn) != nil else {
            throw missing("Policy \(arn) does not exist or is not attachable.")
          }
          if policyPath(arn) == "/aws-service-role/" {
            throw fault(
              "PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")
          }
          try change(Holder.self, input, call) { (holder) throws(ServiceFault) in
            if holder.attached.contains(arn) { return }
            try checkQuota(holder.attached.count, IAMQuota.attachedPolicies, "PoliciesPer\(title)")
            holder.attached.append(arn)
          }
          return [:]
        }),
      "Detach\(title)Policy": OperationRule(
        on(Holder.self, "Detach\(title)Policy"),
        { (input, call) throws(ServiceFault) in
          try change(Holder.self, input, call) { (holder) throws(ServiceFault) in
            guard holder.attached.contains(input.text("PolicyArn")) else {
              throw missing("Policy \(input.text("PolicyArn")) was not found.")
            }
            holder.attached.removeAll { $0 == input.text("PolicyArn") }
          }
          return [:]
        }),
      "ListAttached\(title)Policies": OperationRule(
        on(Holder.self, "ListAttached\(title)Policies"),
        { (input, call) throws(ServiceFault) in
          let prefix = input["PathPrefix"]?.string ?? "/"
          let arns = try find(Holder.self, input.text(title + "Name"), call).attached
            .filter { policyPath($0).hasPrefix(prefix) }
          return try page(arns, input, "AttachedPolicies", attachedPolicy)
        }),
    ]
  }

  private static func tagRules<Holder: PolicyHolder>(_: Holder.Type, _ title: String)
    -> [String: OperationRule]
  {
    [
      "Tag\(title)": OperationRule(
        { (input, call) throws(ServiceFault) in
          try on(Holder.self, "Tag\(title)")(input, call).map { $0.requesting(readTags(input)) }
        },
        { (input, call) throws(ServiceFault) in
          try change(Holder.self, input, call) { (holder) throws(ServiceFault) in
            holder.tags = try newTags(input, holder.tags)
          }
          return [:]
        }),
      "Untag\(title)": OperationRule(
        { (input, call) throws(ServiceFault) in
          try on(Holder.self, "Untag\(title)")(input, call).map { $0.untagging(input.texts("TagKeys")) }
        },
        { (input, call) throws(ServiceFault) in
          try change(Holder.self, input, call) { untag(input, &$0.tags) }
          return [:]
        }),
      "List\(title)Tags": OperationRule(
        on(Holder.self, "List\(title)Tags"),
        { (input, call) throws(ServiceFault) in
          let tags = try find(Holder.self, input.text(title + "Name"), call).tags
          return try page(tags, input, "Tags") { ["Key": .string($0.key), "Value": .string($0.value)] }
        }),
    ]
  }

  static func attachedPolicy(_ arn: String) -> Value {
    ["PolicyName": .string(policyName(arn)), "PolicyArn": .string(arn)]
  }

  static func policyName(_ arn: String) -> String { String(arn.split(separator: "/").last ?? "") }

  /// `/service-role/` of `arn:aws:iam::aws:policy/service-role/X`.
  static func policyPath(_ arn: String) -> String {
    let parts = arn.split(separator: "/").dropFirst().dropLast()
    return parts.isEmpty ? "/" : "/" + parts.joined(separator: "/") + "/"
  }

  private static func noPolicy(_ word: String, _ input: Value) -> ServiceFault {
    missing("The \(word) policy with name \(input.text("PolicyName")) cannot be found.")
  }

  // MARK: boundaries

  static let boundaryRules: [String: OperationRule] = boundaryRules(IAMUser.self)
    .merging(boundaryRules(IAMRole.self)) { a, _ in a }

  private static func boundaryRules<Holder: PolicyHolder>(_: Holder.Type) -> [String: OperationRule] {
    let title = Holder.title
    return [
      "Put\(title)PermissionsBoundary": OperationRule(
        on(Holder.self, "Put\(title)PermissionsBoundary"),
        { (input, call) throws(ServiceFault) in
          let arn = try boundary(input, call)
          try change(Holder.self, input, call) { $0.boundary = arn }
          return [:]
        }),
      "Delete\(title)PermissionsBoundary": OperationRule(
        on(Holder.self, "Delete\(title)PermissionsBoundary"),
        { (input, call) throws(ServiceFault) in
          try change(Holder.self, input, call) { (holder) throws(ServiceFault) in
            guard holder.boundary != nil else {
              throw missing(
                "\(title) \(holder.name) does not have a permissions boundary.")
            }
            holder.boundary = nil
          }
          return [:]
        }),
    ]
  }

  /// The boundary that the input names, if there is such a policy.
  static func boundary(_ input: Value, _ call: Call) throws(ServiceFault) -> String? {
    guard let arn = input["PermissionsBoundary"]?.string else { return nil }
    guard call.realm.managedText(arn) != nil else {
      throw missing("Scope ARN: \(arn) does not exist or is not attachable.")
    }
    return arn
  }
}
