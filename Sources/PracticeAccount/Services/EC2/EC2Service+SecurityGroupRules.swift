import ServiceModels
import Wire

extension EC2Service {
  /// Rules per direction (Amazon VPC user guide, "Amazon VPC quotas").
  private static let quota = 60

  /// What rules are described by, in `IpPermissions` or beside it.
  private static let described: Set<String> = [
    "GroupId", "GroupName", "IpPermissions", "IpProtocol", "FromPort", "ToPort", "CidrIp",
    "SourceSecurityGroupName", "SourceSecurityGroupOwnerId",
  ]

  static let groupRuleRules: [String: OperationRule] = [
    "AuthorizeSecurityGroupIngress": authorize("AuthorizeSecurityGroupIngress", isEgress: false),
    "AuthorizeSecurityGroupEgress": authorize("AuthorizeSecurityGroupEgress", isEgress: true),
    "RevokeSecurityGroupIngress": revoke("RevokeSecurityGroupIngress", isEgress: false),
    "RevokeSecurityGroupEgress": revoke("RevokeSecurityGroupEgress", isEgress: true),
    "DescribeSecurityGroupRules": looking(
      "DescribeSecurityGroupRules",
      { (input, call) throws(ServiceFault) in
        let groups = call.network.groups.values.sorted { $0.id < $1.id }
        let owner = Dictionary(groups.flatMap { group in group.rules.map { ($0.id, group) } }) { first, _ in
          first
        }
        return try listed(
          input, "SecurityGroupRules", groups.flatMap(\.rules), ids: "SecurityGroupRuleIds",
          .securityGroupRule,
          least: 5,
          filters: [
            "group-id": { owner[$0.id].map { [$0.id] } ?? [] }, "security-group-rule-id": { [$0.id] },
            "is-egress": { ["\($0.isEgress)"] },
          ]
        ) { rule in describe(rule, of: owner[rule.id]?.id ?? "", call) }
      }),
  ]

  private static func authorize(_ operation: String, isEgress: Bool) -> OperationRule {
    rule(
      takes: described.union(["TagSpecifications"]),
      { (input, call) in
        let tags = tagsToBe(input, .securityGroupRule)
        var questions = [right(operation, .securityGroup, groupID(input, call), call).requesting(tags)]
        if !tags.isEmpty {
          var tagging = right("CreateTags", .securityGroupRule, nil, call).requesting(tags)
          tagging.context["ec2:CreateAction"] = [operation]
          questions.append(tagging)
        }
        return questions
      },
      { (input, call) throws(ServiceFault) in
        var group = try group(input, call)
        let tags = try newTags(input, .securityGroupRule)
        var added: [SecurityGroupRule] = []
        for var rule in try rules(input, of: group, isEgress: isEgress, call) {
          guard !(group.rules + added).contains(where: { $0.isSame(as: rule) }) else {
            throw fault(
              "InvalidPermission.Duplicate", "the specified rule \"\(rule.words)\" already exists")
          }
          rule.id = "sgr-" + call.state.generator.hex(17)
          rule.tags = tags
          added.append(rule)
        }
        group.rules += added
        guard group.rules.count(where: { $0.isEgress == isEgress }) <= quota else {
          throw fault(
            "RulesPerSecurityGroupLimitExceeded",
            "The maximum number of rules per security group has been reached.")
        }
        call.network.groups[group.id] = group
        return ["Return": true, "SecurityGroupRules": .list(added.map { describe($0, of: group.id, call) })]
      })
  }

