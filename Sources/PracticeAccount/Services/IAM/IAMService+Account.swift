import ServiceModels
import Wire

extension IAMService {
  static let accountRules: [String: OperationRule] = [
    "ListAccountAliases": OperationRule(
      { (_, _) in [AccessQuestion("iam:ListAccountAliases")] },
      { (input, call) throws(ServiceFault) in
        try page(call.seen.iam.accountAliases, input, "AccountAliases", Value.string)
      }),
    "CreateAccountAlias": OperationRule(
      { (_, _) in [AccessQuestion("iam:CreateAccountAlias")] },
      { (input, call) throws(ServiceFault) in
        let alias = input.text("AccountAlias")
        let isValid =
          (3...63).contains(alias.utf8.count) && !alias.hasPrefix("-") && !alias.hasSuffix("-")
          && !alias.contains("--")
          && alias.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
          }
          && !(alias.utf8.count == 12 && alias.allSatisfy(\.isNumber))
        guard isValid else {
          throw fault(
            "ValidationError",
            "1 validation error detected: Value '\(alias)' at 'accountAlias' failed to satisfy constraint: Member "
              + "must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$")
        }
        // One alias an account: a new one takes the old one's place.
        call.state.iam.accountAliases = [alias]
        return [:]
      }),
    "DeleteAccountAlias": OperationRule(
      { (_, _) in [AccessQuestion("iam:DeleteAccountAlias")] },
      { (input, call) throws(ServiceFault) in
        let alias = input.text("AccountAlias")
        guard call.seen.iam.accountAliases.contains(alias) else {
          throw missing("The account alias \(alias) cannot be found.")
        }
        call.state.iam.accountAliases = []
        return [:]
      }),
    "GetAccountPasswordPolicy": OperationRule(
      { (_, _) in [AccessQuestion("iam:GetAccountPasswordPolicy")] },
      { (_, call) throws(ServiceFault) in
        guard let policy = call.seen.iam.passwordPolicy else { throw noPasswordPolicy(call) }
        return ["PasswordPolicy": policy.value]
      }),
    "UpdateAccountPasswordPolicy": OperationRule(
      { (_, _) in [AccessQuestion("iam:UpdateAccountPasswordPolicy")] }, updatePasswordPolicy),
    "DeleteAccountPasswordPolicy": OperationRule(
      { (_, _) in [AccessQuestion("iam:DeleteAccountPasswordPolicy")] },
      { (_, call) throws(ServiceFault) in
        guard call.seen.iam.passwordPolicy != nil else { throw noPasswordPolicy(call) }
        call.state.iam.passwordPolicy = nil
        return [:]
      }),
    "GetAccountSummary": OperationRule(
      { (_, _) in [AccessQuestion("iam:GetAccountSummary")] },
      { (_, call) in
        ["SummaryMap": .object(Fields(summary(call).map { .init($0.0, .integer(Int64($0.1))) }))]
      }),
  ]

  private static func noPasswordPolicy(_ call: Call) -> ServiceFault {
    missing("The Password Policy with domain name \(call.accountID) cannot be found.")
  }

  /// What is not given falls back to its default: an update does not keep old values (IAM API).
  @Sendable private static func updatePasswordPolicy(_ input: Value, _ call: Call) throws(ServiceFault)
    -> Value
  {
    var fields: Fields = [:]
    let length = input["MinimumPasswordLength"]?.integer ?? 6
    let age = input["MaxPasswordAge"]?.integer
    let limits: [(Int64?, String, ClosedRange<Int64>)] = [
      (length, "minimumPasswordLength", 6...128), (age, "maxPasswordAge", 1...1095),
      (input["PasswordReusePrevention"]?.integer, "passwordReusePrevention", 1...24),
    ]
    for (value, name, range) in limits {
      guard let value, !range.contains(value) else { continue }
      let bound =
        value < range.lowerBound
        ? "greater than or equal to \(range.lowerBound)" : "less than or equal to \(range.upperBound)"
      throw fault(
        "ValidationError",
        "1 validation error detected: Value '\(value)' at '\(name)' failed to satisfy constraint: Member must have "
          + "value \(bound)")
    }
    fields["MinimumPasswordLength"] = .integer(length)
    for name in [
      "RequireSymbols", "RequireNumbers", "RequireUppercaseCharacters", "RequireLowercaseCharacters",
      "AllowUsersToChangePassword",
    ] {
      fields[name] = .bool(input[name]?.bool ?? false)
    }
    fields["ExpirePasswords"] = .bool(age != nil)
    fields.add("MaxPasswordAge", age.map(Value.integer))
    fields.add("PasswordReusePrevention", input["PasswordReusePrevention"])
    fields.add("HardExpiry", input["HardExpiry"])
    call.state.iam.passwordPolicy = StoredValue(.object(fields))
    return [:]
  }

  private static func summary(_ call: Call) -> [(String, Int)] {
    let iam = call.seen.iam
    return [
      ("AccessKeysPerUserQuota", IAMQuota.accessKeysPerUser),
      ("AccountAccessKeysPresent", iam.rootKeys.isEmpty ? 0 : 1), ("AccountMFAEnabled", 0),
      ("AccountSigningCertificatesPresent", 0),
      ("AssumeRolePolicySizeQuota", IAMQuota.trustPolicySize),
      ("AttachedPoliciesPerGroupQuota", IAMQuota.attachedPolicies),
      ("AttachedPoliciesPerRoleQuota", IAMQuota.attachedPolicies),
      ("AttachedPoliciesPerUserQuota", IAMQuota.attachedPolicies), ("GlobalEndpointTokenVersion", 1),
      ("GroupPolicySizeQuota", IAMGroup.inlineLimit), ("Groups", iam.groups.count),
      ("GroupsPerUserQuota", IAMQuota.groupsPerUser), ("GroupsQuota", IAMQuota.groups),
      ("InstanceProfiles", iam.instanceProfiles.count),
      ("InstanceProfilesQuota", IAMQuota.instanceProfiles), ("MFADevices", 0), ("MFADevicesInUse", 0),
      ("Policies", iam.policies.count), ("PoliciesQuota", IAMQuota.policies),
      ("PolicySizeQuota", IAMQuota.policySize),
      ("PolicyVersionsInUse", iam.policies.values.reduce(0) { $0 + $1.versions.count }),
      ("PolicyVersionsInUseQuota", 10_000), ("Providers", 0), ("RolePolicySizeQuota", IAMRole.inlineLimit),
      ("Roles", iam.roles.count), ("RolesQuota", IAMQuota.roles), ("ServerCertificates", 0),
      ("ServerCertificatesQuota", 20), ("SigningCertificatesPerUserQuota", 2),
      ("UserPolicySizeQuota", IAMUser.inlineLimit), ("Users", iam.users.count),
      ("UsersQuota", IAMQuota.users), ("VersionsPerPolicyQuota", IAMQuota.versionsPerPolicy),
    ]
  }
}
