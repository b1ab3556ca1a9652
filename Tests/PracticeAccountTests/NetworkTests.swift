import OrderedJSON
import PracticeAccount
import ServiceModels
import Testing
import Wire

/// The network around VPC endpoints. Names stand for ids: `VPC`, `SUBNET`, `GROUP`, `TABLE`, `GATEWAY` of the default VPC.
struct NetworkTests {
  /// An account and the ids in its default VPC.
  private func make() async throws -> (TestAccount, [String: String]) {
    let test = try TestAccount()
    var ids: [String: String] = [:]
    for (name, operation, path) in [
      ("VPC", "DescribeVpcs", "Vpcs.0.VpcId"), ("SUBNET", "DescribeSubnets", "Subnets.0.SubnetId"),
      ("GROUP", "DescribeSecurityGroups", "SecurityGroups.0.GroupId"),
      ("TABLE", "DescribeRouteTables", "RouteTables.0.RouteTableId"),
      ("MAIN", "DescribeRouteTables", "RouteTables.0.Associations.0.RouteTableAssociationId"),
      ("GATEWAY", "DescribeInternetGateways", "InternetGateways.0.InternetGatewayId"),
    ] {
      ids[name] = try #require(try await test.call("ec2", operation).at(path)?.string)
    }
    return (test, ids)
  }

  private func filled(_ value: Value, _ ids: [String: String]) -> Value {
    switch value {
    case .string(let text): ids[text].map(Value.string) ?? value
    case .list(let items): .list(items.map { filled($0, ids) })
    case .object(let fields): .object(Fields(fields.map { .init($0.name, filled($0.value, ids)) }))
    default: value
    }
  }

