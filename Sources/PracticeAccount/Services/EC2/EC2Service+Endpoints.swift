import ServiceModels
import Wire

extension EC2Service {
  static let endpointRules: [String: OperationRule] = [
    "CreateVpcEndpoint": rule(
      takes: [
        "VpcEndpointType", "VpcId", "ServiceName", "PolicyDocument", "RouteTableIds", "SubnetIds",
        "SecurityGroupIds", "IpAddressType", "DnsOptions", "ClientToken", "PrivateDnsEnabled",
        "TagSpecifications",
      ],
      { (input, call) in
        let name = "CreateVpcEndpoint"
        var questions = rightToMake(name, .vpcEndpoint, input, call)
        for index in questions.indices {
          questions[index].context["ec2:VpceServiceName"] = [input.text("ServiceName")]
          questions[index].context["ec2:VpceServiceOwner"] = ["amazon"]
        }
        questions.append(right(name, .vpc, input.text("VpcId"), call))
        questions += input.texts("RouteTableIds").map { right(name, .routeTable, $0, call) }
        questions += input.texts("SubnetIds").map { right(name, .subnet, $0, call) }
        return questions + input.texts("SecurityGroupIds").map { right(name, .securityGroup, $0, call) }
      }, createEndpoint),
    "DescribeVpcEndpoints": looking("DescribeVpcEndpoints", describeEndpoints),
    "DeleteVpcEndpoints": rule(
      takes: ["VpcEndpointIds"],
      { (input, call) in
        input.texts("VpcEndpointIds").map { right("DeleteVpcEndpoints", .vpcEndpoint, $0, call) }
      },
      { (input, call) throws(ServiceFault) in
        var failures: [Value] = []
        for id in input.texts("VpcEndpointIds") {
          guard let endpoint = call.network.endpoints[id], endpoint.isAlive else {
            failures.append([
              "Error": [
                "Code": "InvalidVpcEndpoint.NotFound",
                "Message": .string("The Vpc Endpoint Id '\(id)' does not exist"),
              ], "ResourceId": .string(id),
            ])
            continue
          }
          // A gateway is only a route and goes at once; network interfaces take minutes.
          call.network.endpoints[id]?.state = "deleting"
          call.network.endpoints[id]?.due = call.now.adding(seconds: endpoint.type == "Gateway" ? 5 : 150)
        }
        return ["Unsuccessful": .list(failures)]
      }),
    "ModifyVpcEndpoint": rule(
      takes: [
        "VpcEndpointId", "ResetPolicy", "PolicyDocument", "AddRouteTableIds", "RemoveRouteTableIds",
        "AddSubnetIds", "RemoveSubnetIds", "AddSecurityGroupIds", "RemoveSecurityGroupIds", "IpAddressType",
        "DnsOptions", "PrivateDnsEnabled",
      ],
      { (input, call) in
        let name = "ModifyVpcEndpoint"
        return [right(name, .vpcEndpoint, input.text("VpcEndpointId"), call)]
          + (input.texts("AddRouteTableIds") + input.texts("RemoveRouteTableIds")).map {
            right(name, .routeTable, $0, call)
          }
          + (input.texts("AddSubnetIds") + input.texts("RemoveSubnetIds")).map {
            right(name, .subnet, $0, call)
          }
          + (input.texts("AddSecurityGroupIds") + input.texts("RemoveSecurityGroupIds")).map {
            right(name, .securityGroup, $0, call)
          }
      }, modifyEndpoint),
  ]

  static let fullAccess = """
    {"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}
    """

  /// Endpoints per VPC or Region, groups per interface (AWS PrivateLink guide, "AWS PrivateLink quotas"; Amazon VPC
  /// user guide, "Amazon VPC quotas").
  private static let quotas = (interface: 50, gateway: 20, groups: 5)

