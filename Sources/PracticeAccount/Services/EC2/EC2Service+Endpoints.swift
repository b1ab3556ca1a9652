import ServiceModels
import Wire

extension EC2Service {
  static let endpointRules: [String: OperationRule] = [
    "CreateVpcEndpoint": OperationRule(
      { (input, call) in
        let tags = readTags(input)
        var questions = [
          AccessQuestion("ec2:CreateVpcEndpoint", call.arn("ec2", "vpc-endpoint/*")).requesting(tags)
        ]
        if !tags.isEmpty {
          questions.append(
            AccessQuestion(
              "ec2:CreateTags", call.arn("ec2", "vpc-endpoint/*"),
              context: ["ec2:CreateAction": ["CreateVpcEndpoint"]]
            ).requesting(tags))
        }
        return questions
      }, createEndpoint),
    "DescribeVpcEndpoints": OperationRule(ask("DescribeVpcEndpoints"), describeEndpoints),
    "DeleteVpcEndpoints": OperationRule(
      { (input, call) in
        input.texts("VpcEndpointIds").map { id in
          AccessQuestion(
            "ec2:DeleteVpcEndpoints", call.arn("ec2", "vpc-endpoint/\(id)"),
            tags: call.seen.ec2[call.region]?.endpoints[id]?.tags ?? [])
        }
      },
      { (input, call) throws(ServiceFault) in
        try checkDryRun(input)
        var failures: [Value] = []
        for id in input.texts("VpcEndpointIds") {
          guard let endpoint = call.seen.ec2[call.region]?.endpoints[id],
            ["pending", "available"].contains(endpoint.state)
          else {
            failures.append([
              "Error": [
                "Code": "InvalidVpcEndpoint.NotFound",
                "Message": .string("The Vpc Endpoint Id '\(id)' does not exist"),
              ], "ResourceId": .string(id),
            ])
            continue
          }
          // A gateway is only a route and goes at once; network interfaces take minutes.
          let due = call.now.adding(seconds: endpoint.type == "Gateway" ? 5 : 150)
          call.state.ec2[call.region]?.endpoints[id]?.state = "deleting"
          call.state.ec2[call.region]?.endpoints[id]?.due = due
        }
        return ["Unsuccessful": .list(failures)]
      }),
    "ModifyVpcEndpoint": OperationRule(
      { (input, call) in
        [
          AccessQuestion(
            "ec2:ModifyVpcEndpoint", call.arn("ec2", "vpc-endpoint/\(input.text("VpcEndpointId"))"),
            tags: call.seen.ec2[call.region]?.endpoints[input.text("VpcEndpointId")]?.tags ?? [])
        ]
      }, modifyEndpoint),
    "CreateTags": OperationRule(
      { (input, call) in
        input.texts("Resources").map { id in
          AccessQuestion("ec2:CreateTags", call.arn("ec2", "vpc-endpoint/\(id)")).requesting(
            readTagList(input))
        }
      },
      { (input, call) throws(ServiceFault) in
        for id in input.texts("Resources") {
          guard var endpoint = call.seen.ec2[call.region]?.endpoints[id] else {
            throw fault(
              "InvalidID", "The ID '\(id)' is not valid: the practice account tags VPC endpoints only")
          }
          for tag in readTagList(input) {
            endpoint.tags.removeAll { $0.key == tag.key }
            endpoint.tags.append(tag)
          }
          call.state.ec2[call.region]?.endpoints[id] = endpoint
        }
        return [:]
      }),
    "DescribeTags": OperationRule(
      ask("DescribeTags"),
      { (input, call) throws(ServiceFault) in
        var rows: [(id: String, tag: Tag)] = []
        for endpoint in (call.seen.ec2[call.region]?.endpoints ?? [:]).values.sorted(by: { $0.id < $1.id }) {
          for tag in endpoint.tags {
            let isWanted = try holds(input) { name in
              switch name {
              case "resource-id": [endpoint.id]
              case "resource-type": ["vpc-endpoint"]
              case "key": [tag.key]
              case "value": [tag.value]
              default: tagFilter(name, [tag])
              }
            }
            if isWanted { rows.append((endpoint.id, tag)) }
          }
        }
        return try page(rows, input, "Tags") { row in
          [
            "Key": .string(row.tag.key), "ResourceId": .string(row.id), "ResourceType": "vpc-endpoint",
            "Value": .string(row.tag.value),
          ]
        }
      }),
  ]

  private static func readTagList(_ input: Value) -> [Tag] {
    input.items("Tags").map { Tag(key: $0.text("Key"), value: $0.text("Value")) }
  }

  private static func readTags(_ input: Value) -> [Tag] {
    input.items("TagSpecifications").filter { $0.text("ResourceType") == "vpc-endpoint" }.flatMap(readTagList)
  }

  private static let fullAccess = """
    {"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}
    """

