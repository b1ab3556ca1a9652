import ServiceModels
import Wire

/// Identity and Access Management. Sources: IAM API reference (errors and texts), user guide (names, limits).
/// Codes on the wire lack the models' `Exception` suffix.
enum IAMService {
  static let service = PracticeService(
    name: "iam",
    rules: [
      holderRules(IAMUser.self), holderRules(IAMGroup.self), holderRules(IAMRole.self), roleRules, userRules,
      groupRules, policyRules, versionRules, boundaryRules, instanceProfileRules, keyRules, linkedRoleRules,
      accountRules, detailRules, simulationRules,
    ].reduce(into: [:]) { all, some in all.merge(some) { a, _ in a } },
    denial: { question, verdict, principal in
      fault("AccessDenied", denialText(question, verdict, principal), 403)
    })

  // MARK: whom it is about

  /// A right on the user, group or role that the input names, there or not.
  static func on<Holder: PolicyHolder>(_: Holder.Type, _ operation: String) -> OperationRule.Questions {
    { (input: Value, call: Call) throws(ServiceFault) -> [AccessQuestion] in
      let name = try name(of: Holder.self, input, call)
      let holder = call.seen.iam[keyPath: Holder.table][name]
      let path = holder?.path ?? input["Path"]?.string ?? "/"
      var context: [String: [String]] = [:]
      if let arn = input["PolicyArn"]?.string { context["iam:PolicyARN"] = [arn] }
      if let boundary = input["PermissionsBoundary"]?.string ?? holder?.boundary {
        context["iam:PermissionsBoundary"] = [boundary]
      }
      return [
        question(
          operation, call.iamARN("\(Holder.title.lowercased())\(path)\(name)"), holder?.tags ?? [],
          context: context)
      ]
    }
  }

  static func onRole(_ operation: String) -> OperationRule.Questions { on(IAMRole.self, operation) }

  /// A right on something with tags, which IAM shows under `iam:ResourceTag/` as well.
  static func question(
    _ operation: String, _ arn: String, _ tags: [Tag], context: [String: [String]] = [:]
  ) -> AccessQuestion {
    var context = context
    for tag in tags { context["iam:ResourceTag/\(tag.key)"] = [tag.value] }
    return AccessQuestion("iam:\(operation)", arn, context: context, tags: tags)
  }

  /// The user who asks, whom some operations mean by default.
  static func ownName(_ call: Call) throws(ServiceFault) -> String {
    guard call.principal.kind == .user, let name = call.principal.arn.split(separator: "/").last else {
      throw fault("ValidationError", "Must specify userName when calling with non-User credentials")
    }
    return String(name)
  }

  /// The name that the input gives, or else the asking user's own.
  static func name<Holder: PolicyHolder>(
    of _: Holder.Type, _ input: Value, _ call: Call
  ) throws(ServiceFault) -> String {
    if let name = input[Holder.title + "Name"]?.string { return name }
    return try ownName(call)
  }

  static func find<Holder: PolicyHolder>(
    _: Holder.Type, _ name: String, _ call: Call
  ) throws(ServiceFault) -> Holder {
    guard let holder = call.seen.iam[keyPath: Holder.table][name] else {
      throw missing("The \(Holder.title.lowercased()) with name \(name) cannot be found.")
    }
    return holder
  }

  static func role(_ name: String, _ call: Call) throws(ServiceFault) -> IAMRole {
    try find(IAMRole.self, name, call)
  }

  /// Changes a user, group or role, unless it belongs to a service.
  static func change<Holder: PolicyHolder>(
    _: Holder.Type, _ input: Value, _ call: Call, _ change: (inout Holder) throws(ServiceFault) -> Void
  ) throws(ServiceFault) {
    var holder = try find(Holder.self, try name(of: Holder.self, input, call), call)
    let name = holder.name
    if holder.linkedService != nil {
      throw fault(
        "UnmodifiableEntity",
        "Cannot perform the operation on the protected role '\(name)' - this role is only modifiable by AWS",
        400)
    }
    try change(&holder)
    call.state.iam[keyPath: Holder.table][name] = holder
  }

  /// Names are unique whatever their case (IAM user guide, "IAM identifiers").
  static func isTaken(_ name: String, among names: some Sequence<String>) -> Bool {
    let folded = name.lowercased()
    return names.contains { $0.lowercased() == folded }
  }

  static func missing(_ text: String) -> ServiceFault { fault("NoSuchEntity", text, 404) }
  static func conflict(_ text: String) -> ServiceFault { fault("DeleteConflict", text, 409) }

