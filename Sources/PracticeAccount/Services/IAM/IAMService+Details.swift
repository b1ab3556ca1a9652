import ServiceModels
import Wire

/// GetAccountAuthorizationDetails: everything at once.
extension IAMService {
  static let detailRules: [String: OperationRule] = [
    "GetAccountAuthorizationDetails": OperationRule(
      { (_, _) in [AccessQuestion("iam:GetAccountAuthorizationDetails")] }, details)
  ]

  @Sendable private static func details(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let filter = Set(input.texts("Filter"))
    func wants(_ name: String) -> Bool { filter.isEmpty || filter.contains(name) }
    let iam = call.seen.iam
    var rows: [(list: String, value: Value)] = []
    if wants("User") {
      rows += sorted(iam.users).map { ("UserDetailList", detail($0, call)) }
    }
    if wants("Group") { rows += sorted(iam.groups).map { ("GroupDetailList", detail($0, call)) } }
    if wants("Role") { rows += sorted(iam.roles).map { ("RoleDetailList", detail($0, call)) } }
    var policies: [String] = []
    if wants("LocalManagedPolicy") { policies += iam.policies.keys.sorted() }
    if wants("AWSManagedPolicy") {
      // Of AWS's policies only those in use (IAM API).
      let holders: [any PolicyHolder] =
        Array(iam.users.values) + Array(iam.groups.values) + Array(iam.roles.values)
      let used = Set(holders.flatMap { $0.attached + ($0.boundary.map { [$0] } ?? []) })
      policies += ManagedPolicies.all.map(\.arn).filter(used.contains)
    }
    rows += policies.compactMap { arn in detail(ofPolicy: arn, call).map { ("Policies", $0) } }
    guard
      let page = Page(rows, limit: input["MaxItems"]?.integer, token: input["Marker"]?.string, most: 1000)
    else {
      throw fault("ValidationError", "Invalid Marker.")
    }
    var fields: Fields = [:]
    for list in ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"] {
      fields[list] = .list(page.items.filter { $0.list == list }.map(\.value))
    }
    fields["IsTruncated"] = .bool(page.next != nil)
    fields.add("Marker", page.next.map(Value.string))
    return .object(fields)
  }

  private static func sorted<Holder: PolicyHolder>(_ table: [String: Holder]) -> [Holder] {
    table.values.sorted { $0.name < $1.name }
  }

  private static func inlineList(_ inline: [String: String]) -> Value {
    .list(
      inline.sorted { $0.key < $1.key }.map {
        ["PolicyName": .string($0.key), "PolicyDocument": .string(percentEncoded($0.value))]
      })
  }

  private static func detail<Holder: PolicyHolder>(_ holder: Holder, _ call: Call) -> Value {
    var fields = head(holder, call)
    fields["\(Holder.title)PolicyList"] = inlineList(holder.inline)
    fields["AttachedManagedPolicies"] = .list(holder.attached.map(attachedPolicy))
    fields.add("PermissionsBoundary", boundaryValue(holder.boundary))
    if !holder.tags.isEmpty { fields["Tags"] = tagList(holder.tags) }
    if let user = holder as? IAMUser {
      let groups = call.seen.iam.groups.values.filter { $0.members.contains(user.name) }.map(\.name).sorted()
      fields["GroupList"] = .list(groups.map(Value.string))
    }
    if let role = holder as? IAMRole {
      fields["AssumeRolePolicyDocument"] = .string(percentEncoded(role.trust))
      fields["InstanceProfileList"] = .list(
        call.seen.iam.instanceProfiles.values.filter { $0.role == role.name }.sorted { $0.name < $1.name }
          .map { describe($0, call) })
      fields["RoleLastUsed"] = [:]
    }
    return .object(fields)
  }
}
