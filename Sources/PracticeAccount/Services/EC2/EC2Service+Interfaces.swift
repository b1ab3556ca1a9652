import ServiceModels
import Wire

extension EC2Service {
  static let interfaceRules: [String: OperationRule] = [
    "DescribeNetworkInterfaces": looking("DescribeNetworkInterfaces", describeInterfaces)
  ]

  private static func describeInterfaces(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let network = call.network
    let endpoints = network.endpoints.values.filter(\.isThere).sorted { $0.id < $1.id }
    var owners: [String: VPCEndpoint] = [:]
    for endpoint in endpoints { for interface in endpoint.interfaces { owners[interface.id] = endpoint } }
    func subnet(_ interface: VPCEndpoint.Interface) -> Subnet? { network.subnets[interface.subnet] }
    func groups(_ interface: VPCEndpoint.Interface) -> [String] { owners[interface.id]?.groups ?? [] }
    func text(_ interface: VPCEndpoint.Interface) -> String {
      "VPC Endpoint Interface \(owners[interface.id]?.id ?? "")"
    }
    return try listed(
      input, "NetworkInterfaces", endpoints.flatMap(\.interfaces), ids: "NetworkInterfaceIds",
      .networkInterface,
      least: 5,
      filters: [
        "vpc-id": { [subnet($0)?.vpc].compactMap { $0 } }, "subnet-id": { [$0.subnet] },
        "network-interface-id": { [$0.id] }, "group-id": groups,
        "group-name": { groups($0).compactMap { network.groups[$0]?.name } },
        "interface-type": { _ in ["vpc_endpoint"] }, "status": { _ in ["in-use"] },
        "attachment.status": { _ in ["attached"] }, "description": { [text($0)] },
        "availability-zone": { [subnet($0)?.zone].compactMap { $0 } }, "private-ip-address": { [$0.address] },
        "addresses.private-ip-address": { [$0.address] }, "requester-managed": { _ in ["true"] },
        "owner-id": { _ in [call.accountID] },
      ]
    ) { interface in
      [
        "Attachment": [
          "AttachmentId": .string("ela-attach-" + interface.id.dropFirst(4)), "DeleteOnTermination": false,
          "DeviceIndex": 1, "InstanceOwnerId": "amazon-aws", "Status": "attached",
        ],
        "AvailabilityZone": .string(subnet(interface)?.zone ?? ""),
        "Description": .string(text(interface)),
        "Groups": .list(
          groups(interface).map {
            ["GroupId": .string($0), "GroupName": .string(network.groups[$0]?.name ?? "")]
          }),
        "InterfaceType": "vpc_endpoint", "Ipv6Addresses": [], "MacAddress": .string(mac(interface)),
        "NetworkInterfaceId": .string(interface.id), "OwnerId": .string(call.accountID),
        "PrivateIpAddress": .string(interface.address),
        "PrivateIpAddresses": [["Primary": true, "PrivateIpAddress": .string(interface.address)]],
        "RequesterId": "amazon-aws", "RequesterManaged": true, "SourceDestCheck": true, "Status": "in-use",
        "SubnetId": .string(interface.subnet), "TagSet": tagSet(interface.tags),
        "VpcId": .string(subnet(interface)?.vpc ?? ""),
      ]
    }
  }

  /// A locally administered address (IEEE 802) that follows from the interface's id.
  private static func mac(_ interface: VPCEndpoint.Interface) -> String {
    let digits = Array(interface.id.dropFirst(4).prefix(10))
    let pairs = stride(from: 0, to: digits.count - 1, by: 2).map { String(digits[$0...($0 + 1)]) }
    return (["02"] + pairs).joined(separator: ":")
  }
}