  private static func revoke(_ operation: String, isEgress: Bool) -> OperationRule {
    rule(
      takes: described.union(["SecurityGroupRuleIds"]),
      { (input, call) in [right(operation, .securityGroup, groupID(input, call), call)] },
      { (input, call) throws(ServiceFault) in
        var group = try group(input, call)
        var gone: [SecurityGroupRule] = []
        var unknown: [Value] = []
        for id in input.texts("SecurityGroupRuleIds") {
          guard let rule = group.rules.first(where: { $0.id == id && $0.isEgress == isEgress }) else {
            throw NetworkKind.securityGroupRule.unknown(id)
          }
          gone.append(rule)
        }
        let asked = gone.isEmpty ? try rules(input, of: group, isEgress: isEgress, call) : []
        for rule in asked {
          if let known = group.rules.first(where: { $0.isSame(as: rule) }) {
            gone.append(known)
          } else if group.vpc == call.network.defaultVPC?.id {
            // In the default VPC that is no error (API reference, RevokeSecurityGroupIngress).
            unknown.append(permission([rule], call))
          } else {
            throw fault(
              "InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
          }
        }
        group.rules.removeAll { rule in gone.contains { $0.id == rule.id } }
        call.network.groups[group.id] = group
        var fields: Fields = ["Return": true]
        if !unknown.isEmpty { fields["UnknownIpPermissions"] = .list(unknown) }
        fields["RevokedSecurityGroupRules"] = .list(
          gone.map { describe($0, of: group.id, call, isGone: true) })
        return .object(fields)
      })
  }

  /// One rule for every peer that is named; their ids are still empty.
  private static func rules(
    _ input: Value, of group: SecurityGroup, isEgress: Bool, _ call: Call
  ) throws(ServiceFault) -> [SecurityGroupRule] {
    var permissions = input.items("IpPermissions")
    if input["IpProtocol"] != nil || input["CidrIp"] != nil || input["SourceSecurityGroupName"] != nil {
      // The older form: one rule beside the list.
      var plain: Fields = [:]
      for name in ["IpProtocol", "FromPort", "ToPort"] { plain.add(name, input[name]) }
      if input["IpProtocol"] == nil { plain["IpProtocol"] = "-1" }
      plain.add("IpRanges", input["CidrIp"].map { [["CidrIp": $0]] })
      plain.add("UserIdGroupPairs", input["SourceSecurityGroupName"].map { [["GroupName": $0]] })
      permissions.append(.object(plain))
    }
    var rules: [SecurityGroupRule] = []
    for permission in permissions {
      let (name, ports) = try traffic(permission)
      let peers = try peers(permission, group, call)
      guard !peers.isEmpty else {
        throw fault(
          "MissingParameter",
          "The request must name a CIDR block, a prefix list or a security group for each rule")
      }
      rules += peers.map { peer, description in
        SecurityGroupRule(
          id: "", isEgress: isEgress, protocolName: name, fromPort: ports?.from, toPort: ports?.to,
          peer: peer,
          description: description)
      }
    }
    guard !rules.isEmpty else {
      throw fault("MissingParameter", "The request must contain the parameter ipPermissions")
    }
    return rules
  }

  /// Protocol and ports (API reference, IpPermission).
  private static func traffic(
    _ permission: Value
  ) throws(ServiceFault) -> (name: String, ports: (from: Int64, to: Int64)?) {
    let said = permission["IpProtocol"]?.string?.lowercased() ?? ""
    let names = ["all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"]
    let name = names[said] ?? said
    guard ["-1", "tcp", "udp", "icmp", "icmpv6"].contains(name) || UInt8(name) != nil else {
      throw fault(
        "InvalidPermission.Malformed", "Unsupported IP protocol \"\(said)\"  - supported: [tcp, udp, icmp]")
    }
    let (from, to) = (permission["FromPort"]?.integer, permission["ToPort"]?.integer)
    switch name {
    case "tcp", "udp":
      guard let from, let to else {
        throw fault(
          "InvalidParameterValue",
          "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
      }
      guard (0...65_535).contains(from), (0...65_535).contains(to), from <= to else {
        throw fault("InvalidParameterValue", "Invalid value '\(from)-\(to)' for portRange.")
      }
      return (name, (from, to))
    case "icmp", "icmpv6": return (name, (from ?? -1, to ?? -1))
    default: return (name, nil)
    }
  }

  private static func peers(
    _ permission: Value, _ group: SecurityGroup, _ call: Call
  ) throws(ServiceFault) -> [(SecurityGroupRule.Peer, String?)] {
    var peers: [(SecurityGroupRule.Peer, String?)] = []
    for range in permission.items("IpRanges") {
      let text = range.text("CidrIp")
      guard let block = IPv4Block(text) else {
        throw fault("InvalidParameterValue", "CIDR block \(text) is malformed")
      }
      peers.append((.ipv4(block.description), range["Description"]?.string))
    }
    for range in permission.items("Ipv6Ranges") {
      let text = range.text("CidrIpv6")
      guard text.contains(":"), text.contains("/"), AddressRange(text) != nil else {
        throw fault("InvalidParameterValue", "CIDR block \(text) is malformed")
      }
      peers.append((.ipv6(text), range["Description"]?.string))
    }
    for list in permission.items("PrefixListIds") {
      let id = list.text("PrefixListId")
      guard PrefixList.all(in: call.region).contains(where: { $0.id == id }) else {
        throw PrefixList.unknown(id)
      }
      peers.append((.prefixList(id), list["Description"]?.string))
    }
    for pair in permission.items("UserIdGroupPairs") {
      if let owner = pair["UserId"]?.string, owner != call.accountID {
        throw fault(
          "InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
      }
      let other = try self.group(pair, call)
      guard other.vpc == group.vpc else {
        throw fault(
          "InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
      }
      peers.append((.group(other.id), pair["Description"]?.string))
    }
    for (_, description) in peers {
      if let description, description.count > 255 || !isPlain(description) {
        throw fault(
          "InvalidParameterValue",
          "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  "
            + "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
      }
    }
    return peers
  }

  private static func describe(
    _ rule: SecurityGroupRule, of group: String, _ call: Call, isGone: Bool = false
  ) -> Value {
    var fields: Fields = ["SecurityGroupRuleId": .string(rule.id), "GroupId": .string(group)]
    if !isGone { fields["GroupOwnerId"] = .string(call.accountID) }
    fields["IsEgress"] = .bool(rule.isEgress)
    fields["IpProtocol"] = .string(rule.protocolName)
    fields["FromPort"] = .integer(rule.fromPort ?? -1)
    fields["ToPort"] = .integer(rule.toPort ?? -1)
    switch rule.peer {
    case .ipv4(let block): fields["CidrIpv4"] = .string(block)
    case .ipv6(let block): fields["CidrIpv6"] = .string(block)
    case .prefixList(let id): fields["PrefixListId"] = .string(id)
    case .group(let id) where isGone: fields["ReferencedGroupId"] = .string(id)
    case .group(let id):
      fields["ReferencedGroupInfo"] = ["GroupId": .string(id), "UserId": .string(call.accountID)]
    }
    fields.add("Description", rule.description.map(Value.string))
    if !isGone {
      if !rule.tags.isEmpty { fields["Tags"] = tagSet(rule.tags) }
      fields["SecurityGroupRuleArn"] = .string(call.arn("ec2", "security-group-rule/\(rule.id)"))
    }
    return .object(fields)
  }
}

extension SecurityGroupRule {
  /// `peer: 0.0.0.0/0, TCP, from port: 443, to port: 443, ALLOW`
  var words: String {
    let peer =
      switch peer {
      case .ipv4(let text), .ipv6(let text), .prefixList(let text), .group(let text): text
      }
    let name = protocolName == "-1" ? "ALL" : protocolName.uppercased()
    let ports = fromPort.flatMap { from in toPort.map { ", from port: \(from), to port: \($0)" } } ?? ""
    return "peer: \(peer), \(name)\(ports), ALLOW"
  }
}
