import ServiceModels
import Wire

extension EC2Service {
  /// Subnets per VPC (Amazon VPC user guide, "Amazon VPC quotas").
  private static let quota = 200

  static let subnetRules: [String: OperationRule] = [
    "CreateSubnet": rule(
      takes: ["VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "TagSpecifications"],
      { (input, call) in
        rightToMake("CreateSubnet", .subnet, input, call) + [
          right("CreateSubnet", .vpc, input.text("VpcId"), call)
        ]
      }, createSubnet),
    "CreateDefaultSubnet": rule(
      takes: ["AvailabilityZone", "AvailabilityZoneId"],
      { (_, call) in [right("CreateDefaultSubnet", .subnet, nil, call)] }, createDefaultSubnet),
    "DeleteSubnet": rule(
      takes: ["SubnetId"],
      { (input, call) in [right("DeleteSubnet", .subnet, input.text("SubnetId"), call)] },
      { (input, call) throws(ServiceFault) in
        var network = call.network
        let id = try found(network.subnets, input.text("SubnetId"), .subnet).id
        if network.interfaces(in: id) > 0 {
          throw fault(
            "DependencyViolation", "The subnet '\(id)' has dependencies and cannot be deleted.")
        }
        network.subnets[id] = nil
        for table in network.routeTables.keys {
          network.routeTables[table]?.associations.removeAll { $0.subnet == id }
        }
        call.network = network
        return [:]
      }),
    "DescribeSubnets": looking("DescribeSubnets", describeSubnets),
    "ModifySubnetAttribute": rule(
      takes: ["SubnetId", "MapPublicIpOnLaunch"],
      { (input, call) in [right("ModifySubnetAttribute", .subnet, input.text("SubnetId"), call)] },
      { (input, call) throws(ServiceFault) in
        let id = try found(call.network.subnets, input.text("SubnetId"), .subnet).id
        guard let value = input["MapPublicIpOnLaunch"]?["Value"]?.bool else {
          throw fault("InvalidParameterCombination", "No attributes specified")
        }
        call.network.subnets[id]?.mapsPublicAddresses = value
        return [:]
      }),
  ]

  /// The zone that is asked for; the first if none is.
  private static func zone(_ input: Value, _ call: Call) throws(ServiceFault) -> Zone {
    let zones = Zone.all(in: call.region)
    let wanted = input["AvailabilityZone"]?.string ?? input["AvailabilityZoneId"]?.string
    guard let zone = zones.first(where: { wanted == nil || $0.name == wanted || $0.id == wanted }) else {
      throw fault(
        "InvalidParameterValue",
        "Value (\(wanted ?? "")) for parameter availabilityZone is invalid. Subnets can currently only be created in the "
          + "following availability zones: \(zones.map(\.name).joined(separator: ", ")).")
    }
    return zone
  }

  private static func createSubnet(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let network = call.network
    let vpc = try found(network.vpcs, input.text("VpcId"), .vpc)
    guard let text = input["CidrBlock"]?.string else {
      throw fault("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
    }
    let block = try block(text, orElse: "InvalidSubnet.Range")
    guard vpc.block.contains(block) else {
      throw fault("InvalidSubnet.Range", "The CIDR '\(text)' is invalid.")
    }
    let others = network.subnets.values.filter { $0.vpc == vpc.id }
    guard !others.contains(where: { $0.block.overlaps(block) }) else {
      throw fault("InvalidSubnet.Conflict", "The CIDR '\(text)' conflicts with another subnet")
    }
    guard others.count < quota else {
      throw fault("SubnetLimitExceeded", "The maximum number of subnets has been reached.")
    }
    let zone = try zone(input, call)
    let subnet = Subnet(
      id: "subnet-" + call.state.generator.hex(17), vpc: vpc.id, zone: zone.name, zoneID: zone.id,
      block: block, tags: try newTags(input, .subnet))
    call.network.subnets[subnet.id] = subnet
    return ["Subnet": describe(subnet, call)]
  }

  private static func createDefaultSubnet(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    var network = call.network
    let zone = try zone(input, call)
    guard let vpc = network.defaultVPC else {
      throw fault("DefaultVpcDoesNotExist", "No default VPC exists for this account in this region.")
    }
    if let old = network.subnets.values.first(where: { $0.isDefault && $0.zone == zone.name }) {
      throw fault(
        "DefaultSubnetAlreadyExistsInAvailabilityZone",
        "'\(old.id)' is already the default subnet in \(zone.name).")
    }
    guard let subnet = network.addDefaultSubnet(in: zone, of: vpc, from: &call.state.generator) else {
      throw fault("InsufficientCidrBlocks", "There is no free /20 block in the default VPC '\(vpc.id)'.")
    }
    call.network = network
    return ["Subnet": describe(subnet, call)]
  }

  private static func describeSubnets(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let all = call.network.subnets.values.sorted {
      ($0.isDefault ? 0 : 1, $0.zone, $0.id) < ($1.isDefault ? 0 : 1, $1.zone, $1.id)
    }
    return try listed(
      input, "Subnets", all, ids: "SubnetIds", .subnet, least: 5,
      filters: [
        "vpc-id": { [$0.vpc] }, "subnet-id": { [$0.id] }, "default-for-az": { ["\($0.isDefault)"] },
        "defaultForAz": { ["\($0.isDefault)"] }, "availability-zone": { [$0.zone] },
        "availabilityZone": { [$0.zone] }, "availability-zone-id": { [$0.zoneID] },
        "availabilityZoneId": { [$0.zoneID] }, "state": { _ in ["available"] },
        "cidr-block": { [$0.block.description] }, "cidr": { [$0.block.description] },
        "cidrBlock": { [$0.block.description] }, "owner-id": { _ in [call.accountID] },
        "map-public-ip-on-launch": { ["\($0.mapsPublicAddresses)"] },
        "subnet-arn": { [call.arn("ec2", "subnet/\($0.id)")] },
        "available-ip-address-count": { ["\(call.network.freeAddresses(in: $0))"] },
      ]
    ) { describe($0, call) }
  }

  private static func describe(_ subnet: Subnet, _ call: Call) -> Value {
    var fields: Fields = [
      "AvailabilityZoneId": .string(subnet.zoneID), "MapCustomerOwnedIpOnLaunch": false,
      "OwnerId": .string(call.accountID), "AssignIpv6AddressOnCreation": false,
      "Ipv6CidrBlockAssociationSet": [],
      "SubnetArn": .string(call.arn("ec2", "subnet/\(subnet.id)")), "EnableDns64": false, "Ipv6Native": false,
      "PrivateDnsNameOptionsOnLaunch": [
        "HostnameType": "ip-name", "EnableResourceNameDnsARecord": false,
        "EnableResourceNameDnsAAAARecord": false,
      ],
      "SubnetId": .string(subnet.id), "State": "available", "VpcId": .string(subnet.vpc),
      "CidrBlock": .string(subnet.block.description),
      "AvailableIpAddressCount": .integer(Int64(call.network.freeAddresses(in: subnet))),
      "AvailabilityZone": .string(subnet.zone), "DefaultForAz": .bool(subnet.isDefault),
      "MapPublicIpOnLaunch": .bool(subnet.mapsPublicAddresses),
    ]
    if !subnet.tags.isEmpty { fields["Tags"] = tagSet(subnet.tags) }
    return .object(fields)
  }
}

extension EC2Region {
  /// How many network interfaces there are in a subnet.
  func interfaces(in subnet: String) -> Int {
    endpoints.values.filter(\.isThere).flatMap(\.interfaces).count { $0.subnet == subnet }
  }

  /// AWS keeps five addresses of every subnet to itself.
  func freeAddresses(in subnet: Subnet) -> Int { subnet.block.size - 5 - interfaces(in: subnet.id) }
}
