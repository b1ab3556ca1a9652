import ServiceModels
import Wire

extension EC2Service {
  /// Regions every account has, and those that have to be switched on (EC2 user guide, "Regions and Zones").
  private static let regions = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
    "us-east-1", "us-east-2", "us-west-1", "us-west-2",
  ]
  private static let optInRegions = [
    "af-south-1", "ap-east-1", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ca-west-1", "eu-central-2",
    "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1",
  ]

  static let regionRules: [String: OperationRule] = [
    "DescribeRegions": looking("DescribeRegions", describeRegions),
    "DescribeAvailabilityZones": looking("DescribeAvailabilityZones", describeZones),
    "DescribeAccountAttributes": looking("DescribeAccountAttributes", describeAttributes),
  ]

  private static func describeRegions(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let showsAll = input["AllRegions"]?.bool == true
    let named = input.texts("RegionNames")
    for name in named where !(regions + optInRegions).contains(name) {
      throw fault("InvalidParameterValue", "Invalid region name: \(name)")
    }
    var rows: [Value] = []
    for name in (regions + (showsAll ? optInRegions : [])).sorted()
    where named.isEmpty || named.contains(name) {
      let status = regions.contains(name) ? "opt-in-not-required" : "not-opted-in"
      let endpoint = "ec2.\(name).amazonaws.com"
      let isWanted = try holds(input) { filter in
        ["region-name": [name], "endpoint": [endpoint], "opt-in-status": [status]][filter]
      }
      guard isWanted else { continue }
      rows.append([
        "OptInStatus": .string(status), "RegionName": .string(name), "Endpoint": .string(endpoint),
      ])
    }
    return ["Regions": .list(rows)]
  }

  private static func describeZones(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let zones = Zone.all(in: call.region)
    let wanted = input.texts("ZoneNames") + input.texts("ZoneIds")
    for name in wanted where !zones.contains(where: { $0.name == name || $0.id == name }) {
      throw fault("InvalidParameterValue", "Invalid availability zone: [\(name)]")
    }
    var rows: [Value] = []
    for zone in zones where wanted.isEmpty || wanted.contains(zone.name) || wanted.contains(zone.id) {
      let isWanted = try holds(input) { filter in
        [
          "zone-name": [zone.name], "zone-id": [zone.id], "region-name": [call.region],
          "state": ["available"],
          "zone-type": ["availability-zone"], "opt-in-status": ["opt-in-not-required"],
          "group-name": ["\(call.region)-zg-1"],
        ][filter]
      }
      guard isWanted else { continue }
      rows.append([
        "OptInStatus": "opt-in-not-required", "Messages": [], "RegionName": .string(call.region),
        "ZoneName": .string(zone.name), "ZoneId": .string(zone.id),
        "GroupName": .string("\(call.region)-zg-1"), "NetworkBorderGroup": .string(call.region),
        "ZoneType": "availability-zone", "State": "available",
      ])
    }
    return ["AvailabilityZones": .list(rows)]
  }

  private static func describeAttributes(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let attributes: [(String, [String])] = [
      ("supported-platforms", ["VPC"]), ("vpc-max-security-groups-per-interface", ["5"]),
      ("max-elastic-ips", ["5"]), ("max-instances", ["20"]), ("vpc-max-elastic-ips", ["5"]),
      ("default-vpc", [call.network.defaultVPC?.id ?? "none"]),
    ]
    let wanted = input.texts("AttributeNames")
    for name in wanted where !attributes.contains(where: { $0.0 == name }) {
      throw fault("InvalidParameterValue", "Value (\(name)) for parameter attributeName is invalid.")
    }
    return [
      "AccountAttributes": .list(
        attributes.filter { wanted.isEmpty || wanted.contains($0.0) }.map { name, values in
          [
            "AttributeName": .string(name),
            "AttributeValues": .list(values.map { ["AttributeValue": .string($0)] }),
          ]
        })
    ]
  }
}
