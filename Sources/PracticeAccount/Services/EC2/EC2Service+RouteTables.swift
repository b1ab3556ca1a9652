import ServiceModels
import Wire

extension EC2Service {
  /// Route tables per VPC (Amazon VPC user guide, "Amazon VPC quotas").
  private static let quota = 200

  static let routeTableRules: [String: OperationRule] = [
    "CreateRouteTable": rule(
      takes: ["VpcId", "TagSpecifications", "ClientToken"],
      { (input, call) in
        rightToMake("CreateRouteTable", .routeTable, input, call) + [
          right("CreateRouteTable", .vpc, input.text("VpcId"), call)
        ]
      },
      { (input, call) throws(ServiceFault) in
        let vpc = try found(call.network.vpcs, input.text("VpcId"), .vpc)
        guard call.network.routeTables.values.count(where: { $0.vpc == vpc.id }) < quota else {
          throw fault("RouteTableLimitExceeded", "The maximum number of route tables has been reached.")
        }
        let table = RouteTable(
          id: "rtb-" + call.state.generator.hex(17), vpc: vpc.id, tags: try newTags(input, .routeTable))
        call.network.routeTables[table.id] = table
        var fields: Fields = ["RouteTable": describe(table, call)]
        fields.add("ClientToken", input["ClientToken"])
        return .object(fields)
      }),
    "DeleteRouteTable": rule(
      takes: ["RouteTableId"],
      { (input, call) in [right("DeleteRouteTable", .routeTable, input.text("RouteTableId"), call)] },
      { (input, call) throws(ServiceFault) in
        var network = call.network
        let table = try found(network.routeTables, input.text("RouteTableId"), .routeTable)
        guard table.associations.isEmpty else {
          throw fault(
            "DependencyViolation", "The routeTable '\(table.id)' has dependencies and cannot be deleted.")
        }
        network.routeTables[table.id] = nil
        for id in network.endpoints.keys { network.endpoints[id]?.routeTables.removeAll { $0 == table.id } }
        call.network = network
        return [:]
      }),
    "DescribeRouteTables": looking("DescribeRouteTables", describeTables),
    "AssociateRouteTable": rule(
      takes: ["RouteTableId", "SubnetId"],
      { (input, call) in
        [
          right("AssociateRouteTable", .routeTable, input.text("RouteTableId"), call),
          right("AssociateRouteTable", .subnet, input.text("SubnetId"), call),
        ]
      }, associate),
    "DisassociateRouteTable": rule(
      takes: ["AssociationId"],
      { (input, call) in
        [
          right(
            "DisassociateRouteTable", .routeTable,
            call.network.routeTable(associated: input.text("AssociationId"))?.id, call)
        ]
      },
      { (input, call) throws(ServiceFault) in
        let (table, association) = try association(input, call)
        guard association.subnet != nil else {
          throw fault(
            "InvalidParameterValue", "cannot disassociate the main route table association \(association.id)")
        }
        call.network.routeTables[table.id]?.associations.removeAll { $0.id == association.id }
        return [:]
      }),
    "ReplaceRouteTableAssociation": rule(
      takes: ["AssociationId", "RouteTableId"],
      { (input, call) in
        [right("ReplaceRouteTableAssociation", .routeTable, input.text("RouteTableId"), call)]
      },
      { (input, call) throws(ServiceFault) in
        var network = call.network
        let (old, association) = try association(input, call)
        let table = try found(network.routeTables, input.text("RouteTableId"), .routeTable)
        guard table.vpc == old.vpc else {
          throw fault(
            "InvalidParameterValue", "Route tables \(old.id) and \(table.id) belong to different networks")
        }
        network.routeTables[old.id]?.associations.removeAll { $0.id == association.id }
        let id = "rtbassoc-" + call.state.generator.hex(17)
        network.routeTables[table.id]?.associations.append(.init(id: id, subnet: association.subnet))
        call.network = network
        return ["NewAssociationId": .string(id), "AssociationState": ["State": "associated"]]
      }),
  ]

  private static func association(
    _ input: Value, _ call: Call
  ) throws(ServiceFault) -> (RouteTable, RouteTable.Association) {
    let id = input.text("AssociationId")
    guard let table = call.network.routeTable(associated: id),
      let association = table.associations.first(where: { $0.id == id })
    else { throw fault("InvalidAssociationID.NotFound", "The association ID '\(id)' does not exist") }
    return (table, association)
  }

