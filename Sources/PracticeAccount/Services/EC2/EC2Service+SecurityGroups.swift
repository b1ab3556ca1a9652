import ServiceModels
import Wire

extension EC2Service {
  static let groupRules: [String: OperationRule] = [
    "CreateSecurityGroup": rule(
      takes: ["GroupName", "Description", "VpcId", "TagSpecifications"],
      { (input, call) in
        rightToMake("CreateSecurityGroup", .securityGroup, input, call)
          + (input["VpcId"]?.string).map { [right("CreateSecurityGroup", .vpc, $0, call)] }.orEmpty
      }, createGroup),
    "DeleteSecurityGroup": rule(
      takes: ["GroupId", "GroupName"],
      { (input, call) in [right("DeleteSecurityGroup", .securityGroup, groupID(input, call), call)] },
      { (input, call) throws(ServiceFault) in
        let group = try group(input, call)
        guard group.name != "default" else {
          throw fault(
            "CannotDelete",
            "the specified group: \"\(group.id)\" name: \"default\" cannot be deleted by a user")
        }
        guard !call.network.uses(group: group.id) else {
          throw fault("DependencyViolation", "resource \(group.id) has a dependent object")
        }
        call.network.groups[group.id] = nil
        return ["Return": true, "GroupId": .string(group.id)]
      }),
    "DescribeSecurityGroups": looking("DescribeSecurityGroups", describeGroups),
  ]

  /// The group's id, as given or by its name in the default VPC.
  static func groupID(_ input: Value, _ call: Call) -> String? {
    if let id = input["GroupId"]?.string { return id }
    let network = call.network
    return network.groups.values.first {
      $0.name == input.text("GroupName") && $0.vpc == network.defaultVPC?.id
    }?.id
  }

  /// The group that an operation is about.
  static func group(_ input: Value, _ call: Call) throws(ServiceFault) -> SecurityGroup {
    if let id = groupID(input, call) { return try found(call.network.groups, id, .securityGroup) }
    guard let name = input["GroupName"]?.string else {
      throw fault("MissingParameter", "The request must contain the parameter groupName or groupId")
    }
    throw unknownName(name, call)
  }

  private static func unknownName(_ name: String, _ call: Call) -> ServiceFault {
    guard let vpc = call.network.defaultVPC else {
      return fault("VPCIdNotSpecified", "No default VPC for this user")
    }
    return fault(
      "InvalidGroup.NotFound", "The security group '\(name)' does not exist in default VPC '\(vpc.id)'")
  }

  private static func createGroup(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let name = input.text("GroupName")
    let description = input.text("Description")
    guard let wanted = input["VpcId"]?.string ?? call.network.defaultVPC?.id else {
      throw fault("VPCIdNotSpecified", "No default VPC for this user")
    }
    let vpc = try found(call.network.vpcs, wanted, .vpc)
    guard name.lowercased() != "default" else {
      throw fault("InvalidParameterValue", "Cannot use reserved security group name: \(name)")
    }
    guard !name.hasPrefix("sg-") else {
      throw fault(
        "InvalidParameterValue",
        "Value (\(name)) for parameter GroupName is invalid. Group names may not be in the format sg-*.")
    }
    for (text, parameter) in [(name, "GroupName"), (description, "GroupDescription")] {
      guard (1...255).contains(text.count), isPlain(text) else {
        throw fault(
          "InvalidParameterValue",
          "Value (\(text)) for parameter \(parameter) is invalid. Character sets beyond ASCII are not supported."
        )
      }
    }
    guard !call.network.groups.values.contains(where: { $0.vpc == vpc.id && $0.name == name }) else {
      throw fault("InvalidGroup.Duplicate", "The security group '\(name)' already exists for VPC '\(vpc.id)'")
    }
    let group = SecurityGroup(
      id: "sg-" + call.state.generator.hex(17), name: name, description: description, vpc: vpc.id,
      rules: [.everythingOut(from: &call.state.generator)], tags: try newTags(input, .securityGroup))
    call.network.groups[group.id] = group
    var fields: Fields = [
      "GroupId": .string(group.id),
      "SecurityGroupArn": .string(call.arn("ec2", "security-group/\(group.id)")),
    ]
    if !group.tags.isEmpty { fields["Tags"] = tagSet(group.tags) }
    return .object(fields)
  }