  private static func createEndpoint(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let network = network(call)
    let endpoints = call.seen.ec2[call.region]?.endpoints ?? [:]
    if let token = input["ClientToken"]?.string,
      let twin = endpoints.values.first(where: { $0.clientToken == token })
    {
      guard twin.request?.value == input else {
        throw fault(
          "IdempotentParameterMismatch",
          "The client token has already been used for a previous request with different parameters.")
      }
      return ["VpcEndpoint": describe(twin, call), "ClientToken": .string(token)]
    }
    guard input.text("VpcId") == network.vpc else {
      throw fault("InvalidVpcID.NotFound", "The vpc ID '\(input.text("VpcId"))' does not exist")
    }
    let type = input["VpcEndpointType"]?.string ?? "Gateway"
    let name = input.text("ServiceName")
    guard endpointServices(call.region).contains(where: { $0.name == name }) else {
      throw fault("InvalidServiceName", "The Vpc Endpoint Service '\(name)' does not exist")
    }
    guard endpointServices(call.region).contains(where: { $0.name == name && $0.type == type }) else {
      throw fault("InvalidParameter", "The service \(name) does not support endpoints of type \(type).")
    }
    if let policy = input["PolicyDocument"]?.string, PolicyValidation(policy, kind: .endpoint).problem != nil
    {
      throw fault("InvalidPolicyDocument", "The policy document is invalid")
    }
    var endpoint = VPCEndpoint(
      id: "vpce-" + call.state.generator.hex(17), type: type, service: name, state: "pending",
      policy: input["PolicyDocument"]?.string ?? fullAccess,
      dnsLabel: call.state.generator.text(8, of: "abcdefghijklmnopqrstuvwxyz0123456789"),
      created: call.now, tags: readTags(input), clientToken: input["ClientToken"]?.string,
      request: StoredValue(input))
    if type == "Gateway" {
      endpoint.routeTables = input.texts("RouteTableIds")
      if let unknown = endpoint.routeTables.first(where: { $0 != network.routeTable }) {
        throw fault("InvalidRouteTableId.NotFound", "The routeTable ID '\(unknown)' does not exist")
      }
      endpoint.state = "available"
    } else {
      endpoint.groups =
        input.texts("SecurityGroupIds").isEmpty ? [network.group] : input.texts("SecurityGroupIds")
      if let unknown = endpoint.groups.first(where: { $0 != network.group }) {
        throw fault("InvalidSecurityGroupID.NotFound", "The security group '\(unknown)' does not exist")
      }
      endpoint.interfaces = try interfaces(input.texts("SubnetIds"), network, call)
      try setPrivateDNS(&endpoint, input, endpoints, network)
      endpoint.due = call.now.adding(seconds: 60 + Double(call.state.generator.below(90)))
    }
    try checkDryRun(input)
    call.state.ec2[call.region, default: EC2Region()].endpoints[endpoint.id] = endpoint
    var fields: Fields = ["VpcEndpoint": describe(endpoint, call)]
    fields.add("ClientToken", endpoint.clientToken.map(Value.string))
    return .object(fields)
  }

  private static func interfaces(
    _ subnets: [String], _ network: DefaultNetwork, _ call: Call
  ) throws(ServiceFault) -> [VPCEndpoint.Interface] {
    var interfaces: [VPCEndpoint.Interface] = []
    for id in subnets {
      guard let subnet = network.subnets.first(where: { $0.id == id }) else {
        throw fault("InvalidSubnetId.NotFound", "The subnet ID '\(id)' does not exist")
      }
      if interfaces.contains(where: { $0.subnet == id }) {
        throw fault(
          "DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the availability zone of \(id)")
      }
      let address = "\(subnet.base).\(10 + call.state.generator.below(240))"
      interfaces.append(.init(id: "eni-" + call.state.generator.hex(17), subnet: id, address: address))
    }
    return interfaces
  }

  /// Private DNS for S3 wants a gateway endpoint beside it, unless told that it is not for resolvers only.
  private static func setPrivateDNS(
    _ endpoint: inout VPCEndpoint, _ input: Value, _ others: [String: VPCEndpoint], _ network: DefaultNetwork
  ) throws(ServiceFault) {
    endpoint.privateDNS = input["PrivateDnsEnabled"]?.bool ?? true
    guard endpoint.privateDNS, endpoint.service.hasSuffix(".s3") else { return }
    let onlyInbound = input["DnsOptions"]?["PrivateDnsOnlyForInboundResolverEndpoint"]?.bool ?? true
    let hasGateway = others.values.contains {
      $0.type == "Gateway" && $0.service == endpoint.service && $0.state == "available"
    }
    if onlyInbound, !hasGateway {
      throw fault(
        "InvalidParameter",
        "To set PrivateDnsOnlyForInboundResolverEndpoint to true, the VPC \(network.vpc) must have a Gateway endpoint for "
          + "the service.")
    }
    endpoint.privateDNSOnlyForInbound = onlyInbound
  }

