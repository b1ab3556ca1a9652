import ServiceModels

extension OperationTests {
  /// A network of one's own, an endpoint in it, and all of it taken down again.
  static let network: Story = [
    ("ec2", "DescribeRegions", ["AllRegions": true], nil), ("ec2", "DescribeAvailabilityZones", [:], nil),
    ("ec2", "DescribeAccountAttributes", [:], nil),
    (
      "ec2", "CreateVpc",
      [
        "CidrBlock": "10.0.0.0/16",
        "TagSpecifications": [["ResourceType": "vpc", "Tags": [["Key": "lab", "Value": "x"]]]],
      ], ("Vpc.VpcId", "vpc")
    ),
    ("ec2", "ModifyVpcAttribute", ["VpcId": "$vpc", "EnableDnsHostnames": ["Value": true]], nil),
    ("ec2", "CreateSubnet", ["VpcId": "$vpc", "CidrBlock": "10.0.1.0/24"], ("Subnet.SubnetId", "subnet")),
    (
      "ec2", "ModifySubnetAttribute", ["SubnetId": "$subnet", "MapPublicIpOnLaunch": ["Value": true]], nil
    ),
    (
      "ec2", "CreateSecurityGroup", ["GroupName": "web", "Description": "web", "VpcId": "$vpc"],
      ("GroupId", "group")
    ),
    (
      "ec2", "AuthorizeSecurityGroupIngress",
      [
        "GroupId": "$group",
        "IpPermissions": [
          ["IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [["CidrIp": "10.0.0.0/16"]]]
        ],
      ], ("SecurityGroupRules.0.SecurityGroupRuleId", "rule")
    ),
    (
      "ec2", "AuthorizeSecurityGroupEgress",
      [
        "GroupId": "$group",
        "IpPermissions": [
          ["IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "Ipv6Ranges": [["CidrIpv6": "::/0"]]]
        ],
      ], nil
    ),
    ("ec2", "DescribeSecurityGroupRules", ["SecurityGroupRuleIds": ["$rule"]], nil),
    ("ec2", "DescribeSecurityGroups", ["GroupIds": ["$group"]], nil),
    ("ec2", "CreateRouteTable", ["VpcId": "$vpc"], ("RouteTable.RouteTableId", "table")),
    (
      "ec2", "AssociateRouteTable", ["RouteTableId": "$table", "SubnetId": "$subnet"],
      ("AssociationId", "association")
    ),
    (
      "ec2", "ReplaceRouteTableAssociation", ["AssociationId": "$association", "RouteTableId": "$table"],
      ("NewAssociationId", "association")
    ),
    ("ec2", "CreateInternetGateway", [:], ("InternetGateway.InternetGatewayId", "gateway")),
    ("ec2", "AttachInternetGateway", ["InternetGatewayId": "$gateway", "VpcId": "$vpc"], nil),
    ("ec2", "DescribeInternetGateways", ["InternetGatewayIds": ["$gateway"]], nil),
    (
      "ec2", "CreateRoute",
      ["RouteTableId": "$table", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "$gateway"], nil
    ),
    ("ec2", "DescribeRouteTables", ["RouteTableIds": ["$table"]], nil),
    ("ec2", "DescribePrefixLists", [:], ("PrefixLists.0.PrefixListId", "list")),
    ("ec2", "DescribeManagedPrefixLists", ["PrefixListIds": ["$list"]], nil),
    ("ec2", "GetManagedPrefixListEntries", ["PrefixListId": "$list"], nil),
    (
      "ec2", "CreateVpcEndpoint",
      [
        "VpcId": "$vpc", "ServiceName": "com.amazonaws.us-east-1.s3", "RouteTableIds": ["$table"],
        "TagSpecifications": [["ResourceType": "vpc-endpoint", "Tags": [["Key": "lab", "Value": "x"]]]],
      ], ("VpcEndpoint.VpcEndpointId", "s3")
    ),
    (
      "ec2", "CreateVpcEndpoint",
      [
        "VpcId": "$vpc", "ServiceName": "com.amazonaws.us-east-1.kms", "VpcEndpointType": "Interface",
        "SubnetIds": ["$subnet"], "SecurityGroupIds": ["$group"], "PrivateDnsEnabled": true,
      ], ("VpcEndpoint.VpcEndpointId", "kms")
    ),
    ("ec2", "CreateTags", ["Resources": ["$group", "$rule"], "Tags": [["Key": "lab", "Value": "x"]]], nil),
    ("ec2", "DeleteTags", ["Resources": ["$rule"], "Tags": [["Key": "lab"]]], nil),
    ("resourcegroupstaggingapi", "GetResources", ["TagFilters": [["Key": "lab"]]], nil),
    ("resourcegroupstaggingapi", "GetTagKeys", [:], nil),
    ("resourcegroupstaggingapi", "GetTagValues", ["Key": "lab"], nil),
    ("kms", "CreateKey", [:], ("KeyMetadata.Arn", "key")),
    (
      "resourcegroupstaggingapi", "TagResources", ["ResourceARNList": ["$key"], "Tags": ["lab": "x"]], nil
    ),
    (
      "resourcegroupstaggingapi", "UntagResources", ["ResourceARNList": ["$key"], "TagKeys": ["lab"]], nil
    ),
    ("ec2", "DeleteVpcEndpoints", ["VpcEndpointIds": ["$s3", "$kms"]], nil), ("clock", "", [:], nil),
    (
      "ec2", "RevokeSecurityGroupIngress", ["GroupId": "$group", "SecurityGroupRuleIds": ["$rule"]], nil
    ),
    (
      "ec2", "RevokeSecurityGroupEgress",
      ["GroupId": "$group", "IpPermissions": [["IpProtocol": "-1", "IpRanges": [["CidrIp": "0.0.0.0/0"]]]]],
      nil
    ),
    ("ec2", "DeleteSecurityGroup", ["GroupId": "$group"], nil),
    ("ec2", "DeleteRoute", ["RouteTableId": "$table", "DestinationCidrBlock": "0.0.0.0/0"], nil),
    ("ec2", "DisassociateRouteTable", ["AssociationId": "$association"], nil),
    ("ec2", "DeleteRouteTable", ["RouteTableId": "$table"], nil),
    ("ec2", "DetachInternetGateway", ["InternetGatewayId": "$gateway", "VpcId": "$vpc"], nil),
    ("ec2", "DeleteInternetGateway", ["InternetGatewayId": "$gateway"], nil),
    ("ec2", "DeleteSubnet", ["SubnetId": "$subnet"], nil), ("ec2", "DeleteVpc", ["VpcId": "$vpc"], nil),
  ]

  /// The default VPC taken down piece by piece, and another made.
  static let defaultVPC: Story =
    [
      ("ec2", "DescribeSubnets", [:], ("Subnets.0.SubnetId", "subnet")),
      ("ec2", "DeleteSubnet", ["SubnetId": "$subnet"], nil),
      ("ec2", "CreateDefaultSubnet", ["AvailabilityZone": "us-east-1a"], nil),
    ]
    + (0..<6).flatMap { _ -> Story in
      [
        ("ec2", "DescribeSubnets", [:], ("Subnets.0.SubnetId", "subnet")),
        ("ec2", "DeleteSubnet", ["SubnetId": "$subnet"], nil),
      ]
    } + [
      ("ec2", "DescribeInternetGateways", [:], ("InternetGateways.0.InternetGatewayId", "gateway")),
      ("ec2", "DescribeVpcs", [:], ("Vpcs.0.VpcId", "vpc")),
      ("ec2", "DetachInternetGateway", ["InternetGatewayId": "$gateway", "VpcId": "$vpc"], nil),
      ("ec2", "DeleteVpc", ["VpcId": "$vpc"], nil), ("ec2", "CreateDefaultVpc", [:], nil),
    ]
}
