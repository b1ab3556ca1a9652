import ServiceModels
import Wire

/// Versions of managed policies: five at most, one of them in force.
extension IAMService {
  struct PolicyVersion {
    var id: String
    var document: String
    var created: Timestamp
    var isDefault: Bool
  }

  /// All versions of a policy, newest first; those of AWS have the one that is known here.
  static func versions(of arn: String, _ call: Call) -> [PolicyVersion] {
    if let policy = ManagedPolicies.byARN[arn] {
      return [PolicyVersion(id: "v1", document: policy.document, created: policy.created, isDefault: true)]
    }
    guard let policy = call.seen.iam.policies[arn] else { return [] }
    return policy.versions.reversed().map {
      PolicyVersion(
        id: $0.id, document: $0.document, created: $0.created, isDefault: $0.id == policy.defaultVersion)
    }
  }

  static func describe(_ version: PolicyVersion, document: Bool) -> Value {
    var fields: Fields = [:]
    if document { fields["Document"] = .string(percentEncoded(version.document)) }
    fields["VersionId"] = .string(version.id)
    fields["IsDefaultVersion"] = .bool(version.isDefault)
    fields["CreateDate"] = .timestamp(version.created)
    return .object(fields)
  }

  private static func noVersion(_ input: Value) -> ServiceFault {
    missing(
      "Policy \(input.text("PolicyArn")) version \(input.text("VersionId")) does not exist or is not attachable."
    )
  }

  static let versionRules: [String: OperationRule] = [
    "CreatePolicyVersion": OperationRule(
      onPolicy("CreatePolicyVersion"),
      { (input, call) throws(ServiceFault) in
        var policy = try ownPolicy(input, call)
        try checkManaged(input.text("PolicyDocument"))
        if policy.versions.count >= IAMQuota.versionsPerPolicy {
          throw fault(
            "LimitExceeded",
            "A managed policy can have up to \(IAMQuota.versionsPerPolicy) versions. Before you create a new "
              + "version, you must delete an existing version.", 409)
        }
        let id = "v\(policy.nextVersion)"
        let isDefault = input["SetAsDefault"]?.bool == true
        policy.nextVersion += 1
        policy.versions.append(
          .init(id: id, document: input.text("PolicyDocument"), created: call.now.wholeSeconds))
        if isDefault { policy.defaultVersion = id }
        policy.updated = call.now.wholeSeconds
        call.state.iam.policies[input.text("PolicyArn")] = policy
        return [
          "PolicyVersion": [
            "VersionId": .string(id), "IsDefaultVersion": .bool(isDefault),
            "CreateDate": .timestamp(call.now.wholeSeconds),
          ]
        ]
      }),
    "GetPolicyVersion": OperationRule(
      onPolicy("GetPolicyVersion"),
      { (input, call) throws(ServiceFault) in
        let arn = input.text("PolicyArn")
        try checkPolicyARN(arn)
        let all = versions(of: arn, call)
        if all.isEmpty { throw missing("Policy \(arn) was not found.") }
        guard let version = all.first(where: { $0.id == input.text("VersionId") }) else {
          throw noVersion(input)
        }
        return ["PolicyVersion": describe(version, document: true)]
      }),
    "ListPolicyVersions": OperationRule(
      onPolicy("ListPolicyVersions"),
      { (input, call) throws(ServiceFault) in
        let arn = input.text("PolicyArn")
        try checkPolicyARN(arn)
        let all = versions(of: arn, call)
        if all.isEmpty { throw missing("Policy \(arn) was not found.") }
        return try page(all, input, "Versions") { describe($0, document: false) }
      }),
    "SetDefaultPolicyVersion": OperationRule(
      onPolicy("SetDefaultPolicyVersion"),
      { (input, call) throws(ServiceFault) in
        var policy = try ownPolicy(input, call)
        guard policy.versions.contains(where: { $0.id == input.text("VersionId") }) else {
          throw noVersion(input)
        }
        policy.defaultVersion = input.text("VersionId")
        policy.updated = call.now.wholeSeconds
        call.state.iam.policies[input.text("PolicyArn")] = policy
        return [:]
      }),
    "DeletePolicyVersion": OperationRule(
      onPolicy("DeletePolicyVersion"),
      { (input, call) throws(ServiceFault) in
        var policy = try ownPolicy(input, call)
        let id = input.text("VersionId")
        guard policy.versions.contains(where: { $0.id == id }) else { throw noVersion(input) }
        if id == policy.defaultVersion {
          throw conflict("Cannot delete the default version of a policy.")
        }
        policy.versions.removeAll { $0.id == id }
        call.state.iam.policies[input.text("PolicyArn")] = policy
        return [:]
      }),
  ]
}