  private static let s3 = "com.amazonaws.us-east-1.s3"
  private static let rule: Value = [
    ["IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [["CidrIp": "10.0.0.0/8"]]]
  ]

  /// Operation, input, error; each row begins anew. Sources: EC2 API reference, "Error codes for the Amazon EC2 API", and
  /// the operations' pages.
  static let errors: [(String, Value, String)] = [
    (
      "DeleteVpc", ["VpcId": "VPC"],
      "400 DependencyViolation: The vpc 'VPC' has dependencies and cannot be deleted."
    ),
    ("DeleteVpc", ["VpcId": "x"], "400 InvalidVpcID.Malformed: Invalid id: \"x\" (expecting \"vpc-...\")"),
    (
      "CreateDefaultVpc", [:],
      "400 DefaultVpcAlreadyExists: A Default VPC already exists for this account in this region."
    ),
    ("CreateVpc", ["CidrBlock": "10.0.0.0/8"], "400 InvalidVpc.Range: The CIDR '10.0.0.0/8' is invalid."),
    (
      "CreateVpc", ["CidrBlock": "10.0.0/16"],
      "400 InvalidParameterValue: Value (10.0.0/16) for parameter cidrBlock is invalid. This is not a valid CIDR block."
    ),
    (
      "CreateVpc", ["CidrBlock": "10.0.0.0/16", "Ipv6Pool": "p"],
      "400 UnsupportedOperation: The practice account does not model the parameter Ipv6Pool of CreateVpc."
    ),
    ("CreateVpc", ["CidrBlock": "10.0.0.0/16", "AmazonProvidedIpv6CidrBlock": false], "none"),
    (
      "CreateVpc", ["CidrBlock": "10.0.0.0/16", "DryRun": true],
      "412 DryRunOperation: Request would have succeeded, but DryRun flag is set."
    ),
    (
      "ModifyVpcAttribute",
      ["VpcId": "VPC", "EnableDnsSupport": ["Value": true], "EnableDnsHostnames": ["Value": true]],
      "400 InvalidParameterCombination: Fields for multiple attribute types specified"
    ),
    (
      "CreateSubnet", ["VpcId": "VPC", "CidrBlock": "172.31.0.0/24"],
      "400 InvalidSubnet.Conflict: The CIDR '172.31.0.0/24' conflicts with another subnet"
    ),
    (
      "CreateSubnet", ["VpcId": "VPC", "CidrBlock": "10.0.0.0/24"],
      "400 InvalidSubnet.Range: The CIDR '10.0.0.0/24' is invalid."
    ),
    (
      "CreateDefaultSubnet", ["AvailabilityZone": "us-east-1a"],
      "400 DefaultSubnetAlreadyExistsInAvailabilityZone: 'SUBNET' is already the default subnet in us-east-1a."
    ),
    (
      "CreateSecurityGroup", ["GroupName": "default", "Description": "d"],
      "400 InvalidParameterValue: Cannot use reserved security group name: default"
    ),
    (
      "DeleteSecurityGroup", ["GroupId": "GROUP"],
      "400 CannotDelete: the specified group: \"GROUP\" name: \"default\" cannot be deleted by a user"
    ),
    (
      "DescribeSecurityGroups", ["GroupNames": ["none"]],
      "400 InvalidGroup.NotFound: The security group 'none' does not exist in default VPC 'VPC'"
    ),
    (
      "AuthorizeSecurityGroupEgress",
      ["GroupId": "GROUP", "IpPermissions": [["IpProtocol": "-1", "IpRanges": [["CidrIp": "0.0.0.0/0"]]]]],
      "400 InvalidPermission.Duplicate: the specified rule \"peer: 0.0.0.0/0, ALL, ALLOW\" already exists"
    ),
    (
      "AuthorizeSecurityGroupIngress",
      ["GroupId": "GROUP", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/33"],
      "400 InvalidParameterValue: CIDR block 10.0.0.0/33 is malformed"
    ),
    // No error in the default VPC.
    ("RevokeSecurityGroupIngress", ["GroupId": "GROUP", "IpPermissions": rule], "none"),
    (
      "DeleteRouteTable", ["RouteTableId": "TABLE"],
      "400 DependencyViolation: The routeTable 'TABLE' has dependencies and cannot be deleted."
    ),
    (
      "DisassociateRouteTable", ["AssociationId": "MAIN"],
      "400 InvalidParameterValue: cannot disassociate the main route table association MAIN"
    ),
    (
      "CreateRoute",
      ["RouteTableId": "TABLE", "DestinationCidrBlock": "172.31.0.0/16", "GatewayId": "GATEWAY"],
      "400 RouteAlreadyExists: The route identified by 172.31.0.0/16 already exists."
    ),
    (
      "DeleteRoute", ["RouteTableId": "TABLE", "DestinationCidrBlock": "172.31.0.0/16"],
      "400 InvalidParameterValue: cannot remove local route 172.31.0.0/16 in route table TABLE"
    ),
    (
      "DeleteInternetGateway", ["InternetGatewayId": "GATEWAY"],
      "400 DependencyViolation: The internetGateway 'GATEWAY' has dependencies and cannot be deleted."
    ),
    (
      "CreateTags", ["Resources": ["VPC"], "Tags": [["Key": "aws:x", "Value": "y"]]],
      "400 InvalidParameterValue: Tag keys starting with 'aws:' are reserved for internal use"
    ),
    ("CreateTags", ["Resources": ["x"], "Tags": [["Key": "x"]]], "400 InvalidID: The ID 'x' is not valid"),
    (
      "DescribeVpcs", ["Filters": [["Name": "colour", "Values": ["red"]]]],
      "400 InvalidParameterValue: The filter 'colour' is invalid"
    ),
    (
      "CreateVpcEndpoint", ["VpcId": "VPC", "ServiceName": "com.amazonaws.us-east-1.none"],
      "400 InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.us-east-1.none' does not exist"
    ),
    (
      "CreateVpcEndpoint",
      [
        "VpcId": "VPC", "ServiceName": .string(s3), "VpcEndpointType": "Interface", "PrivateDnsEnabled": true,
      ],
      "400 InvalidParameter: To set PrivateDnsOnlyForInboundResolverEndpoint to true, the VPC VPC must have a Gateway "
        + "endpoint for the service."
    ),
    (
      "CreateVpcEndpoint", ["VpcId": "VPC", "ServiceName": .string(s3), "PolicyDocument": "{"],
      "400 InvalidPolicyDocument: The policy document is invalid"
    ),
    (
      "DescribeManagedPrefixLists", ["PrefixListIds": ["pl-0"]],
      "400 InvalidPrefixListId.NotFound: The prefix list ID 'pl-0' does not exist"
    ),
  ]

  @Test func `every error is as EC2 gives it`() async throws {
    for (operation, input, expected) in Self.errors {
      let (test, ids) = try await make()
      let found = try await test.error("ec2", operation, filled(input, ids))
      // Names are told apart from words by what stands around them.
      let wanted = ids.reduce(expected) { text, id in
        text.replacing("'\(id.key)'", with: "'\(id.value)'").replacing(
          "\"\(id.key)\"", with: "\"\(id.value)\""
        )
        .replacing(" \(id.key) must", with: " \(id.value) must")
        .replacing("table \(id.key)", with: "table \(id.value)")
        .replacing("association \(id.key)", with: "association \(id.value)")
      }
      #expect(found == wanted, "\(operation)")
    }
  }

  @Test func `the default VPC can be taken down, and made again`() async throws {
    let (test, ids) = try await make()
    let fresh = test.account.dump()
    for subnet in try await test.call("ec2", "DescribeSubnets")["Subnets"]?.list ?? [] {
      try await test.call("ec2", "DeleteSubnet", ["SubnetId": subnet["SubnetId"] ?? ""])
    }
    let vpc = Value.string(ids["VPC"] ?? "")
    #expect(try await test.error("ec2", "DeleteVpc", ["VpcId": vpc]).hasPrefix("400 DependencyViolation"))
    let gateway = Value.string(ids["GATEWAY"] ?? "")
    try await test.call("ec2", "DetachInternetGateway", ["InternetGatewayId": gateway, "VpcId": vpc])
    let routes = try await test.call("ec2", "DescribeRouteTables").at("RouteTables.0.Routes.1.State")?.string
    #expect(routes == "blackhole")
    try await test.call("ec2", "DeleteInternetGateway", ["InternetGatewayId": gateway])
    try await test.call("ec2", "DeleteVpc", ["VpcId": vpc])
    for (operation, member) in [
      ("DescribeVpcs", "Vpcs"), ("DescribeSecurityGroups", "SecurityGroups"),
      ("DescribeRouteTables", "RouteTables"),
    ] {
      #expect(try await test.call("ec2", operation)[member]?.list == [])
    }
    #expect(test.account.dump() != fresh)
    let made = try await test.call("ec2", "CreateDefaultVpc")
    #expect(made.at("Vpc.IsDefault")?.bool == true && made.at("Vpc.VpcId")?.string != ids["VPC"])
    #expect(try await test.call("ec2", "DescribeSubnets")["Subnets"]?.list?.count == 6)
  }

  @Test func `an account without a default VPC shows none, and can make one`() async throws {
    let test = try TestAccount()
    try test.account.play(
      Scenario(json: ["name": "n", "title": "n", "steps": [["settings": ["hasDefaultVPC": false]]]]))
    let fresh = test.account.dump()
    #expect(try await test.call("ec2", "DescribeVpcs")["Vpcs"]?.list == [])
    #expect(try await test.call("ec2", "DescribeSubnets")["Subnets"]?.list == [])
    #expect(
      try await test.error("ec2", "CreateSecurityGroup", ["GroupName": "g", "Description": "d"])
        == "400 VPCIdNotSpecified: No default VPC for this user")
    try await test.call("ec2", "CreateVpc", ["CidrBlock": "10.0.0.0/16"])
    let id = try #require(try await test.call("ec2", "DescribeVpcs").at("Vpcs.0.VpcId"))
    try await test.call("ec2", "DeleteVpc", ["VpcId": id])
    #expect(test.account.dump() == fresh)
    try await test.call("ec2", "CreateDefaultVpc")
    #expect(try await test.call("ec2", "DescribeVpcs").at("Vpcs.0.IsDefault")?.bool == true)
  }

  @Test func `a gateway endpoint routes, an interface endpoint holds its groups, and all is gone in the end`()
    async throws
  {
    let store = MemoryStore()
    let test = try TestAccount(store: store)
    let fresh = test.account.dump()
    func id(_ operation: String, _ path: String, _ input: Value = [:]) async throws -> Value {
      try #require(try await test.call("ec2", operation, input).at(path), "\(operation)")
    }
    let vpc = try await id("DescribeVpcs", "Vpcs.0.VpcId")
    let table = try await id("DescribeRouteTables", "RouteTables.0.RouteTableId")
    let gateway = try await id(
      "CreateVpcEndpoint", "VpcEndpoint.VpcEndpointId",
      ["VpcId": vpc, "ServiceName": .string(Self.s3), "RouteTableIds": [table]])
    let route = try await test.call("ec2", "DescribeRouteTables").at("RouteTables.0.Routes.2")
    #expect(route?["DestinationPrefixListId"]?.string == "pl-63a5400a" && route?["GatewayId"] == gateway)
    let error = try await test.error(
      "ec2", "CreateVpcEndpoint", ["VpcId": vpc, "ServiceName": .string(Self.s3), "RouteTableIds": [table]])
    #expect(
      error
        == "400 RouteAlreadyExists: route table \(table.string ?? "") already has a route with destination-prefix-list-id "
        + "pl-63a5400a")
    try await test.call(
      "ec2", "ModifyVpcEndpoint", ["VpcEndpointId": gateway, "RemoveRouteTableIds": [table]])
    #expect(try await test.call("ec2", "DescribeRouteTables").at("RouteTables.0.Routes.2") == nil)

    let group = try await id("CreateSecurityGroup", "GroupId", ["GroupName": "web", "Description": "d"])
    let subnet = try await id("DescribeSubnets", "Subnets.0.SubnetId")
    let input: Value = [
      "VpcId": vpc, "ServiceName": "com.amazonaws.us-east-1.kms", "VpcEndpointType": "Interface",
      "SubnetIds": [subnet], "SecurityGroupIds": [group], "ClientToken": "once",
    ]
    let endpoint = try await id("CreateVpcEndpoint", "VpcEndpoint.VpcEndpointId", input)
    #expect(try await id("CreateVpcEndpoint", "VpcEndpoint.VpcEndpointId", input) == endpoint)
    var other = input.object ?? [:]
    other["PrivateDnsEnabled"] = false
    #expect(
      try await test.error("ec2", "CreateVpcEndpoint", .object(other)).hasPrefix(
        "400 IdempotentParameterMismatch"))
    other["ClientToken"] = nil
    other["PrivateDnsEnabled"] = true
    #expect(
      try await test.error("ec2", "CreateVpcEndpoint", .object(other))
        == "400 InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
        + "kms.us-east-1.amazonaws.com in the VPC \(vpc.string ?? "")")
    #expect(
      try await test.error("ec2", "DeleteSecurityGroup", ["GroupId": group])
        == "400 DependencyViolation: resource \(group.string ?? "") has a dependent object")
    #expect(
      try await test.error("ec2", "DeleteSubnet", ["SubnetId": subnet])
        == "400 DependencyViolation: The subnet '\(subnet.string ?? "")' has dependencies and cannot be deleted."
    )
    // What another process finds is the same.
    #expect(try TestAccount(store: store).account.dump() == test.account.dump())
    try await test.call("ec2", "DeleteVpcEndpoints", ["VpcEndpointIds": [endpoint, gateway]])
    #expect(
      try await test.error("ec2", "DeleteSecurityGroup", ["GroupId": group]).hasPrefix("400 Dependency"))
    try test.account.clock.advance(seconds: 300)
    try await test.call("ec2", "DeleteSecurityGroup", ["GroupId": group])
    #expect(test.account.dump() == fresh)
    #expect(try TestAccount(store: store).account.dump() == fresh)
  }

  @Test func `rules have ids, are put together by ports, and go one by one`() async throws {
    let (test, ids) = try await make()
    let vpc = Value.string(ids["VPC"] ?? "")
    let group = try #require(
      try await test.call(
        "ec2", "CreateSecurityGroup", ["GroupName": "web", "Description": "d", "VpcId": vpc])["GroupId"])
    let added = try await test.call(
      "ec2", "AuthorizeSecurityGroupIngress",
      [
        "GroupId": group,
        "IpPermissions": [
          [
            "IpProtocol": "6", "FromPort": 443, "ToPort": 443,
            "IpRanges": [["CidrIp": "10.1.2.3/8", "Description": "in"], ["CidrIp": "192.168.0.0/16"]],
            "UserIdGroupPairs": [["GroupId": .string(ids["GROUP"] ?? "")]],
          ]
        ],
      ])
    #expect(
      added["SecurityGroupRules"]?.list?.compactMap { $0["CidrIpv4"]?.string } == [
        "10.0.0.0/8", "192.168.0.0/16",
      ])
    let shown = try await test.call("ec2", "DescribeSecurityGroups", ["GroupIds": [group]])
    #expect(shown.at("SecurityGroups.0.IpPermissions")?.list?.count == 1)
    #expect(shown.at("SecurityGroups.0.IpPermissions.0.IpRanges.1.CidrIp")?.string == "192.168.0.0/16")
    let rules = try await test.call(
      "ec2", "DescribeSecurityGroupRules", ["Filters": [["Name": "group-id", "Values": [group]]]])
    #expect(rules["SecurityGroupRules"]?.list?.count == 4)
    let gone = try await test.call(
      "ec2", "RevokeSecurityGroupIngress",
      [
        "GroupId": group,
        "SecurityGroupRuleIds": [added.at("SecurityGroupRules.0.SecurityGroupRuleId") ?? ""],
      ])
    #expect(gone.at("RevokedSecurityGroupRules.0.CidrIpv4")?.string == "10.0.0.0/8")
    // The default group is named by a rule, and nobody deletes it; a group that is named cannot go.
    let other = try #require(
      try await test.call(
        "ec2", "CreateSecurityGroup", ["GroupName": "other", "Description": "d", "VpcId": vpc])["GroupId"])
    try await test.call(
      "ec2", "AuthorizeSecurityGroupIngress",
      [
        "GroupId": other,
        "IpPermissions": [["IpProtocol": "-1", "UserIdGroupPairs": [["GroupId": group]]]],
      ])
    #expect(
      try await test.error("ec2", "DeleteSecurityGroup", ["GroupId": group]).hasPrefix("400 Dependency"))
  }

  @Test func `quotas, pages and the list of services`() async throws {
    let (test, _) = try await make()
    for _ in 0..<4 { try await test.call("ec2", "CreateVpc", ["CidrBlock": "10.0.0.0/16"]) }
    #expect(
      try await test.error("ec2", "CreateVpc", ["CidrBlock": "10.0.0.0/16"])
        == "400 VpcLimitExceeded: The maximum number of VPCs has been reached.")
    let first = try await test.call("ec2", "DescribeSubnets", ["MaxResults": 5])
    #expect(first["Subnets"]?.list?.count == 5)
    let second = try await test.call(
      "ec2", "DescribeSubnets", ["MaxResults": 5, "NextToken": first["NextToken"] ?? ""])
    #expect(second["Subnets"]?.list?.count == 1 && second["NextToken"] == nil)
    let services = try await test.call("ec2", "DescribeVpcEndpointServices", region: "eu-west-1")
    #expect((services["ServiceNames"]?.list?.count ?? 0) > 60)
    #expect(services["ServiceNames"]?.list?.contains("com.amazonaws.eu-west-1.dynamodb") == true)
  }

  @Test func `what may be done to a thing follows from its tags and its VPC`() async throws {
    let (test, ids) = try await make()
    let group = try #require(
      try await test.call("ec2", "CreateSecurityGroup", ["GroupName": "web", "Description": "d"])["GroupId"])
    try await test.call(
      "ec2", "CreateTags", ["Resources": [group], "Tags": [["Key": "keep", "Value": "yes"]]])
    let policy = #"""
      {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:DeleteSecurityGroup","Resource":"*",
       "Condition":{"StringEquals":{"ec2:ResourceTag/keep":"yes","ec2:Vpc":"arn:aws:ec2:us-east-1:111122223333:vpc/VPC"}}}]}
      """#.replacing("VPC\"", with: (ids["VPC"] ?? "") + "\"")
    try await test.call(
      "iam", "PutUserPolicy",
      ["UserName": "learner", "PolicyName": "p", "PolicyDocument": .string(policy)])
    let error = try await test.error("ec2", "DeleteSecurityGroup", ["GroupId": group])
    #expect(
      error.hasPrefix(
        "403 UnauthorizedOperation: You are not authorized to perform this operation. User: "
          + "arn:aws:iam::111122223333:user/learner is not authorized to perform: ec2:DeleteSecurityGroup on resource: "
          + "arn:aws:ec2:us-east-1:111122223333:security-group/\(group.string ?? "") with an explicit deny"))
    try await test.call(
      "ec2", "DeleteTags", ["Resources": [group], "Tags": [["Key": "keep", "Value": "yes"]]])
    try await test.call("ec2", "DeleteSecurityGroup", ["GroupId": group])
  }
}
