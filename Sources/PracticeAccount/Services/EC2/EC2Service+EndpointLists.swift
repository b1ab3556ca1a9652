import ServiceModels
import Wire

extension EC2Service {
  static func describeEndpoints(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let all = call.network.endpoints.values.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
    return try listed(
      input, "VpcEndpoints", all, ids: "VpcEndpointIds", .vpcEndpoint,
      filters: [
        "vpc-id": { [$0.vpc] }, "service-name": { [$0.service] }, "vpc-endpoint-id": { [$0.id] },
        "vpc-endpoint-state": { [$0.state, $0.state.prefix(1).uppercased() + $0.state.dropFirst()] },
        "vpc-endpoint-type": { [$0.type] }, "ip-address-type": { $0.type == "Interface" ? ["ipv4"] : [] },
        "service-region": { _ in [call.region] },
      ]
    ) { describe($0, call) }
  }

  static func describe(_ endpoint: VPCEndpoint, _ call: Call) -> Value {
    let network = call.network
    var fields: Fields = [
      "VpcEndpointId": .string(endpoint.id), "VpcEndpointType": .string(endpoint.type),
      "VpcId": .string(endpoint.vpc), "ServiceName": .string(endpoint.service),
      "State": .string(endpoint.state), "PolicyDocument": .string(endpoint.policy),
      "RouteTableIds": .list(endpoint.routeTables.map(Value.string)),
      "SubnetIds": .list(endpoint.interfaces.map { .string($0.subnet) }),
      "Groups": .list(
        endpoint.groups.map {
          ["GroupId": .string($0), "GroupName": .string(network.groups[$0]?.name ?? "")]
        }),
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
      dnsNames(endpoint, call).map { ["DnsName": .string($0), "HostedZoneId": "Z7HUB22UULQXV"] })
    fields["CreationTimestamp"] = .timestamp(endpoint.created)
    if !endpoint.tags.isEmpty { fields["Tags"] = tagSet(endpoint.tags) }
    fields["OwnerId"] = .string(call.accountID)
    fields["ServiceRegion"] = .string(call.region)
    return .object(fields)
  }

  /// The Region's name, one for each zone, and the private one (AWS PrivateLink guide, "Access an AWS service").
  private static func dnsNames(_ endpoint: VPCEndpoint, _ call: Call) -> [String] {
    guard endpoint.type == "Interface",
      let service = EndpointService.all(in: call.region).first(where: {
        $0.name == endpoint.service && $0.type == endpoint.type
      })
    else { return [] }
    let star = service.short == "s3" ? "*." : ""
    // `ecr.api` is `api.ecr` in names.
    let short = service.short.split(separator: ".").reversed().joined(separator: ".")
    let tail = "\(short).\(call.region).vpce.amazonaws.com"
    let zones = endpoint.interfaces.compactMap { call.network.subnets[$0.subnet]?.zone }
    return ["\(star)\(endpoint.id)-\(endpoint.dnsLabel).\(tail)"]
      + zones.map { "\(star)\(endpoint.id)-\(endpoint.dnsLabel)-\($0).\(tail)" }
      + (endpoint.privateDNS ? [service.privateName.map { star + $0 }].compactMap { $0 } : [])
  }
}
