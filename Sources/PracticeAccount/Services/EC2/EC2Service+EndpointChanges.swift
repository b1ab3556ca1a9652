import ServiceModels
import Wire

extension EC2Service {
  static func modifyEndpoint(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let network = call.network
    let id = input.text("VpcEndpointId")
    guard var endpoint = network.endpoints[id], endpoint.isAlive else {
      throw NetworkKind.vpcEndpoint.unknown(id)
    }
    if let policy = try policy(input) { endpoint.policy = policy }
    if input["ResetPolicy"]?.bool == true { endpoint.policy = fullAccess }
    let isGateway = endpoint.type == "Gateway"
    let foreign =
      isGateway
      ? ["AddSubnetIds", "RemoveSubnetIds", "AddSecurityGroupIds", "RemoveSecurityGroupIds"]
      : ["AddRouteTableIds", "RemoveRouteTableIds"]
    if let name = foreign.first(where: { !input.items($0).isEmpty })
      ?? (isGateway && input["PrivateDnsEnabled"]?.bool == true ? "PrivateDnsEnabled" : nil)
    {
      throw fault("InvalidParameter", "\(name) cannot be used with an endpoint of type \(endpoint.type).")
    }
    let (tables, subnets) = (input.texts("RemoveRouteTableIds"), input.texts("RemoveSubnetIds"))
    let groups = input.texts("RemoveSecurityGroupIds")
    endpoint.routeTables.removeAll { tables.contains($0) }
    endpoint.interfaces.removeAll { subnets.contains($0.subnet) }
    endpoint.groups.removeAll { groups.contains($0) }
    try addRoutes(input.texts("AddRouteTableIds"), to: &endpoint, network, call)
    try addInterfaces(input.texts("AddSubnetIds"), to: &endpoint, call)
    try addGroups(input.texts("AddSecurityGroupIds"), to: &endpoint, network)
    if !isGateway {
      guard !endpoint.groups.isEmpty else {
        throw fault(
          "InvalidParameter", "An endpoint of type Interface must have at least one security group.")
      }
      try checkAddressType(input)
      if input["PrivateDnsEnabled"] != nil || input["DnsOptions"] != nil {
        try setPrivateDNS(&endpoint, input, network, call)
      }
    }
    call.network.endpoints[id] = endpoint
    return ["Return": true]
  }
}
