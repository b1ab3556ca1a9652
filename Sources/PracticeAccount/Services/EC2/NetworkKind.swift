import ServiceModels

/// The kinds of things in a network, as `ResourceType` and ARNs spell them.
enum NetworkKind: String, CaseIterable, Sendable {
  case vpc
  case subnet
  case securityGroup = "security-group"
  case securityGroupRule = "security-group-rule"
  case routeTable = "route-table"
  case internetGateway = "internet-gateway"
  case vpcEndpoint = "vpc-endpoint"
  case networkInterface = "network-interface"

  /// What its ids begin with.
  var prefix: String {
    switch self {
    case .vpc: "vpc-"
    case .subnet: "subnet-"
    case .securityGroup: "sg-"
    case .securityGroupRule: "sgr-"
    case .routeTable: "rtb-"
    case .internetGateway: "igw-"
    case .vpcEndpoint: "vpce-"
    case .networkInterface: "eni-"
    }
  }

  init?(id: String) {
    guard let kind = Self.allCases.first(where: { id.hasPrefix($0.prefix) }) else { return nil }
    self = kind
  }

  /// EC2 API reference, "Error codes for the Amazon EC2 API".
  private var words: (code: String, malformed: String, title: String) {
    switch self {
    case .vpc: ("InvalidVpcID.NotFound", "InvalidVpcID.Malformed", "vpc ID")
    case .subnet: ("InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed", "subnet ID")
    case .securityGroup: ("InvalidGroup.NotFound", "InvalidGroupId.Malformed", "security group")
    case .securityGroupRule:
      (
        "InvalidSecurityGroupRuleId.NotFound", "InvalidSecurityGroupRuleId.Malformed",
        "security group rule ID"
      )
    case .routeTable: ("InvalidRouteTableID.NotFound", "InvalidRouteTableId.Malformed", "routeTable ID")
    case .internetGateway:
      ("InvalidInternetGatewayID.NotFound", "InvalidInternetGatewayId.Malformed", "internetGateway ID")
    case .vpcEndpoint: ("InvalidVpcEndpointId.NotFound", "InvalidVpcEndpointId.Malformed", "Vpc Endpoint Id")
    case .networkInterface:
      ("InvalidNetworkInterfaceID.NotFound", "InvalidNetworkInterfaceId.Malformed", "networkInterface ID")
    }
  }

  /// What is said of an id that there is not.
  func unknown(_ id: String) -> ServiceFault {
    guard id.hasPrefix(prefix) else {
      return fault(words.malformed, "Invalid id: \"\(id)\" (expecting \"\(prefix)...\")")
    }
    return fault(words.code, "The \(words.title) '\(id)' does not exist")
  }
}

extension EC2Region {
  /// Everything that can have tags, kind by kind, in the order of ids.
  var resources: [(kind: NetworkKind, id: String, tags: [Tag])] {
    func rows(_ kind: NetworkKind, _ items: [any NetworkResource]) -> [(NetworkKind, String, [Tag])] {
      items.map { (kind, $0.id, $0.tags) }.sorted { $0.1 < $1.1 }
    }
    let alive = endpoints.values.filter(\.isThere)
    return rows(.vpc, Array(vpcs.values)) + rows(.subnet, Array(subnets.values))
      + rows(.securityGroup, Array(groups.values)) + rows(.securityGroupRule, groups.values.flatMap(\.rules))
      + rows(.routeTable, Array(routeTables.values)) + rows(.internetGateway, Array(gateways.values))
      + rows(.vpcEndpoint, alive) + rows(.networkInterface, alive.flatMap(\.interfaces))
  }

  /// The tags of whatever has the id; nil if nothing has.
  subscript(tagsOf id: String) -> [Tag]? {
    get {
      switch NetworkKind(id: id) {
      case .vpc: vpcs[id]?.tags
      case .subnet: subnets[id]?.tags
      case .securityGroup: groups[id]?.tags
      case .securityGroupRule: groups.values.flatMap(\.rules).first { $0.id == id }?.tags
      case .routeTable: routeTables[id]?.tags
      case .internetGateway: gateways[id]?.tags
      case .vpcEndpoint: endpoints[id].flatMap { $0.isThere ? $0.tags : nil }
      case .networkInterface:
        endpoints.values.filter(\.isThere).flatMap(\.interfaces).first { $0.id == id }?.tags
      case nil: nil
      }
    }
    set {
      guard let newValue else { return }
      switch NetworkKind(id: id) {
      case .vpc: vpcs[id]?.tags = newValue
      case .subnet: subnets[id]?.tags = newValue
      case .securityGroup: groups[id]?.tags = newValue
      case .securityGroupRule:
        for (key, group) in groups {
          for index in group.rules.indices where group.rules[index].id == id {
            groups[key]?.rules[index].tags = newValue
          }
        }
      case .routeTable: routeTables[id]?.tags = newValue
      case .internetGateway: gateways[id]?.tags = newValue
      case .vpcEndpoint: endpoints[id]?.tags = newValue
      case .networkInterface:
        for (key, endpoint) in endpoints {
          for index in endpoint.interfaces.indices where endpoint.interfaces[index].id == id {
            endpoints[key]?.interfaces[index].tags = newValue
          }
        }
      case nil: break
      }
    }
  }

  /// The VPC that something is in, or is.
  func vpc(of id: String) -> String? {
    switch NetworkKind(id: id) {
    case .vpc: vpcs[id]?.id
    case .subnet: subnets[id]?.vpc
    case .securityGroup: groups[id]?.vpc
    case .securityGroupRule: groups.values.first { $0.rules.contains { $0.id == id } }?.vpc
    case .routeTable: routeTables[id]?.vpc
    case .internetGateway: gateways[id]?.vpc
    case .vpcEndpoint: endpoints[id]?.vpc
    case .networkInterface: endpoints.values.first { $0.interfaces.contains { $0.id == id } }?.vpc
    case nil: nil
    }
  }
}