  static func checkQuota(_ count: Int, _ most: Int, _ name: String) throws(ServiceFault) {
    if count >= most { throw fault("LimitExceeded", "Cannot exceed quota for \(name): \(most)", 409) }
  }

  // MARK: answers

  static func tagList(_ tags: [Tag]) -> Value {
    .list(tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })
  }

  static func page<Item>(
    _ all: [Item], _ input: Value, _ name: String, _ value: (Item) -> Value
  ) throws(ServiceFault) -> Value {
    guard let page = Page(all, limit: input["MaxItems"]?.integer, token: input["Marker"]?.string, most: 1000)
    else {
      throw fault("ValidationError", "Invalid Marker.")
    }
    var fields: Fields = [name: .list(page.items.map(value)), "IsTruncated": .bool(page.next != nil)]
    fields.add("Marker", page.next.map(Value.string))
    return .object(fields)
  }

  static func boundaryValue(_ arn: String?) -> Value? {
    arn.map { ["PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": .string($0)] }
  }

  /// `Path`, `UserName`, `UserId`, `Arn`, `CreateDate`: how each of the three begins.
  static func head<Holder: PolicyHolder>(_ holder: Holder, _ call: Call) -> Fields {
    let title = Holder.title
    return [
      "Path": .string(holder.path), title + "Name": .string(holder.name), title + "Id": .string(holder.id),
      "Arn": .string(call.iamARN("\(title.lowercased())\(holder.path)\(holder.name)")),
      "CreateDate": .timestamp(holder.created.wholeSeconds),
    ]
  }

  // MARK: checks

  static func checkPolicy(_ text: String, kind: PolicyValidation.Kind) throws(ServiceFault) {
    if let problem = PolicyValidation(text, kind: kind).problem {
      throw fault("MalformedPolicyDocument", problem)
    }
  }

  /// A policy's size as IAM counts it: without white space (IAM quotas).
  static func size(_ text: String) -> Int {
    text.utf8.reduce(0) { $0 + ([0x20, 0x09, 0x0A, 0x0D].contains($1) ? 0 : 1) }
  }

  static func checkName(_ name: String, _ member: String, most: Int) throws(ServiceFault) {
    let isValid = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || Array("_+=,.@-".utf8).contains(byte)
    }
    if !isValid {
      throw fault(
        "ValidationError",
        "The specified value for \(member) is invalid. It must contain only alphanumeric characters "
          + "and/or the following: +=,.@_-")
    }
    if name.isEmpty || name.utf8.count > most {
      throw fault(
        "ValidationError",
        "1 validation error detected: Value '\(name)' at '\(member)' failed to satisfy constraint: Member must have "
          + "length \(name.isEmpty ? "greater than or equal to 1" : "less than or equal to \(most)")")
    }
  }

  /// The path that something new gets: `/`, or what is given, if it may be one.
  static func path(_ input: Value, _ member: String = "Path") throws(ServiceFault) -> String {
    let path = input[member]?.string ?? "/"
    let isValid =
      path.hasPrefix("/") && path.hasSuffix("/") && path.utf8.count <= 512
      && path.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard isValid else {
      throw fault(
        "ValidationError",
        "The specified value for \(member.prefix(1).lowercased())\(member.dropFirst()) is invalid. It must begin and "
          + "end with / and contain only alphanumeric characters and/or / characters.")
    }
    return path
  }

  // MARK: tags

  static func readTags(_ input: Value) -> [Tag] {
    input.items("Tags").map { Tag(key: $0.text("Key"), value: $0.text("Value")) }
  }

  /// The tags of the input, for something that has `existing` ones already.
  static func newTags(_ input: Value, _ existing: [Tag] = []) throws(ServiceFault) -> [Tag] {
    var all = existing
    let given = readTags(input)
    for tag in given {
      if tag.key.lowercased().hasPrefix("aws:") {
        throw fault(
          "InvalidInput",
          "Cannot tag with key \(tag.key): the prefix aws: is reserved.")
      }
      if given.filter({ $0.key.lowercased() == tag.key.lowercased() }).count > 1 {
        throw fault(
          "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
      }
      // Keys are told apart whatever their case.
      all.removeAll { $0.key.lowercased() == tag.key.lowercased() }
      all.append(tag)
    }
    if all.count > IAMQuota.tags {
      throw fault("LimitExceeded", "The number of tags has reached the maximum limit: \(IAMQuota.tags).", 409)
    }
    return all
  }

  static func untag(_ input: Value, _ tags: inout [Tag]) {
    let names = input.texts("TagKeys")
    tags.removeAll { names.contains($0.key) }
  }
}