  /// API reference, CreateSecurityGroup: "a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*".
  static func isPlain(_ text: String) -> Bool {
    text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || " ._-:/()#,@[]+=&;{}!$*".contains($0)) }
  }

  private static func describeGroups(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let network = call.network
    var all = network.groups.values.sorted {
      ($0.name == "default" ? 0 : 1, $0.name, $0.id) < ($1.name == "default" ? 0 : 1, $1.name, $1.id)
    }
    let names = input.texts("GroupNames")
    if !names.isEmpty {
      all = all.filter { names.contains($0.name) && $0.vpc == network.defaultVPC?.id }
      for name in names where !all.contains(where: { $0.name == name }) { throw unknownName(name, call) }
    }
    func rules(_ isEgress: Bool, _ value: @escaping (SecurityGroupRule) -> String?) -> (SecurityGroup) ->
      [String]
    {
      { group in group.rules.filter { $0.isEgress == isEgress }.compactMap(value) }
    }
    var filters: [String: (SecurityGroup) -> [String]] = [
      "vpc-id": { [$0.vpc] }, "group-name": { [$0.name] }, "group-id": { [$0.id] },
      "owner-id": { _ in [call.accountID] }, "description": { [$0.description] },
    ]
    for (stem, isEgress) in [("ip-permission", false), ("egress.ip-permission", true)] {
      filters["\(stem).protocol"] = rules(isEgress) { $0.protocolName }
      filters["\(stem).from-port"] = rules(isEgress) { $0.fromPort.map { "\($0)" } }
      filters["\(stem).to-port"] = rules(isEgress) { $0.toPort.map { "\($0)" } }
      filters["\(stem).cidr"] = rules(isEgress) { if case .ipv4(let block) = $0.peer { block } else { nil } }
      filters["\(stem).ipv6-cidr"] = rules(isEgress) {
        if case .ipv6(let block) = $0.peer { block } else { nil }
      }
      filters["\(stem).group-id"] = rules(isEgress) { if case .group(let id) = $0.peer { id } else { nil } }
      filters["\(stem).prefix-list-id"] = rules(isEgress) {
        if case .prefixList(let id) = $0.peer { id } else { nil }
      }
    }
    return try listed(
      input, "SecurityGroups", all, ids: "GroupIds", .securityGroup, least: 5, filters: filters
    ) { group in
      var fields: Fields = [
        "GroupId": .string(group.id), "IpPermissionsEgress": permissions(group, isEgress: true, call),
        "VpcId": .string(group.vpc),
        "SecurityGroupArn": .string(call.arn("ec2", "security-group/\(group.id)")),
        "OwnerId": .string(call.accountID), "GroupName": .string(group.name),
        "Description": .string(group.description),
        "IpPermissions": permissions(group, isEgress: false, call),
      ]
      if !group.tags.isEmpty { fields["Tags"] = tagSet(group.tags) }
      return .object(fields)
    }
  }

  /// The rules of one direction, put together where protocol and ports are the same.
  private static func permissions(_ group: SecurityGroup, isEgress: Bool, _ call: Call) -> Value {
    var order: [[SecurityGroupRule]] = []
    for rule in group.rules where rule.isEgress == isEgress {
      if let index = order.firstIndex(where: { known in
        known.first.map {
          ($0.protocolName, $0.fromPort, $0.toPort) == (rule.protocolName, rule.fromPort, rule.toPort)
        }
          ?? false
      }) {
        order[index].append(rule)
      } else {
        order.append([rule])
      }
    }
    return .list(order.map { permission($0, call) })
  }

  /// An `IpPermission` of rules that share protocol and ports.
  static func permission(_ rules: [SecurityGroupRule], _ call: Call) -> Value {
    var fields = Fields()
    fields.add("IpProtocol", rules.first.map { .string($0.protocolName) })
    fields.add("FromPort", rules.first?.fromPort.map(Value.integer))
    fields.add("ToPort", rules.first?.toPort.map(Value.integer))
    var lists: [String: [Value]] = [
      "UserIdGroupPairs": [], "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [],
    ]
    for rule in rules {
      var peer = Fields()
      peer.add("Description", rule.description.map(Value.string))
      switch rule.peer {
      case .ipv4(let block):
        peer["CidrIp"] = .string(block)
        lists["IpRanges"]?.append(.object(peer))
      case .ipv6(let block):
        peer["CidrIpv6"] = .string(block)
        lists["Ipv6Ranges"]?.append(.object(peer))
      case .prefixList(let id):
        peer["PrefixListId"] = .string(id)
        lists["PrefixListIds"]?.append(.object(peer))
      case .group(let id):
        peer["UserId"] = .string(call.accountID)
        peer["GroupId"] = .string(id)
        lists["UserIdGroupPairs"]?.append(.object(peer))
      }
    }
    for (name, items) in lists.sorted(by: { $0.key < $1.key }) { fields[name] = .list(items) }
    return .object(fields)
  }
}

extension EC2Region {
  /// Whether a network interface has the group, or a rule of another group names it.
  func uses(group id: String) -> Bool {
    endpoints.values.contains { $0.isThere && $0.groups.contains(id) }
      || groups.values.contains { $0.id != id && $0.rules.contains { $0.peer == .group(id) } }
  }
}

extension Optional where Wrapped: RangeReplaceableCollection {
  fileprivate var orEmpty: Wrapped { self ?? Wrapped() }
}
