import ServiceModels
import Wire

extension IAMService {
  static let groupRules: [String: OperationRule] = [
    "CreateGroup": OperationRule(
      on(IAMGroup.self, "CreateGroup"),
      { (input, call) throws(ServiceFault) in
        let name = input.text("GroupName")
        try checkName(name, "groupName", most: 128)
        let path = try path(input)
        try checkGroupName(name, call, except: nil)
        try checkQuota(call.seen.iam.groups.count, IAMQuota.groups, "GroupsPerAccount")
        let group = IAMGroup(
          name: name, path: path, id: "AGPA" + call.state.generator.base32(17),
          created: call.now.wholeSeconds)
        call.state.iam.groups[name] = group
        return ["Group": .object(head(group, call))]
      }),
    "GetGroup": OperationRule(
      on(IAMGroup.self, "GetGroup"),
      { (input, call) throws(ServiceFault) in
        let group = try find(IAMGroup.self, input.text("GroupName"), call)
        let members = group.members.compactMap { call.seen.iam.users[$0] }
        var fields =
          try page(members, input, "Users") { .object(head($0, call)) }.object ?? [:]
        fields["Group"] = .object(head(group, call))
        return .object(fields)
      }),
    "ListGroups": OperationRule(
      { (_, call) in [AccessQuestion("iam:ListGroups", call.iamARN("group/"))] },
      { (input, call) throws(ServiceFault) in
        let prefix = try path(input, orPrefix: "PathPrefix")
        let groups = call.seen.iam.groups.values.filter { $0.path.hasPrefix(prefix) }
          .sorted { $0.name < $1.name }
        return try page(groups, input, "Groups") { .object(head($0, call)) }
      }),
    "UpdateGroup": OperationRule(
      on(IAMGroup.self, "UpdateGroup"),
      { (input, call) throws(ServiceFault) in
        var group = try find(IAMGroup.self, input.text("GroupName"), call)
        let old = group.name
        if let name = input["NewGroupName"]?.string {
          try checkName(name, "newGroupName", most: 128)
          try checkGroupName(name, call, except: old)
          group.name = name
        }
        if input["NewPath"] != nil { group.path = try path(input, "NewPath") }
        call.state.iam.groups[old] = nil
        call.state.iam.groups[group.name] = group
        return [:]
      }),
    "DeleteGroup": OperationRule(
      on(IAMGroup.self, "DeleteGroup"),
      { (input, call) throws(ServiceFault) in
        let group = try find(IAMGroup.self, input.text("GroupName"), call)
        if !group.members.isEmpty {
          throw conflict("Cannot delete entity, must remove users from group first.")
        }
        if !group.attached.isEmpty { throw conflict("Cannot delete entity, must detach all policies first.") }
        if !group.inline.isEmpty { throw conflict("Cannot delete entity, must delete policies first.") }
        call.state.iam.groups[group.name] = nil
        return [:]
      }),
    "AddUserToGroup": OperationRule(
      on(IAMGroup.self, "AddUserToGroup"),
      { (input, call) throws(ServiceFault) in
        let group = try find(IAMGroup.self, input.text("GroupName"), call)
        let user = try find(IAMUser.self, input.text("UserName"), call)
        if group.members.contains(user.name) { return [:] }
        let groups = call.seen.iam.groups.values.filter { $0.members.contains(user.name) }
        try checkQuota(groups.count, IAMQuota.groupsPerUser, "GroupsPerUser")
        call.state.iam.groups[group.name]?.members.append(user.name)
        return [:]
      }),
    "RemoveUserFromGroup": OperationRule(
      on(IAMGroup.self, "RemoveUserFromGroup"),
      { (input, call) throws(ServiceFault) in
        let group = try find(IAMGroup.self, input.text("GroupName"), call)
        let user = try find(IAMUser.self, input.text("UserName"), call)
        guard group.members.contains(user.name) else {
          throw missing("User \(user.name) is not in group \(group.name)")
        }
        call.state.iam.groups[group.name]?.members.removeAll { $0 == user.name }
        return [:]
      }),
    "ListGroupsForUser": OperationRule(
      on(IAMUser.self, "ListGroupsForUser"),
      { (input, call) throws(ServiceFault) in
        let user = try find(IAMUser.self, input.text("UserName"), call)
        let groups = call.seen.iam.groups.values.filter { $0.members.contains(user.name) }
          .sorted { $0.name < $1.name }
        return try page(groups, input, "Groups") { .object(head($0, call)) }
      }),
  ]

  private static func checkGroupName(_ name: String, _ call: Call, except old: String?) throws(ServiceFault) {
    if isTaken(name, among: call.seen.iam.groups.keys.filter { $0 != old }) {
      throw fault("EntityAlreadyExists", "Group with name \(name) already exists.", 409)
    }
  }
}
