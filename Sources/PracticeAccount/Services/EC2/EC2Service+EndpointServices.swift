import ServiceModels
import Wire

extension EC2Service {
  static let endpointServiceRules: [String: OperationRule] = [
    "DescribeVpcEndpointServices": looking("DescribeVpcEndpointServices", describeServices)
  ]

  private static func describeServices(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    if let other = input.texts("ServiceRegions").first(where: { $0 != call.region }) {
      throw fault(
        "UnsupportedOperation", "The practice account does not model services of \(other) seen from here.")
    }
    let all = EndpointService.all(in: call.region)
    let names = input.texts("ServiceNames")
    for name in names where !all.contains(where: { $0.name == name }) {
      throw fault("InvalidServiceName", "The Vpc Endpoint Service '\(name)' does not exist")
    }
    var found: [EndpointService] = []
    for service in all where names.isEmpty || names.contains(service.name) {
      let isWanted = try holds(input) { name in
        switch name {
        case "service-name": [service.name]
        case "service-type": [service.type]
        case "owner": ["amazon"]
        case "service-region": [call.region]
        case "supported-ip-address-types": ["ipv4"]
        default: tagFilter(name, [])
        }
      }
      if isWanted { found.append(service) }
    }
    let zones = Zone.all(in: call.region)
    var output =
      try page(found, input, "ServiceDetails") { service in
        var fields: Fields = [
          "ServiceName": .string(service.name), "ServiceId": .string(service.id),
          "ServiceType": [["ServiceType": .string(service.type)]], "ServiceRegion": .string(call.region),
          "AvailabilityZoneIds": .list(zones.map { .string($0.id) }),
          "AvailabilityZones": .list(zones.map { .string($0.name) }), "Owner": "amazon",
          "BaseEndpointDnsNames": [
            .string(
              service.type == "Interface"
                ? "\(service.short).\(call.region).vpce.amazonaws.com"
                : "\(service.short).\(call.region).amazonaws.com")
          ],
        ]
        if let name = service.privateName {
          fields["PrivateDnsName"] = .string(name)
          fields["PrivateDnsNames"] = [["PrivateDnsName": .string(name)]]
        }
        fields["VpcEndpointPolicySupported"] = true
        fields["AcceptanceRequired"] = false
        fields["ManagesVpcEndpoints"] = false
        fields["Tags"] = []
        if service.privateName != nil { fields["PrivateDnsNameVerificationState"] = "verified" }
        fields["SupportedIpAddressTypes"] = ["ipv4"]
        return .object(fields)
      }.object ?? [:]
    let shown = (output["ServiceDetails"]?.list ?? []).map { $0.text("ServiceName") }
    output["ServiceNames"] = .list(Array(Set(shown)).sorted().map(Value.string))
    return .object(output)
  }
}
