import ServiceModels
import Wire

/// Saved filters of findings; those that archive are suppression rules (Macie user guide, "Suppressing findings").
extension MacieService {
  static let filterRules: [String: OperationRule] = [
    "CreateFindingsFilter": OperationRule(
      { (input, call) in [AccessQuestion("macie2:CreateFindingsFilter").requesting(readTags(input))] },
      createFilter),
    "GetFindingsFilter": OperationRule(
      onFilter("GetFindingsFilter"),
      { (input, call) throws(ServiceFault) in
        let (index, filter) = try filter(input, call)
        var fields: Fields = ["action": .string(filter.action), "arn": .string(filterARN(filter.id, call))]
        fields.add("description", filter.description.map(Value.string))
        fields["findingCriteria"] = filter.criteria.value
        fields["id"] = .string(filter.id)
        fields["name"] = .string(filter.name)
        fields["position"] = .integer(Int64(index + 1))
        fields["tags"] = write(filter.tags)
        return .object(fields)
      }),
    "ListFindingsFilters": OperationRule(
      ask("ListFindingsFilters"),
      { (input, call) throws(ServiceFault) in
        let all = call.seen.macie[call.region]?.filters ?? []
        return try page(all, input, "findingsFilterListItems", most: 25) { filter in
          [
            "action": .string(filter.action), "arn": .string(filterARN(filter.id, call)),
            "id": .string(filter.id), "name": .string(filter.name), "tags": write(filter.tags),
          ]
        }
      }),
    "UpdateFindingsFilter": OperationRule(onFilter("UpdateFindingsFilter"), updateFilter),
    "DeleteFindingsFilter": OperationRule(
      onFilter("DeleteFindingsFilter"),
      { (input, call) throws(ServiceFault) in
        let (index, _) = try filter(input, call)
        call.state.macie[call.region]?.filters.remove(at: index)
        return [:]
      }),
  ]

  static func filterARN(_ id: String, _ call: Call) -> String { call.arn("macie2", "findings-filter/\(id)") }

  private static func onFilter(_ operation: String) -> OperationRule.Questions {
    ask(operation) { input, call in filterARN(input.text("id"), call) }
  }

  private static func filter(_ input: Value, _ call: Call) throws(ServiceFault) -> (Int, FindingsFilter) {
    let filters = call.seen.macie[call.region]?.filters ?? []
    guard let index = filters.firstIndex(where: { $0.id == input.text("id") }) else { throw absent("filter") }
    return (index, filters[index])
  }

  private static func createFilter(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let filters = call.seen.macie[call.region]?.filters ?? []
    let token = input.text("clientToken")
    if !token.isEmpty, let twin = filters.first(where: { $0.clientToken == token }) {
      return ["arn": .string(filterARN(twin.id, call)), "id": .string(twin.id)]
    }
    let filter = FindingsFilter(
      id: call.state.generator.uuid(), name: input.text("name"), description: input["description"]?.string,
      action: input.text("action"), criteria: StoredValue(input["findingCriteria"] ?? [:]),
      tags: readTags(input), clientToken: token)
    try check(filter, filters, call)
    try place(filter, at: input["position"]?.integer ?? Int64(filters.count + 1), call)
    return ["arn": .string(filterARN(filter.id, call)), "id": .string(filter.id)]
  }

  private static func updateFilter(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    var (index, filter) = try filter(input, call)
    if let name = input["name"]?.string { filter.name = name }
    if let text = input["description"]?.string { filter.description = text }
    if let action = input["action"]?.string { filter.action = action }
    if let criteria = input["findingCriteria"] { filter.criteria = StoredValue(criteria) }
    call.state.macie[call.region]?.filters.remove(at: index)
    try check(filter, call.seen.macie[call.region]?.filters ?? [], call)
    try place(filter, at: input["position"]?.integer ?? Int64(index + 1), call)
    return ["arn": .string(filterARN(filter.id, call)), "id": .string(filter.id)]
  }

  private static func check(
    _ filter: FindingsFilter, _ others: [FindingsFilter], _ call: Call
  ) throws(ServiceFault) {
    guard (3...64).contains(filter.name.unicodeScalars.count) else {
      throw invalid("the filter's name must contain 3-64 characters")
    }
    if others.contains(where: { $0.name == filter.name }) {
      throw fault("ConflictException", "The request failed because a filter with that name exists.", 409)
    }
    if (filter.description ?? "").unicodeScalars.count > 512 {
      throw invalid("the filter's description must contain no more than 512 characters")
    }
    guard ["ARCHIVE", "NOOP"].contains(filter.action) else { throw invalid("action must be ARCHIVE or NOOP") }
    if filter.criteria.value["criterion"]?.object?.isEmpty ?? true {
      throw invalid("findingCriteria has no criterion")
    }
    try checkCriteria(filter.criteria.value, call)
  }

  /// Positions count from 1.
  private static func place(_ filter: FindingsFilter, at position: Int64, _ call: Call) throws(ServiceFault) {
    let count = call.seen.macie[call.region]?.filters.count ?? 0
    guard let index = Int(exactly: position), (1...(count + 1)).contains(index) else {
      throw invalid("position must be between 1 and the number of filters")
    }
    call.state.macie[call.region]?.filters.insert(filter, at: index - 1)
  }
}