  private static func associate(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let network = call.network
    let table = try found(network.routeTables, input.text("RouteTableId"), .routeTable)
    guard let name = input["SubnetId"]?.string else {
      throw fault("MissingParameter", "The request must contain the parameter subnetId")
    }
    let subnet = try found(network.subnets, name, .subnet)
    guard subnet.vpc == table.vpc else {
      throw fault(
        "InvalidParameterValue",
        "Route table \(table.id) and subnet \(subnet.id) belong to different networks")
    }
    if let old = network.routeTables.values.first(where: {
      $0.associations.contains { $0.subnet == subnet.id }
    }),
      let association = old.associations.first(where: { $0.subnet == subnet.id })
    {
      // The same association again is the one that there is.
      guard old.id != table.id else {
        return ["AssociationId": .string(association.id), "AssociationState": ["State": "associated"]]
      }
      throw fault(
        "Resource.AlreadyAssociated",
        "the specified association for route table \(table.id) conflicts with an existing association")
    }
    let id = "rtbassoc-" + call.state.generator.hex(17)
    call.network.routeTables[table.id]?.associations.append(.init(id: id, subnet: subnet.id))
    return ["AssociationId": .string(id), "AssociationState": ["State": "associated"]]
  }

  private static func describeTables(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let all = call.network.routeTables.values.sorted {
      ($0.vpc, $0.isMain ? 0 : 1, $0.id) < ($1.vpc, $1.isMain ? 0 : 1, $1.id)
    }
    func routes(_ name: String) -> (RouteTable) -> [String] {
      { table in call.network.routes(of: table, region: call.region).compactMap { $0[name]?.string } }
    }
    return try listed(
      input, "RouteTables", all, ids: "RouteTableIds", .routeTable, least: 5,
      filters: [
        "vpc-id": { [$0.vpc] }, "route-table-id": { [$0.id] }, "owner-id": { _ in [call.accountID] },
        "association.main": { table in [table.isMain ? "true" : "false"] },
        "association.route-table-association-id": { $0.associations.map(\.id) },
        "association.route-table-id": { $0.associations.isEmpty ? [] : [$0.id] },
        "association.subnet-id": { $0.associations.compactMap(\.subnet) },
        "route.destination-cidr-block": routes("DestinationCidrBlock"),
        "route.destination-prefix-list-id": routes("DestinationPrefixListId"),
        "route.gateway-id": routes("GatewayId"), "route.state": routes("State"),
        "route.origin": routes("Origin"),
      ]
    ) { describe($0, call) }
  }

  private static func describe(_ table: RouteTable, _ call: Call) -> Value {
    let associations = table.associations.map { association -> Value in
      var fields: Fields = [
        "Main": .bool(association.subnet == nil), "RouteTableAssociationId": .string(association.id),
        "RouteTableId": .string(table.id),
      ]
      fields.add("SubnetId", association.subnet.map(Value.string))
      fields["AssociationState"] = ["State": "associated"]
      return .object(fields)
    }
    return [
      "Associations": .list(associations), "PropagatingVgws": [], "RouteTableId": .string(table.id),
      "Routes": .list(call.network.routes(of: table, region: call.region)), "Tags": tagSet(table.tags),
      "VpcId": .string(table.vpc), "OwnerId": .string(call.accountID),
    ]
  }
}

extension EC2Region {
  func routeTable(associated id: String) -> RouteTable? {
    routeTables.values.first { $0.associations.contains { $0.id == id } }
  }

  /// All routes of a table: the VPC's own, those that were made, those of gateway endpoints.
  func routes(of table: RouteTable, region: String) -> [Value] {
    let local = vpcs[table.vpc].map { vpc -> Value in
      [
        "DestinationCidrBlock": .string(vpc.block.description), "GatewayId": "local",
        "Origin": "CreateRouteTable", "State": "active",
      ]
    }
    let made = table.routes.map { route -> Value in
      [
        "DestinationCidrBlock": .string(route.destination.description), "GatewayId": .string(route.gateway),
        "Origin": "CreateRoute",
        "State": gateways[route.gateway]?.vpc == table.vpc ? "active" : "blackhole",
      ]
    }
    let lists = PrefixList.all(in: region)
    let own = endpoints.values.filter { $0.isAlive && $0.routeTables.contains(table.id) }.sorted {
      $0.id < $1.id
    }
    let byEndpoint = own.compactMap { endpoint -> Value? in
      guard let list = lists.first(where: { $0.name == endpoint.service }) else { return nil }
      return [
        "DestinationPrefixListId": .string(list.id), "GatewayId": .string(endpoint.id),
        "Origin": "CreateRoute",
        "State": "active",
      ]
    }
    return [local].compactMap { $0 } + made + byEndpoint
  }
}