  private static func createEndpoint(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let network = call.network
    var asked = input.object ?? [:]
    asked["DryRun"] = nil
    if let token = input["ClientToken"]?.string,
      let twin = network.endpoints.values.first(where: { $0.clientToken == token })
    {
      guard twin.request?.value == .object(asked) else {
        throw fault(
          "IdempotentParameterMismatch",
          "The client token has already been used for a previous request with different parameters.")
      }
      return ["VpcEndpoint": describe(twin, call), "ClientToken": .string(token)]
    }
    let vpc = try found(network.vpcs, input.text("VpcId"), .vpc)
    let type = input["VpcEndpointType"]?.string ?? "Gateway"
    var endpoint = VPCEndpoint(
      id: "vpce-" + call.state.generator.hex(17), vpc: vpc.id, type: type,
      service: try service(input.text("ServiceName"), type, call).name, state: "pending",
      policy: try policy(input) ?? fullAccess,
      dnsLabel: call.state.generator.text(8, of: "abcdefghijklmnopqrstuvwxyz0123456789"),
      created: call.now, tags: try newTags(input, .vpcEndpoint), clientToken: input["ClientToken"]?.string,
      request: StoredValue(.object(asked)))
    try checkQuota(endpoint, network)
    if type == "Gateway" {
      for name in ["SubnetIds", "SecurityGroupIds"] where !input.items(name).isEmpty {
        throw fault("InvalidParameter", "\(name) can only be given for endpoints of type Interface.")
      }
      try addRoutes(input.texts("RouteTableIds"), to: &endpoint, network, call)
      endpoint.state = "available"
    } else {
      if !input.items("RouteTableIds").isEmpty {
        throw fault("InvalidParameter", "RouteTableIds can only be given for endpoints of type Gateway.")
      }
      try checkAddressType(input)
      let groups = input.texts("SecurityGroupIds")
      endpoint.groups = groups.isEmpty ? [network.defaultGroup(of: vpc.id)?.id].compactMap { $0 } : []
      try addGroups(groups, to: &endpoint, network)
      try addInterfaces(input.texts("SubnetIds"), to: &endpoint, call)
      try setPrivateDNS(&endpoint, input, network, call)
      endpoint.due = call.now.adding(seconds: 60 + Double(call.state.generator.below(90)))
    }
    call.network.endpoints[endpoint.id] = endpoint
    var fields: Fields = ["VpcEndpoint": describe(endpoint, call)]
    fields.add("ClientToken", endpoint.clientToken.map(Value.string))
    return .object(fields)
  }

  private static func service(
    _ name: String, _ type: String, _ call: Call
  ) throws(ServiceFault) -> EndpointService {
    let same = EndpointService.all(in: call.region).filter { $0.name == name }
    guard !same.isEmpty else {
      throw fault("InvalidServiceName", "The Vpc Endpoint Service '\(name)' does not exist")
    }
    guard let service = same.first(where: { $0.type == type }) else {
      throw fault("InvalidParameter", "The service \(name) does not support endpoints of type \(type).")
    }
    return service
  }

  static func policy(_ input: Value) throws(ServiceFault) -> String? {
    guard let policy = input["PolicyDocument"]?.string else { return nil }
    guard PolicyValidation(policy, kind: .endpoint).problem == nil else {
      throw fault("InvalidPolicyDocument", "The policy document is invalid")
    }
    return policy
  }

  private static func checkQuota(_ endpoint: VPCEndpoint, _ network: EC2Region) throws(ServiceFault) {
    let others = network.endpoints.values.filter { $0.isAlive && $0.type == endpoint.type }
    let isFull =
      endpoint.type == "Gateway"
      ? others.count >= quotas.gateway
      : others.count(where: { $0.vpc == endpoint.vpc }) >= quotas.interface
    if isFull {
      throw fault("VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.")
    }
  }

  static func checkAddressType(_ input: Value) throws(ServiceFault) {
    let types = [input["IpAddressType"]?.string, input["DnsOptions"]?["DnsRecordIpType"]?.string]
    if let other = types.compactMap({ $0 }).first(where: { $0 != "ipv4" }) {
      throw fault(
        "InvalidParameter", "The practice account has no IPv6: the address type \(other) is not modelled.")
    }
  }

  /// A table can have one route to a service's prefix list.
  static func addRoutes(
    _ tables: [String], to endpoint: inout VPCEndpoint, _ network: EC2Region, _ call: Call
  ) throws(ServiceFault) {
    let list = PrefixList.all(in: call.region).first { $0.name == endpoint.service }?.id ?? ""
    for id in tables {
      guard let table = network.routeTables[id], table.vpc == endpoint.vpc else {
        throw fault("InvalidRouteTableId.NotFound", "The routeTable ID '\(id)' does not exist")
      }
      let isTaken = network.endpoints.values.contains {
        $0.isAlive && $0.service == endpoint.service && $0.routeTables.contains(id)
      }
      guard !isTaken, !endpoint.routeTables.contains(id) else {
        throw fault(
          "RouteAlreadyExists",
          "route table \(id) already has a route with destination-prefix-list-id \(list)")
      }
      endpoint.routeTables.append(id)
    }
  }

