import ServiceModels
import Wire

extension IAMService {
  private static func on(_ operation: String) -> OperationRule.Questions {
    { (input, call) in
      let name = input.text("InstanceProfileName")
      let profile = call.seen.iam.instanceProfiles[name]
      let path = profile?.path ?? input["Path"]?.string ?? "/"
      return [question(operation, call.iamARN("instance-profile\(path)\(name)"), profile?.tags ?? [])]
    }
  }

  private static func profile(_ input: Value, _ call: Call) throws(ServiceFault) -> IAMInstanceProfile {
    let name = input.text("InstanceProfileName")
    guard let profile = call.seen.iam.instanceProfiles[name] else {
      throw missing("Instance Profile \(name) cannot be found.")
    }
    return profile
  }

  static func describe(_ profile: IAMInstanceProfile, _ call: Call) -> Value {
    let role = profile.role.flatMap { call.seen.iam.roles[$0] }
    var fields: Fields = [
      "Path": .string(profile.path), "InstanceProfileName": .string(profile.name),
      "InstanceProfileId": .string(profile.id),
      "Arn": .string(call.iamARN("instance-profile\(profile.path)\(profile.name)")),
      "CreateDate": .timestamp(profile.created),
      "Roles": .list(role.map { [describe($0, call, full: false)] } ?? []),
    ]
    if !profile.tags.isEmpty { fields["Tags"] = tagList(profile.tags) }
    return .object(fields)
  }

  static let instanceProfileRules: [String: OperationRule] = [
    "CreateInstanceProfile": OperationRule(
      { (input, call) throws(ServiceFault) in
        try on("CreateInstanceProfile")(input, call).map { $0.requesting(readTags(input)) }
      },
      { (input, call) throws(ServiceFault) in
        let name = input.text("InstanceProfileName")
        try checkName(name, "instanceProfileName", most: 128)
        let path = try path(input)
        if isTaken(name, among: call.seen.iam.instanceProfiles.keys) {
          throw fault("EntityAlreadyExists", "Instance Profile \(name) already exists.", 409)
        }
        try checkQuota(
          call.seen.iam.instanceProfiles.count, IAMQuota.instanceProfiles, "InstanceProfilesPerAccount")
        let profile = IAMInstanceProfile(
          name: name, path: path, id: "AIPA" + call.state.generator.base32(17),
          created: call.now.wholeSeconds,
          tags: try newTags(input))
        call.state.iam.instanceProfiles[name] = profile
        return ["InstanceProfile": describe(profile, call)]
      }),
    "GetInstanceProfile": OperationRule(
      on("GetInstanceProfile"),
      { (input, call) throws(ServiceFault) in
        ["InstanceProfile": describe(try profile(input, call), call)]
      }),
    "ListInstanceProfiles": OperationRule(
      { (_, call) in [AccessQuestion("iam:ListInstanceProfiles", call.iamARN("instance-profile/"))] },
      { (input, call) throws(ServiceFault) in
        let prefix = try path(input, orPrefix: "PathPrefix")
        let all = call.seen.iam.instanceProfiles.values.filter { $0.path.hasPrefix(prefix) }
          .sorted { $0.name < $1.name }
        return try page(all, input, "InstanceProfiles") { describe($0, call) }
      }),
    "ListInstanceProfilesForRole": OperationRule(
      onRole("ListInstanceProfilesForRole"),
      { (input, call) throws(ServiceFault) in
        let role = try role(input.text("RoleName"), call)
        let all = call.seen.iam.instanceProfiles.values.filter { $0.role == role.name }
          .sorted { $0.name < $1.name }
        return try page(all, input, "InstanceProfiles") { describe($0, call) }
      }),
    "AddRoleToInstanceProfile": OperationRule(
      { (input, call) throws(ServiceFault) in
        let role = call.seen.iam.roles[input.text("RoleName")]
        let arn = call.iamARN("role\(role?.path ?? "/")\(input.text("RoleName"))")
        return try on("AddRoleToInstanceProfile")(input, call)
          + [
            question(
              "PassRole", arn, role?.tags ?? [], context: ["iam:PassedToService": ["ec2.amazonaws.com"]])
          ]
      },
      { (input, call) throws(ServiceFault) in
        let profile = try profile(input, call)
        let role = try role(input.text("RoleName"), call)
        if profile.role != nil {
          throw fault(
            "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1", 409)
        }
        call.state.iam.instanceProfiles[profile.name]?.role = role.name
        return [:]
      }),
    "RemoveRoleFromInstanceProfile": OperationRule(
      on("RemoveRoleFromInstanceProfile"),
      { (input, call) throws(ServiceFault) in
        let profile = try profile(input, call)
        let name = input.text("RoleName")
        guard profile.role == name else { throw missing("The role with name \(name) cannot be found.") }
        call.state.iam.instanceProfiles[profile.name]?.role = nil
        return [:]
      }),
    "DeleteInstanceProfile": OperationRule(
      on("DeleteInstanceProfile"),
      { (input, call) throws(ServiceFault) in
        let profile = try profile(input, call)
        if profile.role != nil {
          throw conflict("Cannot delete entity, must remove roles from instance profile first.")
        }
        call.state.iam.instanceProfiles[profile.name] = nil
        return [:]
      }),
    "TagInstanceProfile": OperationRule(
      { (input, call) throws(ServiceFault) in
        try on("TagInstanceProfile")(input, call).map { $0.requesting(readTags(input)) }
      },
      { (input, call) throws(ServiceFault) in
        let profile = try profile(input, call)
        call.state.iam.instanceProfiles[profile.name]?.tags = try newTags(input, profile.tags)
        return [:]
      }),
    "UntagInstanceProfile": OperationRule(
      { (input, call) throws(ServiceFault) in
        try on("UntagInstanceProfile")(input, call).map { $0.untagging(input.texts("TagKeys")) }
      },
      { (input, call) throws(ServiceFault) in
        var profile = try profile(input, call)
        untag(input, &profile.tags)
        call.state.iam.instanceProfiles[profile.name] = profile
        return [:]
      }),
    "ListInstanceProfileTags": OperationRule(
      on("ListInstanceProfileTags"),
      { (input, call) throws(ServiceFault) in
        try page(try profile(input, call).tags, input, "Tags") {
          ["Key": .string($0.key), "Value": .string($0.value)]
        }
      }),
  ]
}
