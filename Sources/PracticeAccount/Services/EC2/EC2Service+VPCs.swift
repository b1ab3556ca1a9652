import ServiceModels
import Wire

extension EC2Service {
  /// VPCs per Region (Amazon VPC user guide, "Amazon VPC quotas").
  private static let quota = 5

  static let vpcRules: [String: OperationRule] = [
    "CreateVpc": rule(
      takes: ["CidrBlock", "InstanceTenancy", "TagSpecifications"],
      { (input, call) in rightToMake("CreateVpc", .vpc, input, call) }, createVPC),
    "CreateDefaultVpc": rule(
      takes: [], { (_, call) in [right("CreateDefaultVpc", .vpc, nil, call)] },
      { (_, call) throws(ServiceFault) in
        guard call.network.defaultVPC == nil else {
          throw fault(
            "DefaultVpcAlreadyExists", "A Default VPC already exists for this account in this region.")
        }
        try checkQuota(call)
        let vpc = call.network.addDefaultVPC(region: call.region, from: &call.state.generator)
        return ["Vpc": describe(vpc, call, isNew: true)]
      }),
    "DeleteVpc": rule(
      takes: ["VpcId"], { (input, call) in [right("DeleteVpc", .vpc, input.text("VpcId"), call)] }, deleteVPC),
    "DescribeVpcs": looking("DescribeVpcs", describeVPCs),
    "DescribeVpcAttribute": OperationRule(
      { (input, call) in [right("DescribeVpcAttribute", .vpc, input.text("VpcId"), call)] },
      { (input, call) throws(ServiceFault) in
        let vpc = try found(call.network.vpcs, input.text("VpcId"), .vpc)
        var fields: Fields = ["VpcId": .string(vpc.id)]
        switch input.text("Attribute") {
        case "enableDnsSupport": fields["EnableDnsSupport"] = ["Value": .bool(vpc.supportsDNS)]
        case "enableDnsHostnames": fields["EnableDnsHostnames"] = ["Value": .bool(vpc.hasDNSHostnames)]
        case "enableNetworkAddressUsageMetrics":
          fields["EnableNetworkAddressUsageMetrics"] = ["Value": .bool(vpc.metersAddresses)]
        default:
          throw fault(
            "InvalidParameterValue", "Value (\(input.text("Attribute"))) for parameter attribute is invalid.")
        }
        return .object(fields)
      }),
    "ModifyVpcAttribute": OperationRule(
      { (input, call) in [right("ModifyVpcAttribute", .vpc, input.text("VpcId"), call)] }, modifyVPC),
  ]

  /// A block for a VPC or a subnet: /16 to /28.
  static func block(_ text: String, orElse code: String) throws(ServiceFault) -> IPv4Block {
    guard let block = IPv4Block(text) else {
      throw fault(
        "InvalidParameterValue",
        "Value (\(text)) for parameter cidrBlock is invalid. This is not a valid CIDR block.")
    }
    guard (16...28).contains(block.bits) else { throw fault(code, "The CIDR '\(text)' is invalid.") }
    return block
  }

  private static func checkQuota(_ call: Call) throws(ServiceFault) {
    if call.network.vpcs.count >= quota {
      throw fault("VpcLimitExceeded", "The maximum number of VPCs has been reached.")
    }
  }

  private static func createVPC(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    guard let text = input["CidrBlock"]?.string else {
      throw fault("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
    }
    let vpc = VPC(
      id: "vpc-" + call.state.generator.hex(17), block: try block(text, orElse: "InvalidVpc.Range"),
      tenancy: input["InstanceTenancy"]?.string ?? "default", tags: try newTags(input, .vpc))
    try checkQuota(call)
    call.network.add(vpc, from: &call.state.generator)
    return ["Vpc": describe(vpc, call, isNew: true)]
  }

  /// What came with it goes with it; whatever else is in it stands in the way.
  private static func deleteVPC(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    var network = call.network
    let id = try found(network.vpcs, input.text("VpcId"), .vpc).id
    let isUsed =
      network.subnets.values.contains { $0.vpc == id } || network.gateways.values.contains { $0.vpc == id }
      || network.groups.values.contains { $0.vpc == id && $0.name != "default" }
      || network.routeTables.values.contains { $0.vpc == id && !$0.isMain }
      || network.endpoints.values.contains { $0.vpc == id && $0.isThere }
    guard !isUsed else {
      throw fault("DependencyViolation", "The vpc '\(id)' has dependencies and cannot be deleted.")
    }
    network.vpcs[id] = nil
    network.groups = network.groups.filter { $0.value.vpc != id }
    network.routeTables = network.routeTables.filter { $0.value.vpc != id }
    network.endpoints = network.endpoints.filter { $0.value.vpc != id }
    call.network = network
    return [:]
  }

  private static func describeVPCs(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    // The default one first.
    let all = call.network.vpcs.values.sorted {
      ($0.isDefault ? 0 : 1, $0.id) < ($1.isDefault ? 0 : 1, $1.id)
    }
    return try listed(
      input, "Vpcs", all, ids: "VpcIds", .vpc, least: 5,
      filters: [
        "is-default": { ["\($0.isDefault)"] }, "isDefault": { ["\($0.isDefault)"] }, "vpc-id": { [$0.id] },
        "state": { _ in ["available"] }, "cidr": { [$0.block.description] },
        "cidr-block-association.cidr-block": { [$0.block.description] },
        "cidr-block-association.association-id": { [associationID($0)] },
        "cidr-block-association.state": { _ in ["associated"] }, "owner-id": { _ in [call.accountID] },
        "dhcp-options-id": { _ in ["default"] },
      ]
    ) { describe($0, call) }
  }

  private static func associationID(_ vpc: VPC) -> String { "vpc-cidr-assoc-" + vpc.id.dropFirst(4) }

  private static func describe(_ vpc: VPC, _ call: Call, isNew: Bool = false) -> Value {
    var fields: Fields = [
      "OwnerId": .string(call.accountID), "InstanceTenancy": .string(vpc.tenancy),
      "CidrBlockAssociationSet": [
        [
          "AssociationId": .string(associationID(vpc)), "CidrBlock": .string(vpc.block.description),
          "CidrBlockState": ["State": "associated"],
        ]
      ], "IsDefault": .bool(vpc.isDefault), "VpcId": .string(vpc.id),
      "State": isNew ? "pending" : "available", "CidrBlock": .string(vpc.block.description),
      "DhcpOptionsId": "default",
    ]
    if isNew { fields["Ipv6CidrBlockAssociationSet"] = [] }
    if !vpc.tags.isEmpty { fields["Tags"] = tagSet(vpc.tags) }
    return .object(fields)
  }

  private static func modifyVPC(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let attributes: [(name: String, path: WritableKeyPath<VPC, Bool>)] = [
      ("EnableDnsSupport", \.supportsDNS), ("EnableDnsHostnames", \.hasDNSHostnames),
      ("EnableNetworkAddressUsageMetrics", \.metersAddresses),
    ]
    var vpc = try found(call.network.vpcs, input.text("VpcId"), .vpc)
    let given = attributes.filter { input[$0.name] != nil }
    guard given.count <= 1 else {
      throw fault("InvalidParameterCombination", "Fields for multiple attribute types specified")
    }
    guard let attribute = given.first, let value = input[attribute.name]?["Value"]?.bool else {
      throw fault("InvalidParameterCombination", "No attributes specified")
    }
    vpc[keyPath: attribute.path] = value
    call.network.vpcs[vpc.id] = vpc
    return [:]
  }
}
