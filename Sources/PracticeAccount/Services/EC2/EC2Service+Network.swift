import ServiceModels
import Wire

extension EC2Service {
  static let networkRules: [String: OperationRule] = [
    "DescribeVpcs": OperationRule(
      ask("DescribeVpcs"),
      { (input, call) throws(ServiceFault) in
        let network = network(call)
        let vpcs = try picked([network.vpc], input.texts("VpcIds"), { $0 }) {
          fault("InvalidVpcID.NotFound", "The vpc ID '\($0)' does not exist")
        }
        var found: [String] = []
        for vpc in vpcs {
          let isWanted = try holds(input) { name in
            switch name {
            case "is-default", "isDefault": ["true"]
            case "vpc-id": [vpc]
            case "state": ["available"]
            case "cidr", "cidr-block-association.cidr-block": ["172.31.0.0/16"]
            case "owner-id": [call.accountID]
            default: tagFilter(name, [])
            }
          }
          if isWanted { found.append(vpc) }
        }
        return try page(found, input, "Vpcs") { vpc in
          [
            "OwnerId": .string(call.accountID), "InstanceTenancy": "default",
            "CidrBlockAssociationSet": [
              [
                "AssociationId": .string("vpc-cidr-assoc-" + vpc.dropFirst(4)), "CidrBlock": "172.31.0.0/16",
                "CidrBlockState": ["State": "associated"],
              ]
            ], "IsDefault": true, "VpcId": .string(vpc), "State": "available", "CidrBlock": "172.31.0.0/16",
            "DhcpOptionsId": "default",
          ]
        }
      }),
    "DescribeVpcAttribute": OperationRule(
      ask("DescribeVpcAttribute"),
      { (input, call) throws(ServiceFault) in
        let vpc = input.text("VpcId")
        guard vpc == network(call).vpc else {
          throw fault("InvalidVpcID.NotFound", "The vpc ID '\(vpc)' does not exist")
        }
        var fields: Fields = ["VpcId": .string(vpc)]
        switch input.text("Attribute") {
        case "enableDnsSupport": fields["EnableDnsSupport"] = ["Value": true]
        case "enableDnsHostnames": fields["EnableDnsHostnames"] = ["Value": true]
        case "enableNetworkAddressUsageMetrics": fields["EnableNetworkAddressUsageMetrics"] = ["Value": false]
        default:
          throw fault(
            "InvalidParameterValue", "Value (\(input.text("Attribute"))) for parameter attribute is invalid.")
        }
        return .object(fields)
      }),
    "DescribeSubnets": OperationRule(
      ask("DescribeSubnets"),
      { (input, call) throws(ServiceFault) in
        let network = network(call)
        let all = try picked(network.subnets, input.texts("SubnetIds"), { $0.id }) {
          fault("InvalidSubnetID.NotFound", "The subnet ID '\($0)' does not exist")
        }
        var found: [DefaultNetwork.Subnet] = []
        for subnet in all {
          let isWanted = try holds(input) { name in
            switch name {
            case "vpc-id": [network.vpc]
            case "subnet-id": [subnet.id]
            case "default-for-az", "defaultForAz": ["true"]
            case "availability-zone", "availabilityZone": [subnet.zone]
            case "availability-zone-id", "availabilityZoneId": [subnet.zoneID]
            case "state": ["available"]
            case "cidr-block", "cidr", "cidrBlock": [subnet.block]
            case "owner-id": [call.accountID]
            default: tagFilter(name, [])
            }
          }
          if isWanted { found.append(subnet) }
        }
        return try page(found, input, "Subnets") { subnet in
          let taken = (call.seen.ec2[call.region]?.endpoints ?? [:]).values.flatMap(\.interfaces).count {
            $0.subnet == subnet.id
          }
          return [
            "AvailabilityZoneId": .string(subnet.zoneID), "MapCustomerOwnedIpOnLaunch": false,
            "OwnerId": .string(call.accountID), "AssignIpv6AddressOnCreation": false,
            "Ipv6CidrBlockAssociationSet": [],
            "SubnetArn": .string(call.arn("ec2", "subnet/\(subnet.id)")), "EnableDns64": false,
            "Ipv6Native": false,
            "SubnetId": .string(subnet.id), "State": "available", "VpcId": .string(network.vpc),
            "CidrBlock": .string(subnet.block), "AvailableIpAddressCount": .integer(Int64(4091 - taken)),
            "AvailabilityZone": .string(subnet.zone), "DefaultForAz": true, "MapPublicIpOnLaunch": true,
          ]
        }
      }),
    "DescribeSecurityGroups": OperationRule(
      ask("DescribeSecurityGroups"),
      { (input, call) throws(ServiceFault) in
        let network = network(call)
        let byID = try picked([network.group], input.texts("GroupIds"), { $0 }) {
          fault("InvalidGroup.NotFound", "The security group '\($0)' does not exist")
        }
        let names = input.texts("GroupNames")
        if let unknown = names.first(where: { $0 != "default" }) {
          throw fault(
            "InvalidGroup.NotFound",
            "The security group '\(unknown)' does not exist in default VPC '\(network.vpc)'")
        }
        var found: [String] = []
        for group in byID {
          let isWanted = try holds(input) { name in
            switch name {
            case "vpc-id": [network.vpc]
            case "group-name": ["default"]
            case "group-id": [group]
            case "owner-id": [call.accountID]
            case "description": ["default VPC security group"]
            default: tagFilter(name, [])
            }
          }
          if isWanted { found.append(group) }
        }
        return try page(found, input, "SecurityGroups") { group in
          [
            "GroupId": .string(group),
            "IpPermissionsEgress": [
              [
                "IpProtocol": "-1", "UserIdGroupPairs": [], "IpRanges": [["CidrIp": "0.0.0.0/0"]],
                "Ipv6Ranges": [],
                "PrefixListIds": [],
              ]
            ], "VpcId": .string(network.vpc),
            "SecurityGroupArn": .string(call.arn("ec2", "security-group/\(group)")),
            "OwnerId": .string(call.accountID),
            "GroupName": "default", "Description": "default VPC security group",
            "IpPermissions": [
              [
                "IpProtocol": "-1",
                "UserIdGroupPairs": [["UserId": .string(call.accountID), "GroupId": .string(group)]],
                "IpRanges": [],
                "Ipv6Ranges": [], "PrefixListIds": [],
              ]
            ],
          ]
        }
      }),
    "DescribeNetworkInterfaces": OperationRule(
      ask("DescribeNetworkInterfaces"),
      { (input, call) throws(ServiceFault) in
        let network = network(call)
        let endpoints = (call.seen.ec2[call.region]?.endpoints ?? [:]).values.filter { $0.state != "deleted" }
          .sorted { $0.id < $1.id }
        let all = endpoints.flatMap { endpoint in endpoint.interfaces.map { (endpoint, $0) } }
        let asked = try picked(all, input.texts("NetworkInterfaceIds"), { $0.1.id }) {
          fault("InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '\($0)' does not exist")
        }
        var found: [(VPCEndpoint, VPCEndpoint.Interface)] = []
        for (endpoint, interface) in asked {
          let isWanted = try holds(input) { name in
            switch name {
            case "vpc-id": [network.vpc]
            case "subnet-id": [interface.subnet]
            case "network-interface-id": [interface.id]
            case "group-id": endpoint.groups
            case "interface-type": ["vpc_endpoint"]
            case "status": ["in-use"]
            case "description": ["VPC Endpoint Interface \(endpoint.id)"]
            default: tagFilter(name, [])
            }
          }
          if isWanted { found.append((endpoint, interface)) }
        }
        return try page(found, input, "NetworkInterfaces") { endpoint, interface in
          [
            "Description": .string("VPC Endpoint Interface \(endpoint.id)"),
            "Groups": .list(endpoint.groups.map { ["GroupId": .string($0), "GroupName": "default"] }),
            "InterfaceType": "vpc_endpoint", "NetworkInterfaceId": .string(interface.id),
            "OwnerId": .string(call.accountID), "PrivateIpAddress": .string(interface.address),
            "RequesterManaged": true, "Status": "in-use", "SubnetId": .string(interface.subnet),
            "VpcId": .string(network.vpc),
          ]
        }
      }),
    "DescribeVpcEndpointServices": OperationRule(
      ask("DescribeVpcEndpointServices"),
      { (input, call) throws(ServiceFault) in
        let network = network(call)
        let all = endpointServices(call.region)
        let names = input.texts("ServiceNames")
        let asked = try picked(all, names, { $0.name }) {
          fault("InvalidServiceName", "The Vpc Endpoint Service '\($0)' does not exist")
        }
        var found: [EndpointService] = []
        for service in asked {
          let isWanted = try holds(input) { name in
            switch name {
            case "service-name": [service.name]
            case "service-type": [service.type]
            case "owner": ["amazon"]
            default: tagFilter(name, [])
            }
          }
          if isWanted { found.append(service) }
        }
        let details = found.map { service -> Value in
          var fields: Fields = [
            "ServiceName": .string(service.name), "ServiceType": [["ServiceType": .string(service.type)]],
            "ServiceRegion": .string(call.region),
            "AvailabilityZones": .list(network.subnets.map { .string($0.zone) }),
            "Owner": "amazon",
          ]
          if service.type == "Interface" {
            fields["BaseEndpointDnsNames"] = [.string("\(service.short).\(call.region).vpce.amazonaws.com")]
            fields["PrivateDnsName"] = .string(service.privateName(call.region))
          }
          fields["VpcEndpointPolicySupported"] = true
          fields["AcceptanceRequired"] = false
          fields["ManagesVpcEndpoints"] = false
          return .object(fields)
        }
        return [
          "ServiceNames": .list(Array(Set(found.map(\.name))).sorted().map(Value.string)),
          "ServiceDetails": .list(details),
        ]
      }),
  ]

  struct EndpointService {
    var short: String
    var name: String
    var type: String

    func privateName(_ region: String) -> String {
      short == "s3" ? "s3.\(region).amazonaws.com" : "\(short).\(region).amazonaws.com"
    }
  }

  /// The services whose endpoints can be made here; S3 has both kinds.
  static func endpointServices(_ region: String) -> [EndpointService] {
    func service(_ short: String, _ type: String) -> EndpointService {
      EndpointService(short: short, name: "com.amazonaws.\(region).\(short)", type: type)
    }
    return [
      service("kms", "Interface"), service("logs", "Interface"), service("macie2", "Interface"),
      service("s3", "Gateway"), service("s3", "Interface"), service("sts", "Interface"),
    ]
  }
}
