import ServiceModels
import Wire

/// EC2, as far as VPC endpoints need it. Sources: EC2 API reference, AWS PrivateLink guide.
enum EC2Service {
  static let service = PracticeService(
    name: "ec2", rules: networkRules.merging(endpointRules) { a, _ in a },
    denial: { question, verdict, principal in
      fault(
        "UnauthorizedOperation",
        "You are not authorized to perform this operation. " + denialText(question, verdict, principal), 403)
    }, encodesDenials: true)

  static func ask(_ operation: String) -> OperationRule.Questions {
    { (_, _) in [AccessQuestion("ec2:\(operation)")] }
  }

  static func network(_ call: Call) -> DefaultNetwork {
    DefaultNetwork(account: call.accountID, region: call.region)
  }

  static func tagSet(_ tags: [Tag]) -> Value {
    .list(tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })
  }

  /// What `DryRun` asks for: the rights were there, so say so and do nothing.
  static func checkDryRun(_ input: Value) throws(ServiceFault) {
    if input["DryRun"]?.bool == true {
      throw fault("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
    }
  }

  /// `Filter.N`: names ANDed, values ORed, `*` and `?` as wildcards. `value` gives what a filter looks at; nil
  /// for a filter that is not known.
  static func holds(_ input: Value, _ value: (String) -> [String]?) throws(ServiceFault) -> Bool {
    for filter in input.items("Filters") {
      let name = filter.text("Name")
      guard let own = value(name) else {
        throw fault("InvalidParameterValue", "The filter '\(name)' is invalid")
      }
      if !filter.texts("Values").contains(where: { wanted in own.contains { glob(wanted, $0) } }) {
        return false
      }
    }
    return true
  }

  static func tagFilter(_ name: String, _ tags: [Tag]) -> [String]? {
    if name == "tag-key" { return tags.map(\.key) }
    guard name.hasPrefix("tag:") else { return nil }
    return tags.filter { $0.key == name.dropFirst(4) }.map(\.value)
  }

  /// Keeps what was asked for by id, and complains about the first id that is unknown.
  static func picked<Item>(
    _ all: [Item], _ ids: [String], _ id: (Item) -> String, unknown: (String) -> ServiceFault
  ) throws(ServiceFault) -> [Item] {
    for wanted in ids where !all.contains(where: { id($0) == wanted }) { throw unknown(wanted) }
    return ids.isEmpty ? all : all.filter { ids.contains(id($0)) }
  }

  static func page<Item>(
    _ all: [Item], _ input: Value, _ member: String, _ value: (Item) -> Value
  ) throws(ServiceFault) -> Value {
    guard
      let page = Page(all, limit: input["MaxResults"]?.integer, token: input["NextToken"]?.string, most: 1000)
    else {
      throw fault("InvalidNextToken", "The token '\(input.text("NextToken"))' is invalid")
    }
    var fields: Fields = [member: .list(page.items.map(value))]
    fields.add("NextToken", page.next.map(Value.string))
    return .object(fields)
  }
}
