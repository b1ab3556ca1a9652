import ServiceModels
import Wire

extension IAMService {
  static let userRules: [String: OperationRule] = [
    "CreateUser": OperationRule(
      { (input, call) throws(ServiceFault) in
        try on(IAMUser.self, "CreateUser")(input, call).map { $0.requesting(readTags(input)) }
      },
      { (input, call) throws(ServiceFault) in
        let name = input.text("UserName")
        try checkName(name, "userName", most: 64)
        let path = try path(input)
        if isTaken(name, among: call.seen.iam.users.keys) {
          throw fault("EntityAlreadyExists", "User with name \(name) already exists.", 409)
        }
        try checkQuota(call.seen.iam.users.count, IAMQuota.users, "UsersPerAccount")
        let user = IAMUser(
          name: name, path: path, id: "AIDA" + call.state.generator.base32(17),
          created: call.now.wholeSeconds,
          tags: try newTags(input), boundary: try boundary(input, call))
        call.state.iam.users[name] = user
        return ["User": describe(user, call)]
      }),
    "GetUser": OperationRule(
      { (input, call) throws(ServiceFault) in
        if isRootItself(input, call) { return [AccessQuestion("iam:GetUser", call.principal.arn)] }
        return try on(IAMUser.self, "GetUser")(input, call)
      },
      { (input, call) throws(ServiceFault) in
        if isRootItself(input, call) {
          return [
            "User": [
              "Path": "/", "UserName": "root", "UserId": .string(call.accountID),
              "Arn": .string(call.principal.arn), "CreateDate": .timestamp(Timestamp(milliseconds: 0)),
            ]
          ]
        }
        return [
          "User": describe(
            try find(IAMUser.self, try name(of: IAMUser.self, input, call), call), call)
        ]
      }),
    "ListUsers": OperationRule(
      { (_, call) in [AccessQuestion("iam:ListUsers", call.iamARN("user/"))] },
      { (input, call) throws(ServiceFault) in
        let prefix = try path(input, orPrefix: "PathPrefix")
        let users = call.seen.iam.users.values.filter { $0.path.hasPrefix(prefix) }
          .sorted { $0.name < $1.name }
        // Lists leave tags and boundaries out (IAM API, ListUsers).
        return try page(users, input, "Users") { .object(head($0, call)) }
      }),
    "UpdateUser": OperationRule(
      { (input, call) throws(ServiceFault) in
        let own = try on(IAMUser.self, "UpdateUser")(input, call)
        guard let new = input["NewUserName"]?.string ?? input["NewPath"].map({ _ in input.text("UserName") })
        else { return own }
        let path = input["NewPath"]?.string ?? call.seen.iam.users[input.text("UserName")]?.path ?? "/"
        return own + [AccessQuestion("iam:UpdateUser", call.iamARN("user\(path)\(new)"))]
      },
      { (input, call) throws(ServiceFault) in
        var user = try find(IAMUser.self, input.text("UserName"), call)
        let old = user.name
        if let name = input["NewUserName"]?.string {
          try checkName(name, "newUserName", most: 64)
          if isTaken(name, among: call.seen.iam.users.keys.filter { $0 != old }) {
            throw fault("EntityAlreadyExists", "User with name \(name) already exists.", 409)
          }
          user.name = name
        }
        if input["NewPath"] != nil { user.path = try path(input, "NewPath") }
        call.state.iam.users[old] = nil
        call.state.iam.users[user.name] = user
        for name in call.seen.iam.groups.keys {
          guard let index = call.seen.iam.groups[name]?.members.firstIndex(of: old) else { continue }
          call.state.iam.groups[name]?.members[index] = user.name
        }
        for (key, session) in call.seen.sessions where session.issuerID == user.id {
          call.state.sessions[key]?.issuer = user.name
        }
        return [:]
      }),
    "DeleteUser": OperationRule(
      on(IAMUser.self, "DeleteUser"),
      { (input, call) throws(ServiceFault) in
        let user = try find(IAMUser.self, input.text("UserName"), call)
        let obstacles = [
          (!user.accessKeys.isEmpty, "must delete access keys first."),
          (!user.attached.isEmpty, "must detach all policies first."),
          (!user.inline.isEmpty, "must delete policies first."),
          (
            call.seen.iam.groups.values.contains { $0.members.contains(user.name) },
            "must remove users from group first."
          ),
        ]
        if let (_, words) = obstacles.first(where: \.0) { throw conflict("Cannot delete entity, \(words)") }
        call.state.iam.users[user.name] = nil
        return [:]
      }),
  ]

  private static func isRootItself(_ input: Value, _ call: Call) -> Bool {
    call.principal.kind == .root && input["UserName"] == nil
  }

  static func describe(_ user: IAMUser, _ call: Call) -> Value {
    var fields = head(user, call)
    fields.add("PermissionsBoundary", boundaryValue(user.boundary))
    if !user.tags.isEmpty { fields["Tags"] = tagList(user.tags) }
    return .object(fields)
  }

  /// The prefix of paths that a list is narrowed to.
  static func path(_ input: Value, orPrefix member: String) throws(ServiceFault) -> String {
    let prefix = input[member]?.string ?? "/"
    guard prefix.hasPrefix("/") else {
      throw fault(
        "ValidationError",
        "The specified value for pathPrefix is invalid. It must begin with / and contain only alphanumeric "
          + "characters and/or / characters.")
    }
    return prefix
  }
}
