import ServiceModels

/// What a job may ask for (Macie API reference, `CreateClassificationJobRequest`; Macie quotas).
extension MacieService {
  static func checkJob(_ input: Value, _ call: Call) throws(ServiceFault) {
    guard (1...500).contains(input.text("name").unicodeScalars.count) else {
      throw invalid("the job's name must contain 1-500 characters")
    }
    if input.text("description").unicodeScalars.count > 200 {
      throw invalid("the job's description must contain no more than 200 characters")
    }
    let frequency = input["scheduleFrequency"]
    switch input.text("jobType") {
    case "ONE_TIME":
      if frequency != nil { throw invalid("a one-time job can't have a scheduleFrequency") }
    case "SCHEDULED":
      if JobSchedule(frequency) == nil {
        throw invalid(
          "a scheduled job needs one schedule: daily, weekly with a dayOfWeek or monthly with a dayOfMonth")
      }
    default: throw invalid("jobType must be ONE_TIME or SCHEDULED")
    }
    try checkScope(input["s3JobDefinition"] ?? [:])
    try checkDetection(input, call)
    if let percentage = input["samplingPercentage"]?.integer, !(1...100).contains(percentage) {
      throw invalid("samplingPercentage must be 1-100")
    }
  }

  private static func checkScope(_ definition: Value) throws(ServiceFault) {
    let buckets = definition["bucketDefinitions"]?.list
    guard (buckets == nil) != (definition["bucketCriteria"] == nil) else {
      throw invalid("s3JobDefinition has to have either bucketDefinitions or bucketCriteria")
    }
    if let buckets, buckets.isEmpty || buckets.contains(where: { $0.texts("buckets").isEmpty }) {
      throw invalid("s3JobDefinition has to name at least one bucket")
    }
    if (buckets ?? []).reduce(0, { $0 + $1.texts("buckets").count }) > 1000 {
      throw invalid("a job can analyze no more than 1000 named buckets")
    }
    for part in ["includes", "excludes"] {
      for condition in definition["scoping"]?[part]?.items("and") ?? [] {
        guard let term = condition["simpleScopeTerm"] else { continue }
        let (key, comparator) = (term.text("key"), term.text("comparator"))
        guard let known = comparators[key] else {
          throw invalid(
            "\(key) isn't a property that a job's scope can use; there are \(comparators.keys.sorted().joined(separator: ", "))"
          )
        }
        guard known.contains(comparator), !term.texts("values").isEmpty else {
          throw invalid("\(key) needs values and one of the comparators \(known.joined(separator: ", "))")
        }
      }
    }
  }

  /// Macie API reference, `SimpleScopeTerm`.
  private static let comparators = [
    "OBJECT_EXTENSION": ["EQ", "NE"], "OBJECT_LAST_MODIFIED_DATE": ["EQ", "GT", "GTE", "LT", "LTE", "NE"],
    "OBJECT_SIZE": ["EQ", "GT", "GTE", "LT", "LTE", "NE"], "OBJECT_KEY": ["STARTS_WITH"],
  ]

  private static func checkDetection(_ input: Value, _ call: Call) throws(ServiceFault) {
    let own = call.seen.macie[call.region]
    let selector = input["managedDataIdentifierSelector"]?.string ?? "RECOMMENDED"
    let ids = input.texts("managedDataIdentifierIds")
    guard ["ALL", "EXCLUDE", "INCLUDE", "NONE", "RECOMMENDED"].contains(selector),
      ["INCLUDE", "EXCLUDE"].contains(selector) != ids.isEmpty
    else { throw invalid("managedDataIdentifierIds doesn't fit managedDataIdentifierSelector") }
    if let unknown = ids.first(where: { ManagedDataIdentifier.place($0) == nil }) {
      throw invalid(
        "\(unknown) isn't a managed data identifier that the practice account has; list-managed-data-identifiers names them"
      )
    }
    let custom = input.texts("customDataIdentifierIds")
    if let unknown = custom.first(where: { own?.identifiers[$0].map(\.isDeleted) ?? true }) {
      throw absent("custom data identifier (\(unknown))")
    }
    if custom.count > 30 { throw invalid("a job can use no more than 30 custom data identifiers") }
    if selector == "NONE", custom.isEmpty {
      throw invalid("a job without managed data identifiers needs at least one custom data identifier")
    }
    let lists = input.texts("allowListIds")
    if let unknown = lists.first(where: { own?.allowLists[$0] == nil }) {
      throw absent("allow list (\(unknown))")
    }
    if lists.count > 10 { throw invalid("a job can use no more than 10 allow lists") }
  }
}
