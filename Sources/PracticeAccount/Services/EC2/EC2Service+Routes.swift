import ServiceModels
import Wire

/// Routes to internet gateways, and the gateways.
extension EC2Service {
  static let routeRules: [String: OperationRule] = [
    "CreateRoute": rule(
      takes: ["RouteTableId", "DestinationCidrBlock", "GatewayId"],
      { (input, call) in [right("CreateRoute", .routeTable, input.text("RouteTableId"), call)] }, createRoute),
    "DeleteRoute": rule(
      takes: ["RouteTableId", "DestinationCidrBlock", "DestinationPrefixListId"],
      { (input, call) in [right("DeleteRoute", .routeTable, input.text("RouteTableId"), call)] }, deleteRoute),
  ]

  private static func destination(_ input: Value) throws(ServiceFault) -> IPv4Block {
    guard let text = input["DestinationCidrBlock"]?.string else {
      throw fault("MissingParameter", "The request must contain the parameter destinationCidrBlock")
    }
    guard let block = IPv4Block(text) else {
      throw fault(
        "InvalidParameterValue",
        "Value (\(text)) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.")
    }
    return block
  }

  private static func createRoute(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let network = call.network
    let table = try found(network.routeTables, input.text("RouteTableId"), .routeTable)
    let destination = try destination(input)
    guard let target = input["GatewayId"]?.string else {
      throw fault("MissingParameter", "The request must contain the parameter gatewayId")
    }
    let gateway = try found(network.gateways, target, .internetGateway)
    guard gateway.vpc == table.vpc else {
      throw fault(
        "InvalidParameterValue",
        "route table \(table.id) and network gateway \(gateway.id) belong to different networks")
    }
    let isTaken =
      network.vpcs[table.vpc]?.block == destination
      || table.routes.contains { $0.destination == destination && $0.gateway != gateway.id }
    guard !isTaken else {
      throw fault("RouteAlreadyExists", "The route identified by \(destination) already exists.")
    }
    if !table.routes.contains(where: { $0.destination == destination }) {
      call.network.routeTables[table.id]?.routes.append(.init(destination: destination, gateway: gateway.id))
    }
    return ["Return": true]
  }

  private static func deleteRoute(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let table = try found(call.network.routeTables, input.text("RouteTableId"), .routeTable)
    if let list = input["DestinationPrefixListId"]?.string {
      // Such a route is the endpoint's and goes with it.
      throw fault(
        "InvalidParameterValue", "cannot remove VPC endpoint route \(list) in route table \(table.id)")
    }
    let destination = try destination(input)
    if call.network.vpcs[table.vpc]?.block == destination {
      throw fault(
        "InvalidParameterValue", "cannot remove local route \(destination) in route table \(table.id)")
    }
    guard table.routes.contains(where: { $0.destination == destination }) else {
      throw fault(
        "InvalidRoute.NotFound",
        "no route with destination-cidr-block \(destination) in route table \(table.id)")
    }
    call.network.routeTables[table.id]?.routes.removeAll { $0.destination == destination }
    return [:]
  }

  static let gatewayRules: [String: OperationRule] = [
    "CreateInternetGateway": rule(
      takes: ["TagSpecifications"],
      { (input, call) in rightToMake("CreateInternetGateway", .internetGateway, input, call) },
      { (input, call) throws(ServiceFault) in
        let gateway = InternetGateway(
          id: "igw-" + call.state.generator.hex(17), tags: try newTags(input, .internetGateway))
        call.network.gateways[gateway.id] = gateway
        return ["InternetGateway": describe(gateway, call)]
      }),
    "DeleteInternetGateway": rule(
      takes: ["InternetGatewayId"],
      { (input, call) in
        [right("DeleteInternetGateway", .internetGateway, input.text("InternetGatewayId"), call)]
      },
      { (input, call) throws(ServiceFault) in
        let gateway = try found(call.network.gateways, input.text("InternetGatewayId"), .internetGateway)
        guard gateway.vpc == nil else {
          throw fault(
            "DependencyViolation",
            "The internetGateway '\(gateway.id)' has dependencies and cannot be deleted.")
        }
        call.network.gateways[gateway.id] = nil
        return [:]
      }),
    "AttachInternetGateway": rule(
      takes: ["InternetGatewayId", "VpcId"],
      { (input, call) in
        [
          right("AttachInternetGateway", .internetGateway, input.text("InternetGatewayId"), call),
          right("AttachInternetGateway", .vpc, input.text("VpcId"), call),
        ]
      },
      { (input, call) throws(ServiceFault) in
        let network = call.network
        let gateway = try found(network.gateways, input.text("InternetGatewayId"), .internetGateway)
        let vpc = try found(network.vpcs, input.text("VpcId"), .vpc)
        if let other = gateway.vpc {
          throw fault(
            "Resource.AlreadyAssociated", "resource \(gateway.id) is already attached to network \(other)")
        }
        if network.gateways.values.contains(where: { $0.vpc == vpc.id }) {
          throw fault(
            "InvalidParameterValue", "Network \(vpc.id) already has an internet gateway attached")
        }
        call.network.gateways[gateway.id]?.vpc = vpc.id
        return [:]
      }),
    "DetachInternetGateway": rule(
      takes: ["InternetGatewayId", "VpcId"],
      { (input, call) in
        [
          right("DetachInternetGateway", .internetGateway, input.text("InternetGatewayId"), call),
          right("DetachInternetGateway", .vpc, input.text("VpcId"), call),
        ]
      },
      { (input, call) throws(ServiceFault) in
        let gateway = try found(call.network.gateways, input.text("InternetGatewayId"), .internetGateway)
        guard gateway.vpc == input.text("VpcId") else {
          throw fault(
            "Gateway.NotAttached",
            "resource \(gateway.id) is not attached to network \(input.text("VpcId"))")
        }
        call.network.gateways[gateway.id]?.vpc = nil
        return [:]
      }),
    "DescribeInternetGateways": looking(
      "DescribeInternetGateways",
      { (input, call) throws(ServiceFault) in
        try listed(
          input, "InternetGateways", call.network.gateways.values.sorted { $0.id < $1.id },
          ids: "InternetGatewayIds", .internetGateway, least: 5,
          filters: [
            "internet-gateway-id": { [$0.id] }, "attachment.vpc-id": { [$0.vpc].compactMap { $0 } },
            "attachment.state": { $0.vpc == nil ? [] : ["available"] }, "owner-id": { _ in [call.accountID] },
          ]
        ) { describe($0, call) }
      }),
  ]

  private static func describe(_ gateway: InternetGateway, _ call: Call) -> Value {
    [
      "Attachments": .list(gateway.vpc.map { [["State": "available", "VpcId": .string($0)]] } ?? []),
      "InternetGatewayId": .string(gateway.id), "OwnerId": .string(call.accountID),
      "Tags": tagSet(gateway.tags),
    ]
  }
}