  private static func describeEndpoints(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let all = (call.seen.ec2[call.region]?.endpoints ?? [:]).values.sorted {
      ($0.created, $0.id) < ($1.created, $1.id)
    }
    let asked = try picked(all, input.texts("VpcEndpointIds"), { $0.id }) {
      fault("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '\($0)' does not exist")
    }
    var found: [VPCEndpoint] = []
    for endpoint in asked {
      let isWanted = try holds(input) { name in
        switch name {
        case "vpc-id": [network(call).vpc]
        case "service-name": [endpoint.service]
        case "vpc-endpoint-id": [endpoint.id]
        case "vpc-endpoint-state": [endpoint.state, wireState(endpoint.state)]
        case "vpc-endpoint-type": [endpoint.type]
        default: tagFilter(name, endpoint.tags)
        }
      }
      if isWanted { found.append(endpoint) }
    }
    return try page(found, input, "VpcEndpoints") { describe($0, call) }
  }

  private static func modifyEndpoint(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let id = input.text("VpcEndpointId")
    guard var endpoint = call.seen.ec2[call.region]?.endpoints[id],
      ["pending", "available"].contains(endpoint.state)
    else {
      throw fault("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '\(id)' does not exist")
    }
    if let policy = input["PolicyDocument"]?.string {
      guard PolicyValidation(policy, kind: .endpoint).problem == nil else {
        throw fault("InvalidPolicyDocument", "The policy document is invalid")
      }
      endpoint.policy = policy
    }
    if input["ResetPolicy"]?.bool == true { endpoint.policy = fullAccess }
    let network = network(call)
    let gone = input.texts("RemoveSubnetIds")
    endpoint.interfaces.removeAll { gone.contains($0.subnet) }
    let added = input.texts("AddSubnetIds")
    for subnet in added where endpoint.interfaces.contains(where: { $0.subnet == subnet }) {
      throw fault(
        "DuplicateSubnetsInSameZone",
        "Found another VPC endpoint subnet in the availability zone of \(subnet)")
    }
    endpoint.interfaces += try interfaces(added, network, call)
    if input["PrivateDnsEnabled"] != nil || input["DnsOptions"] != nil {
      try setPrivateDNS(&endpoint, input, call.seen.ec2[call.region]?.endpoints ?? [:], network)
    }
    try checkDryRun(input)
    call.state.ec2[call.region]?.endpoints[id] = endpoint
    return ["Return": true]
  }

  private static func wireState(_ state: String) -> String {
    state.prefix(1).uppercased() + state.dropFirst()
  }

  private static func describe(_ endpoint: VPCEndpoint, _ call: Call) -> Value {
    let network = network(call)
    var fields: Fields = [
      "VpcEndpointId": .string(endpoint.id), "VpcEndpointType": .string(endpoint.type),
      "VpcId": .string(network.vpc),
      "ServiceName": .string(endpoint.service), "State": .string(endpoint.state),
      "PolicyDocument": .string(endpoint.policy),
      "RouteTableIds": .list(endpoint.routeTables.map(Value.string)),
      "SubnetIds": .list(endpoint.interfaces.map { .string($0.subnet) }),
      "Groups": .list(endpoint.groups.map { ["GroupId": .string($0), "GroupName": "default"] }),
    ]
    if endpoint.type == "Interface" {
      fields["IpAddressType"] = "ipv4"
      var options: Fields = ["DnsRecordIpType": "ipv4"]
      options.add(
        "PrivateDnsOnlyForInboundResolverEndpoint", endpoint.privateDNSOnlyForInbound.map(Value.bool))
      fields["DnsOptions"] = .object(options)
    }
    fields["PrivateDnsEnabled"] = .bool(endpoint.privateDNS)
    fields["RequesterManaged"] = false
    fields["NetworkInterfaceIds"] = .list(endpoint.interfaces.map { .string($0.id) })
    fields["DnsEntries"] = .list(
      dnsNames(endpoint, network, call).map { ["DnsName": .string($0), "HostedZoneId": "Z7HUB22UULQXV"] })
    fields["CreationTimestamp"] = .timestamp(endpoint.created)
    if !endpoint.tags.isEmpty { fields["Tags"] = tagSet(endpoint.tags) }
    fields["OwnerId"] = .string(call.accountID)
    fields["ServiceRegion"] = .string(call.region)
    return .object(fields)
  }

  private static func dnsNames(_ endpoint: VPCEndpoint, _ network: DefaultNetwork, _ call: Call) -> [String] {
    guard endpoint.type == "Interface" else { return [] }
    let short = endpoint.service.split(separator: ".").last.map(String.init) ?? ""
    let star = short == "s3" ? "*." : ""
    let tail = "\(short).\(call.region).vpce.amazonaws.com"
    let zones = endpoint.interfaces.compactMap { interface in
      network.subnets.first { $0.id == interface.subnet }?.zone
    }
    return ["\(star)\(endpoint.id)-\(endpoint.dnsLabel).\(tail)"]
      + zones.map { "\(star)\(endpoint.id)-\(endpoint.dnsLabel)-\($0).\(tail)" }
      + (endpoint.privateDNS ? ["\(star)\(short).\(call.region).amazonaws.com"] : [])
  }
}
