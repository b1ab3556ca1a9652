import ServiceModels
import Wire

extension IAMService {
  static let macieRole = "AWSServiceRoleForAmazonMacie"

  static let linkedRoleRules: [String: OperationRule] = [
    "CreateServiceLinkedRole": OperationRule(
      { (input, call) in
        let service = input.text("AWSServiceName")
        let name = LinkedService.byName[service]?.role ?? "*"
        return [
          AccessQuestion(
            "iam:CreateServiceLinkedRole", call.iamARN("role/aws-service-role/\(service)/\(name)"),
            context: ["iam:AWSServiceName": [service]])
        ]
      },
      { (input, call) throws(ServiceFault) in
        let service = input.text("AWSServiceName")
        guard let known = LinkedService.byName[service] else {
          throw fault(
            "InvalidInput",
            "Service role name for \(service) is not known to the practice account; it knows those of "
              + LinkedService.all.map(\.service).joined(separator: ", ") + ".")
        }
        let suffix = input["CustomSuffix"]?.string
        if suffix != nil, !known.takesSuffix {
          throw fault("InvalidInput", "Custom suffix is not allowed for \(service)")
        }
        let name = known.role + (suffix.map { "_" + $0 } ?? "")
        try checkName(name, "roleName", most: 64)
        if isTaken(name, among: call.seen.iam.roles.keys) {
          throw fault(
            "InvalidInput",
            "Service role name \(name) has been taken in this account, please try a different suffix.")
        }
        let description = input["Description"]?.string
        let role = makeLinkedRole(known, named: name, description: description, in: call.realm)
        return ["Role": describe(role, call, full: false)]
      }),
    "DeleteServiceLinkedRole": OperationRule(
      onRole("DeleteServiceLinkedRole"),
      { (input, call) throws(ServiceFault) in
        let role = try role(input.text("RoleName"), call)
        guard let service = role.linkedService else {
          throw fault("InvalidInput", "\(role.name) is not a service-linked role.")
        }
        let task = "task/aws-service-role/\(service)/\(role.name)/\(call.state.generator.uuid())"
        // Macie lets its role go only once it is disabled in every Region; of the other services nothing is here
        // that could still need its role.
        let regions =
          role.name == macieRole ? call.seen.macie.filter { $0.value.session != nil }.keys.sorted() : []
        if regions.isEmpty {
          call.state.iam.roles[role.name] = nil
          call.state.iam.deletions[task] = IAMRoleDeletion(role: role.name, status: "SUCCEEDED")
        } else {
          call.state.iam.deletions[task] = IAMRoleDeletion(
            role: role.name, status: "FAILED",
            reason: "The role cannot be deleted because Amazon Macie is still enabled.", usage: regions)
        }
        return ["DeletionTaskId": .string(task)]
      }),
    "GetServiceLinkedRoleDeletionStatus": OperationRule(
      { (_, _) in [AccessQuestion("iam:GetServiceLinkedRoleDeletionStatus")] },
      { (input, call) throws(ServiceFault) in
        guard let task = call.seen.iam.deletions[input.text("DeletionTaskId")] else {
          throw fault("NoSuchEntity", "Deletion task \(input.text("DeletionTaskId")) cannot be found.", 404)
        }
        var fields: Fields = ["Status": .string(task.status)]
        if let reason = task.reason {
          let usage = task.usage.map { region -> Value in
            [
              "Region": .string(region),
              "Resources": [.string("arn:aws:macie2:\(region):\(call.accountID):session")],
            ]
          }
          fields["Reason"] = ["Reason": .string(reason), "RoleUsageList": .list(usage)]
        }
        return .object(fields)
      }),
  ]

  /// Makes the service's role, if it is not there yet (EnableMacie does this on its own).
  ///
  /// - Returns: the role, or nil for a service without one.
  @discardableResult
  static func makeLinkedRole(_ service: String, description: String? = nil, in realm: Realm) -> IAMRole? {
    guard let known = LinkedService.byName[service] else { return nil }
    if let role = realm.current.iam.roles[known.role] { return role }
    return makeLinkedRole(known, named: known.role, description: description, in: realm)
  }

  private static func makeLinkedRole(
    _ known: LinkedService, named name: String, description: String?, in realm: Realm
  ) -> IAMRole {
    let trust = """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["\(known.service)"]},\
      "Action":["sts:AssumeRole"]}]}
      """
    let role = IAMRole(
      name: name, path: "/aws-service-role/\(known.service)/", id: "AROA" + realm.state.generator.base32(17),
      created: realm.now.wholeSeconds, trust: trust, description: description ?? known.description,
      attached: ["arn:aws:iam::aws:policy/aws-service-role/\(known.policy)"], linkedService: known.service)
    realm.state.iam.roles[name] = role
    return role
  }
}
