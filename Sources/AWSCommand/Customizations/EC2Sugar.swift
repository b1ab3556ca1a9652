import ServiceModels

/// The short options that the AWS CLI adds to a few EC2 operations (AWS CLI reference, `run-instances` and
/// `authorize-security-group-ingress`).
enum EC2Sugar {
  private static let securityGroupRules: Set<String> = [
    "authorize-security-group-ingress", "authorize-security-group-egress", "revoke-security-group-ingress",
    "revoke-security-group-egress",
  ]

  static func add(to specs: inout [OptionSpec], command: String, operation: String) {
    guard command == "ec2" else { return }
    if operation == "run-instances" {
      specs.removeAll { ["min-count", "max-count"].contains($0.destination) }
      specs += [
        OptionSpec("--count"), OptionSpec("--secondary-private-ip-addresses", arity: .many),
        OptionSpec("--secondary-private-ip-address-count"),
        OptionSpec(
          "--associate-public-ip-address", arity: .flag("true"), group: "associate-public-ip-address"),
        OptionSpec(
          "--no-associate-public-ip-address", "associate-public-ip-address", arity: .flag("false"),
          group: "associate-public-ip-address"),
      ]
    }
    if securityGroupRules.contains(operation) {
      // The operation has flat members of some of these names, which EC2 keeps for EC2-Classic.
      let names = ["protocol", "port", "cidr", "source-group", "group-owner"]
      specs.removeAll { names.contains($0.destination) }
      specs += names.map { OptionSpec("--\($0)") }
    }
  }

  static func apply(_ parsed: ParsedArguments, to fields: inout Fields, operation: String)
    throws(CommandFailure)
  {
    if operation == "run-instances" { try applyInstances(parsed, &fields) }
    if securityGroupRules.contains(operation) { try applyRule(parsed, &fields) }
  }

  // MARK: run-instances

  private static func applyInstances(_ parsed: ParsedArguments, _ fields: inout Fields) throws(CommandFailure)
  {
    if let text = parsed.first("count") {
      let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
      guard let low = pythonInteger(parts.first ?? ""), let high = pythonInteger(parts.last ?? "") else {
        throw .parsing("--count", "count parameter should be of the form min[:max]")
      }
      fields["MinCount"] = .integer(low)
      fields["MaxCount"] = .integer(high)
    } else {
      // One instance, unless the counts are given.
      if fields["MinCount"] == nil { fields["MinCount"] = 1 }
      if fields["MaxCount"] == nil { fields["MaxCount"] = fields["MinCount"] }
    }
    try applyInterface(parsed, &fields)
  }

  /// Options that concern the first network interface move what else is said of it there.
  private static func applyInterface(_ parsed: ParsedArguments, _ fields: inout Fields) throws(CommandFailure)
  {
    var interface = Fields()
    if let flag = parsed.first("associate-public-ip-address") {
      interface["AssociatePublicIpAddress"] = .bool(flag == "true")
    }
    if let addresses = parsed.values["secondary-private-ip-addresses"] {
      interface["PrivateIpAddresses"] = .list(
        addresses.map { .object(["PrivateIpAddress": .string($0), "Primary": false]) })
    }
    if let count = parsed.first("secondary-private-ip-address-count") {
      interface["SecondaryPrivateIpAddressCount"] = .integer(try integer(count))
    }
    guard !interface.isEmpty else { return }
    interface["DeviceIndex"] = 0
    for (from, to) in [
      ("SubnetId", "SubnetId"), ("SecurityGroupIds", "Groups"), ("PrivateIpAddress", "PrivateIpAddress"),
      ("Ipv6AddressCount", "Ipv6AddressCount"), ("Ipv6Addresses", "Ipv6Addresses"),
    ] {
      if let value = fields[from] {
        interface[to] = value
        fields[from] = nil
      }
    }
    fields["NetworkInterfaces"] = .list([.object(interface)])
  }

  // MARK: Security group rules

  private static func applyRule(_ parsed: ParsedArguments, _ fields: inout Fields) throws(CommandFailure) {
    let names = ["protocol", "port", "cidr", "source-group", "group-owner"]
    guard names.contains(where: { parsed.has($0) }) else { return }
    if parsed.has("ip-permissions") {
      throw .parameter("The --protocol option is not compatible with the --ip-permissions option ")
    }
    var rule = Fields()
    let named = parsed.first("protocol") ?? ""
    rule["IpProtocol"] = .string(named == "all" ? "-1" : named)
    if let port = parsed.first("port") {
      let (low, high) = try ports(port)
      rule["FromPort"] = .integer(low)
      rule["ToPort"] = .integer(high)
    }
    if let cidr = parsed.first("cidr") { rule["IpRanges"] = .list([.object(["CidrIp": .string(cidr)])]) }
    var pair = Fields()
    if let group = parsed.first("source-group") {
      pair[group.hasPrefix("sg-") ? "GroupId" : "GroupName"] = .string(group)
    }
    if let owner = parsed.first("group-owner") { pair["UserId"] = .string(owner) }
    if !pair.isEmpty { rule["UserIdGroupPairs"] = .list([.object(pair)]) }
    fields["IpPermissions"] = .list([.object(rule)])
  }

  private static func ports(_ text: String) throws(CommandFailure) -> (Int64, Int64) {
    if text == "-1" || text == "all" { return (-1, -1) }
    let parts = text.split(separator: "-", maxSplits: 1).map(String.init)
    guard let low = pythonInteger(parts.first ?? ""), let high = pythonInteger(parts.last ?? "") else {
      throw .parameter("port parameter should be of the form <from[-to]> (e.g. 22 or 22-25)")
    }
    return (low, high)
  }
}