  static func addGroups(
    _ groups: [String], to endpoint: inout VPCEndpoint, _ network: EC2Region
  ) throws(ServiceFault) {
    for id in groups {
      guard let group = network.groups[id] else {
        throw fault("InvalidSecurityGroupID.NotFound", "The security group '\(id)' does not exist")
      }
      guard group.vpc == endpoint.vpc else {
        throw fault(
          "InvalidParameter", "Security group \(id) and VPC \(endpoint.vpc) belong to different networks.")
      }
      if !endpoint.groups.contains(id) { endpoint.groups.append(id) }
    }
    guard endpoint.groups.count <= quotas.groups else {
      throw fault(
        "SecurityGroupsPerInterfaceLimitExceeded",
        "The maximum number of security groups per interface has been reached.")
    }
  }

  /// One network interface in each subnet, one subnet in each zone.
  static func addInterfaces(
    _ subnets: [String], to endpoint: inout VPCEndpoint, _ call: Call
  ) throws(ServiceFault) {
    let network = call.network
    for id in subnets {
      guard let subnet = network.subnets[id] else {
        throw fault("InvalidSubnetId.NotFound", "The subnet ID '\(id)' does not exist")
      }
      guard subnet.vpc == endpoint.vpc else {
        throw fault("InvalidParameter", "Subnet \(id) and VPC \(endpoint.vpc) belong to different networks.")
      }
      let zones = endpoint.interfaces.map { network.subnets[$0.subnet]?.zone }
      guard !zones.contains(subnet.zone) else {
        throw fault(
          "DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the availability zone of \(id)")
      }
      guard network.freeAddresses(in: subnet) > 0 else {
        throw fault(
          "InsufficientFreeAddressesInSubnet",
          "There are not enough free addresses in subnet '\(id)' to satisfy the requested number of instances."
        )
      }
      endpoint.interfaces.append(
        .init(id: "eni-" + call.state.generator.hex(17), subnet: id, address: freeAddress(in: subnet, call)))
    }
  }

  /// AWS keeps the first four addresses and the last one.
  private static func freeAddress(in subnet: Subnet, _ call: Call) -> String {
    let taken = Set(call.network.endpoints.values.flatMap(\.interfaces).map(\.address))
    let room = subnet.block.size - 5
    let start = call.state.generator.below(room)
    for step in 0..<max(room, 1) {
      let address = subnet.block.address(4 + (start + step) % max(room, 1))
      if !taken.contains(address) { return address }
    }
    return subnet.block.address(4)
  }

  /// Private DNS wants DNS in the VPC and the name to be free; for S3 also a gateway endpoint beside it, unless told
  /// that it is not for resolvers only.
  static func setPrivateDNS(
    _ endpoint: inout VPCEndpoint, _ input: Value, _ network: EC2Region, _ call: Call
  ) throws(ServiceFault) {
    endpoint.privateDNS = input["PrivateDnsEnabled"]?.bool ?? true
    guard endpoint.privateDNS else {
      endpoint.privateDNSOnlyForInbound = nil
      return
    }
    let (id, vpc, service) = (endpoint.id, endpoint.vpc, endpoint.service)
    guard let place = network.vpcs[vpc], place.supportsDNS, place.hasDNSHostnames else {
      throw fault(
        "InvalidParameter",
        "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for "
          + "\(vpc)")
    }
    let others = network.endpoints.values.filter { $0.vpc == vpc && $0.service == service && $0.id != id }
    if others.contains(where: { $0.isThere && $0.privateDNS }) {
      let name =
        EndpointService.all(in: call.region).first { $0.name == service && $0.type == "Interface" }?
        .privateName
      throw fault(
        "InvalidParameter",
        "private-dns-enabled cannot be set because there is already a conflicting DNS domain for \(name ?? service) in "
          + "the VPC \(vpc)")
    }
    guard service.hasSuffix(".s3") else { return }
    let onlyInbound = input["DnsOptions"]?["PrivateDnsOnlyForInboundResolverEndpoint"]?.bool ?? true
    if onlyInbound, !others.contains(where: { $0.type == "Gateway" && $0.state == "available" }) {
      throw fault(
        "InvalidParameter",
        "To set PrivateDnsOnlyForInboundResolverEndpoint to true, the VPC \(vpc) must have a Gateway endpoint for the "
          + "service.")
    }
    endpoint.privateDNSOnlyForInbound = onlyInbound
  }
}
