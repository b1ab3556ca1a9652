import ServiceModels
import Wire

/// A managed policy, whoever made it, as the operations show it.
private struct ShownPolicy {
  var arn: String
  var id: String
  var created: Timestamp
  var updated: Timestamp
  var description: String?
  var defaultVersion: String
  var tags: [Tag]
  var isAttachable: Bool

  init(_ arn: String, _ policy: IAMManagedPolicy) {
    self.arn = arn
    id = policy.id
    created = policy.created
    updated = policy.updated
    description = policy.description
    defaultVersion = policy.defaultVersion
    tags = policy.tags
    isAttachable = true
  }

  init(_ policy: ManagedPolicy) {
    arn = policy.arn
    id = policy.id
    created = policy.created
    updated = policy.created
    description = policy.description
    defaultVersion = "v1"
    tags = []
    isAttachable = policy.path != "/aws-service-role/"
  }
}

extension IAMService {
  /// A right on the policy that `PolicyArn` names.
  static func onPolicy(_ operation: String) -> OperationRule.Questions {
    { (input, call) in
      let arn = input.text("PolicyArn")
      return [question(operation, arn, call.seen.iam.policies[arn]?.tags ?? [])]
    }
  }

  static func ownPolicy(_ input: Value, _ call: Call) throws(ServiceFault) -> IAMManagedPolicy {
    let arn = input.text("PolicyArn")
    try checkPolicyARN(arn)
    if ManagedPolicies.byARN[arn] != nil {
      // The text is AWS's for whatever is not the customer's.
      throw fault("AccessDenied", "Policy is outside your own account.", 403)
    }
    guard let policy = call.seen.iam.policies[arn] else { throw missing("Policy \(arn) was not found.") }
    return policy
  }

  static func checkPolicyARN(_ arn: String) throws(ServiceFault) {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("policy/") else {
      throw fault("ValidationError", "ARN \(arn) is not valid.")
    }
  }

  private static func shown(_ arn: String, _ call: Call) throws(ServiceFault) -> ShownPolicy {
    try checkPolicyARN(arn)
    if let policy = ManagedPolicies.byARN[arn] { return ShownPolicy(policy) }
    guard let policy = call.seen.iam.policies[arn] else { throw missing("Policy \(arn) was not found.") }
    return ShownPolicy(arn, policy)
  }

  private static func describe(_ policy: ShownPolicy, _ call: Call, full: Bool) -> Fields {
    let (attached, fencing) = uses(of: policy.arn, call)
    var fields: Fields = [
      "PolicyName": .string(policyName(policy.arn)), "PolicyId": .string(policy.id),
      "Arn": .string(policy.arn),
      "Path": .string(policyPath(policy.arn)), "DefaultVersionId": .string(policy.defaultVersion),
      "AttachmentCount": .integer(Int64(attached)), "PermissionsBoundaryUsageCount": .integer(Int64(fencing)),
      "IsAttachable": .bool(policy.isAttachable), "CreateDate": .timestamp(policy.created),
      "UpdateDate": .timestamp(policy.updated),
    ]
    if full {
      fields.add("Description", policy.description.map(Value.string))
      fields["Tags"] = tagList(policy.tags)
    }
    return fields
  }

  /// How often a policy is attached, and how often it is somebody's boundary.
  private static func uses(of arn: String, _ call: Call) -> (attached: Int, fencing: Int) {
    let iam = call.seen.iam
    let attached =
      iam.users.values.count { $0.attached.contains(arn) }
      + iam.groups.values.count { $0.attached.contains(arn) }
      + iam.roles.values.count { $0.attached.contains(arn) }
    let fencing =
      iam.users.values.count { $0.boundary == arn } + iam.roles.values.count { $0.boundary == arn }
    return (attached, fencing)
  }

