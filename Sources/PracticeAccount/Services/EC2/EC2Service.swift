import ServiceModels
import Wire

/// EC2, as far as VPC endpoints need it. Sources: EC2 API reference, AWS PrivateLink guide.
enum EC2Service {
  static let service = PracticeService(
    name: "ec2",
    rules: [
      vpcRules, subnetRules, groupRules, groupRuleRules, routeTableRules, routeRules, gatewayRules,
      endpointRules,
      endpointServiceRules, interfaceRules, prefixListRules, regionRules, tagRules,
    ].reduce([:]) { $0.merging($1) { first, _ in first } },
    denial: { question, verdict, principal in
      fault(
        "UnauthorizedOperation",
        "You are not authorized to perform this operation. " + denialText(question, verdict, principal), 403)
    }, encodesDenials: true)

  /// An operation: the parameters it takes, whom it asks, and what it does. A parameter beyond those is refused, and
  /// a dry run ends where the operation would have succeeded; what it did by then is taken back.
  static func rule(
    takes known: Set<String>, _ questions: @escaping OperationRule.Questions,
    _ handle: @escaping OperationRule.Handler
  ) -> OperationRule {
    OperationRule(
      questions,
      { (input, call) throws(ServiceFault) in
        for field in input.object ?? [:] where !known.contains(field.name) && field.name != "DryRun" {
          // What is switched off asks for nothing.
          if field.value == .bool(false) { continue }
          throw fault(
            "UnsupportedOperation",
            "The practice account does not model the parameter \(field.name) of \(call.operation).")
        }
        let output = try handle(input, call)
        try checkDryRun(input)
        return output
      })
  }

  private static func checkDryRun(_ input: Value) throws(ServiceFault) {
    if input["DryRun"]?.bool == true {
      throw fault("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
    }
  }

  /// An operation that only looks: its rights are not bound to resources.
  static func looking(_ operation: String, _ handle: @escaping OperationRule.Handler) -> OperationRule {
    OperationRule(
      { (_, _) in [AccessQuestion("ec2:\(operation)")] },
      { (input, call) throws(ServiceFault) in
        let output = try handle(input, call)
        try checkDryRun(input)
        return output
      })
  }

  /// The right to do something with a thing of the network, whose tags and VPC count; nil: with one that is to be.
  static func right(
    _ operation: String, _ kind: NetworkKind, _ id: String?, _ call: Call
  ) -> AccessQuestion {
    var question = AccessQuestion(
      "ec2:\(operation)", call.arn("ec2", "\(kind.rawValue)/\(id ?? "*")"),
      context: ["ec2:Region": [call.region]])
    guard let id else { return question }
    let network = call.network
    question.tags = network[tagsOf: id] ?? []
    for tag in question.tags { question.context["ec2:ResourceTag/\(tag.key)"] = [tag.value] }
    if kind != .vpc, let vpc = network.vpc(of: id) {
      question.context["ec2:Vpc"] = [call.arn("ec2", "vpc/\(vpc)")]
    }
    if kind == .vpc { question.context["ec2:VpcID"] = [id] }
    return question
  }

  /// The right to make something, and to tag it while it is made.
  static func rightToMake(
    _ operation: String, _ kind: NetworkKind, _ input: Value, _ call: Call
  ) -> [AccessQuestion] {
    let tags = tagsToBe(input, kind)
    let making = right(operation, kind, nil, call).requesting(tags)
    guard !tags.isEmpty else { return [making] }
    var tagging = right("CreateTags", kind, nil, call).requesting(tags)
    tagging.context["ec2:CreateAction"] = [operation]
    return [making, tagging]
  }

  /// `TagSpecifications` for the kind that is made.
  static func tagsToBe(_ input: Value, _ kind: NetworkKind) -> [Tag] {
    input.items("TagSpecifications").filter { $0.text("ResourceType") == kind.rawValue }.flatMap(tagList)
  }

  /// As `tagsToBe`, checked.
  static func newTags(_ input: Value, _ kind: NetworkKind) throws(ServiceFault) -> [Tag] {
    if let other = input.items("TagSpecifications").map({ $0.text("ResourceType") })
      .first(where: { $0 != kind.rawValue })
    {
      throw fault(
        "InvalidParameterValue",
        "'\(other)' is not a valid taggable resource type for this operation.")
    }
    return try merged([], tagsToBe(input, kind))
  }

  static func tagList(_ input: Value) -> [Tag] {
    input.items("Tags").map { Tag(key: $0.text("Key"), value: $0.text("Value")) }
  }

  static func tagSet(_ tags: [Tag]) -> Value {
    .list(tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })
  }

  /// What has an id, or the fault of its kind.
  static func found<Item>(
    _ items: [String: Item], _ id: String, _ kind: NetworkKind
  ) throws(ServiceFault) -> Item {
    guard let item = items[id] else { throw kind.unknown(id) }
    return item
  }
}
