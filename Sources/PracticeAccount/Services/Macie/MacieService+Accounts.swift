import ServiceModels
import Wire

/// A standalone account: no administrator, no members, no invitations. And the tags of what Macie keeps.
extension MacieService {
  static let accountRules: [String: OperationRule] = [
    "GetAdministratorAccount": OperationRule(ask("GetAdministratorAccount"), { (_, _) in [:] }),
    "GetMasterAccount": OperationRule(ask("GetMasterAccount"), { (_, _) in [:] }),
    "ListMembers": OperationRule(ask("ListMembers"), { (_, _) in ["members": []] }),
    "ListInvitations": OperationRule(ask("ListInvitations"), { (_, _) in ["invitations": []] }),
    "GetInvitationsCount": OperationRule(ask("GetInvitationsCount"), { (_, _) in ["invitationsCount": 0] }),
  ]

  static let tagRules: [String: OperationRule] = [
    "ListTagsForResource": OperationRule(
      onResource("ListTagsForResource"),
      { (input, call) throws(ServiceFault) in
        var tags: [Tag] = []
        try change(input, call) { tags = $0 }
        return ["tags": write(tags)]
      }),
    "TagResource": OperationRule(
      { (input, call) in
        [AccessQuestion("macie2:TagResource", input.text("resourceArn")).requesting(readTags(input))]
      },
      { (input, call) throws(ServiceFault) in
        let new = readTags(input)
        if new.contains(where: { $0.key.lowercased().hasPrefix("aws:") || $0.key.isEmpty }) {
          throw invalid("a tag's key can't be empty or begin with aws:")
        }
        var count = 0
        try change(input, call) { tags in
          tags.removeAll { tag in new.contains { $0.key == tag.key } }
          tags += new
          count = tags.count
        }
        if count > 50 { throw invalid("a resource can have no more than 50 tags") }
        return [:]
      }),
    "UntagResource": OperationRule(
      onResource("UntagResource"),
      { (input, call) throws(ServiceFault) in
        let keys = input.texts("tagKeys")
        try change(input, call) { $0.removeAll { keys.contains($0.key) } }
        return [:]
      }),
  ]

  private static func onResource(_ operation: String) -> OperationRule.Questions {
    ask(operation) { input, _ in input.text("resourceArn") }
  }

  /// Changes the tags of whatever the ARN names.
  private static func change(
    _ input: Value, _ call: Call, _ change: (inout [Tag]) -> Void
  ) throws(ServiceFault) {
    let arn = input.text("resourceArn")
    let prefix = call.arn("macie2", "")
    let parts = arn.dropFirst(prefix.count).split(separator: "/", maxSplits: 1).map(String.init)
    guard arn.hasPrefix(prefix), parts.count == 2, var own = call.seen.macie[call.region] else {
      throw absent("resource")
    }
    let id = parts[1]
    switch parts[0] {
    case "classification-job":
      guard var job = own.jobs[id] else { throw absent("resource") }
      change(&job.tags)
      own.jobs[id] = job
    case "custom-data-identifier":
      guard var identifier = own.identifiers[id], !identifier.isDeleted else { throw absent("resource") }
      change(&identifier.tags)
      own.identifiers[id] = identifier
    case "allow-list":
      guard var list = own.allowLists[id] else { throw absent("resource") }
      change(&list.tags)
      own.allowLists[id] = list
    case "findings-filter":
      guard let index = own.filters.firstIndex(where: { $0.id == id }) else { throw absent("resource") }
      change(&own.filters[index].tags)
    default: throw absent("resource")
    }
    if call.operation != "ListTagsForResource" { call.state.macie[call.region] = own }
  }
}