  static let policyRules: [String: OperationRule] = [
    "CreatePolicy": OperationRule(
      { (input, call) in
        let path = input["Path"]?.string ?? "/"
        return [
          AccessQuestion("iam:CreatePolicy", call.iamARN("policy\(path)\(input.text("PolicyName"))"))
            .requesting(readTags(input))
        ]
      },
      { (input, call) throws(ServiceFault) in
        let (name, text) = (input.text("PolicyName"), input.text("PolicyDocument"))
        try checkName(name, "policyName", most: 128)
        let path = try path(input)
        try checkManaged(text)
        if isTaken(name, among: call.seen.iam.policies.values.map(\.name)) {
          throw fault(
            "EntityAlreadyExists", "A policy called \(name) already exists. Duplicate names are not allowed.",
            409)
        }
        try checkQuota(call.seen.iam.policies.count, IAMQuota.policies, "PoliciesPerAccount")
        let time = call.now.wholeSeconds
        let policy = IAMManagedPolicy(
          name: name, path: path, id: "ANPA" + call.state.generator.base32(17), created: time, updated: time,
          description: input["Description"]?.string, tags: try newTags(input),
          versions: [.init(id: "v1", document: text, created: time)])
        let arn = call.iamARN("policy\(path)\(name)")
        call.state.iam.policies[arn] = policy
        var fields = describe(ShownPolicy(arn, policy), call, full: false)
        if !policy.tags.isEmpty { fields["Tags"] = tagList(policy.tags) }
        return ["Policy": .object(fields)]
      }),
    "GetPolicy": OperationRule(
      onPolicy("GetPolicy"),
      { (input, call) throws(ServiceFault) in
        ["Policy": .object(describe(try shown(input.text("PolicyArn"), call), call, full: true))]
      }),
    "ListPolicies": OperationRule(
      { (_, _) in [AccessQuestion("iam:ListPolicies")] },
      { (input, call) throws(ServiceFault) in
        let scope = input["Scope"]?.string ?? "All"
        let prefix = try path(input, orPrefix: "PathPrefix")
        var all: [ShownPolicy] = []
        if scope != "AWS" {
          all += call.seen.iam.policies.sorted { $0.value.name < $1.value.name }.map { ShownPolicy($0, $1) }
        }
        if scope != "Local" { all += ManagedPolicies.all.map { ShownPolicy($0) } }
        all = all.filter { policyPath($0.arn).hasPrefix(prefix) }
        if input["OnlyAttached"]?.bool == true { all = all.filter { uses(of: $0.arn, call).attached > 0 } }
        switch input["PolicyUsageFilter"]?.string {
        case "PermissionsBoundary": all = all.filter { uses(of: $0.arn, call).fencing > 0 }
        case "PermissionsPolicy": all = all.filter { uses(of: $0.arn, call).attached > 0 }
        default: break
        }
        return try page(all, input, "Policies") { .object(describe($0, call, full: false)) }
      }),
    "DeletePolicy": OperationRule(
      onPolicy("DeletePolicy"),
      { (input, call) throws(ServiceFault) in
        let policy = try ownPolicy(input, call)
        let (attached, fencing) = uses(of: input.text("PolicyArn"), call)
        if attached + fencing > 0 { throw conflict("Cannot delete a policy attached to entities.") }
        if policy.versions.count > 1 {
          throw conflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's "
              + "versions. The default version is deleted with the policy.")
        }
        call.state.iam.policies[input.text("PolicyArn")] = nil
        return [:]
      }),
    "ListEntitiesForPolicy": OperationRule(onPolicy("ListEntitiesForPolicy"), listEntities),
    "TagPolicy": OperationRule(
      { (input, call) throws(ServiceFault) in
        try onPolicy("TagPolicy")(input, call).map { $0.requesting(readTags(input)) }
      },
      { (input, call) throws(ServiceFault) in
        let policy = try ownPolicy(input, call)
        call.state.iam.policies[input.text("PolicyArn")]?.tags = try newTags(input, policy.tags)
        return [:]
      }),
    "UntagPolicy": OperationRule(
      { (input, call) throws(ServiceFault) in
        try onPolicy("UntagPolicy")(input, call).map { $0.untagging(input.texts("TagKeys")) }
      },
      { (input, call) throws(ServiceFault) in
        var policy = try ownPolicy(input, call)
        untag(input, &policy.tags)
        call.state.iam.policies[input.text("PolicyArn")] = policy
        return [:]
      }),
    "ListPolicyTags": OperationRule(
      onPolicy("ListPolicyTags"),
      { (input, call) throws(ServiceFault) in
        try page(try shown(input.text("PolicyArn"), call).tags, input, "Tags") {
          ["Key": .string($0.key), "Value": .string($0.value)]
        }
      }),
  ]

  static func checkManaged(_ text: String) throws(ServiceFault) {
    try checkPolicy(text, kind: .identity)
    if size(text) > IAMQuota.policySize {
      throw fault("LimitExceeded", "Cannot exceed quota for PolicySize: \(IAMQuota.policySize)", 409)
    }
  }

  /// Who has the policy: one row for each, so that pages can cut anywhere.
  @Sendable private static func listEntities(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let arn = input.text("PolicyArn")
    _ = try shown(arn, call)
    let usage = input["PolicyUsageFilter"]?.string
    let filter = input["EntityFilter"]?.string
    let prefix = try path(input, orPrefix: "PathPrefix")
    var rows: [(list: String, value: Value)] = []
    func add<Holder: PolicyHolder>(_: Holder.Type, _ filterName: String) {
      guard filter == nil || filter == filterName else { return }
      for holder in call.seen.iam[keyPath: Holder.table].values.sorted(by: { $0.name < $1.name }) {
        guard holder.path.hasPrefix(prefix),
          usage != "PermissionsBoundary" && holder.attached.contains(arn)
            || usage != "PermissionsPolicy" && holder.boundary == arn
        else { continue }
        let title = Holder.title
        rows.append(
          ("Policy\(title)s", [title + "Name": .string(holder.name), title + "Id": .string(holder.id)]))
      }
    }
    add(IAMGroup.self, "Group")
    add(IAMUser.self, "User")
    add(IAMRole.self, "Role")
    guard
      let page = Page(rows, limit: input["MaxItems"]?.integer, token: input["Marker"]?.string, most: 1000)
    else {
      throw fault("ValidationError", "Invalid Marker.")
    }
    var fields: Fields = [:]
    for list in ["PolicyGroups", "PolicyUsers", "PolicyRoles"] {
      fields[list] = .list(page.items.filter { $0.list == list }.map(\.value))
    }
    fields["IsTruncated"] = .bool(page.next != nil)
    fields.add("Marker", page.next.map(Value.string))
    return .object(fields)
  }

  /// How GetAccountAuthorizationDetails shows a managed policy: with all versions.
  static func detail(ofPolicy arn: String, _ call: Call) -> Value? {
    guard let policy = try? shown(arn, call) else { return nil }
    var fields = describe(policy, call, full: false)
    fields["PolicyVersionList"] = .list(versions(of: arn, call).map { describe($0, document: true) })
    return .object(fields)
  }
}
