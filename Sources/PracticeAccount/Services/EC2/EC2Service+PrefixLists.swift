import ServiceModels
import Wire

/// The addresses of a service that has gateway endpoints, as a list that routes and rules can name.
struct PrefixList: NetworkResource, Sendable {
  var id: String
  /// As the endpoint service is called.
  var name: String
  var blocks: [String]
  var tags: [Tag] = []

  /// The ids that AWS gave in Regions where they are well known; elsewhere they follow from the Region.
  private static let known: [String: (s3: String, dynamodb: String)] = [
    "us-east-1": ("pl-63a5400a", "pl-02cd2c6b"), "us-east-2": ("pl-7ba54012", "pl-4ca54025"),
    "us-west-1": ("pl-6ba54002", "pl-6ea54007"), "us-west-2": ("pl-68a54001", "pl-00a54069"),
    "eu-west-1": ("pl-6da54004", "pl-6fa54006"), "eu-central-1": ("pl-6ea54007", "pl-66a5400f"),
  ]

  /// AWS-managed lists of a Region (Amazon VPC user guide, "AWS-managed prefix lists"). The blocks stand for the
  /// many that AWS has there, and are those set apart for documentation (RFC 5737).
  static func all(in region: String) -> [PrefixList] {
    var numbers = generator(for: "prefix lists of " + region)
    let made = ("pl-" + numbers.hex(8), "pl-" + numbers.hex(8))
    let (s3, dynamodb) = known[region].map { ($0.s3, $0.dynamodb) } ?? made
    return [
      PrefixList(id: dynamodb, name: "com.amazonaws.\(region).dynamodb", blocks: ["198.51.100.0/24"]),
      PrefixList(
        id: s3, name: "com.amazonaws.\(region).s3", blocks: ["192.0.2.0/24", "203.0.113.0/24"]),
    ]
  }

  static func unknown(_ id: String) -> ServiceFault {
    guard id.hasPrefix("pl-") else {
      return fault("InvalidPrefixListId.Malformed", "Invalid id: \"\(id)\" (expecting \"pl-...\")")
    }
    return fault("InvalidPrefixListId.NotFound", "The prefix list ID '\(id)' does not exist")
  }
}

extension EC2Service {
  static let prefixListRules: [String: OperationRule] = [
    "DescribePrefixLists": looking(
      "DescribePrefixLists",
      { (input, call) throws(ServiceFault) in
        try lists(input, call, filters: ["prefix-list-id": { [$0.id] }, "prefix-list-name": { [$0.name] }]) {
          [
            "Cidrs": .list($0.blocks.map(Value.string)), "PrefixListId": .string($0.id),
            "PrefixListName": .string($0.name),
          ]
        }
      }),
    "DescribeManagedPrefixLists": looking(
      "DescribeManagedPrefixLists",
      { (input, call) throws(ServiceFault) in
        try lists(
          input, call,
          filters: [
            "prefix-list-id": { [$0.id] }, "prefix-list-name": { [$0.name] }, "owner-id": { _ in ["AWS"] },
          ]
        ) {
          [
            "PrefixListId": .string($0.id), "AddressFamily": "IPv4", "State": "create-complete",
            "PrefixListArn": .string(
              "arn:\(partition(of: call.region)):ec2:\(call.region):aws:prefix-list/\($0.id)"),
            "PrefixListName": .string($0.name), "Tags": [], "OwnerId": "AWS",
          ]
        }
      }),
    "GetManagedPrefixListEntries": OperationRule(
      { (input, call) in
        let id = input.text("PrefixListId")
        return [
          AccessQuestion(
            "ec2:GetManagedPrefixListEntries",
            "arn:\(partition(of: call.region)):ec2:\(call.region):aws:prefix-list/\(id)")
        ]
      },
      { (input, call) throws(ServiceFault) in
        let id = input.text("PrefixListId")
        guard let list = PrefixList.all(in: call.region).first(where: { $0.id == id }) else {
          throw PrefixList.unknown(id)
        }
        return try page(list.blocks, input, "Entries") { ["Cidr": .string($0)] }
      }),
  ]

  private static func lists(
    _ input: Value, _ call: Call, filters: [String: (PrefixList) -> [String]], _ value: (PrefixList) -> Value
  ) throws(ServiceFault) -> Value {
    let all = PrefixList.all(in: call.region)
    for id in input.texts("PrefixListIds") where !all.contains(where: { $0.id == id }) {
      throw PrefixList.unknown(id)
    }
    // The ids were looked at; the kind below is not needed for them.
    return try listed(input, "PrefixLists", all, ids: "PrefixListIds", .vpc, filters: filters, value)
  }
}
