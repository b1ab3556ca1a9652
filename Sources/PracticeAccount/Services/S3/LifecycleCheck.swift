import ServiceModels
import Wire

/// What a lifecycle configuration must hold to (API reference, PutBucketLifecycleConfiguration; S3 user guide,
/// "Lifecycle configuration elements").
enum LifecycleCheck {
  private static let actions = [
    "Expiration", "Transitions", "NoncurrentVersionExpiration", "NoncurrentVersionTransitions",
    "AbortIncompleteMultipartUpload",
  ]
  private static let classes: Set<String> = [
    "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE",
  ]

  static func check(_ configuration: Value) throws(ServiceFault) {
    let rules = configuration.items("Rules")
    guard !rules.isEmpty, rules.count <= 1000 else { throw S3Service.malformedXML }
    var names: Set<String> = []
    for rule in rules {
      try check(rule: rule)
      guard let id = rule["ID"]?.string else { continue }
      if id.utf8.count > 255 { throw invalid("ID length should not exceed allowed limit of 255") }
      if !names.insert(id).inserted {
        throw invalid("Rule ID must be unique. Found same ID for more than one rule")
      }
    }
  }

  private static func invalid(_ message: String) -> ServiceFault { fault("InvalidArgument", message) }

  private static func check(rule: Value) throws(ServiceFault) {
    guard ["Enabled", "Disabled"].contains(rule["Status"]?.string) else { throw S3Service.malformedXML }
    guard actions.contains(where: { rule[$0] != nil }) else {
      throw fault(
        "InvalidRequest", "At least one action needs to be specified in a rule")
    }
    guard (rule["Prefix"] == nil) != (rule["Filter"] == nil) else { throw S3Service.malformedXML }
    if let filter = rule["Filter"]?.object, filter.count > 1 { throw S3Service.malformedXML }
    let hasTags =
      rule["Filter"]?["Tag"] != nil || rule["Filter"]?["And"]?.items("Tags").isEmpty == false
    if hasTags, rule["AbortIncompleteMultipartUpload"] != nil {
      throw fault(
        "InvalidRequest", "AbortIncompleteMultipartUpload cannot be specified with Tags.")
    }
    if let expiration = rule["Expiration"] {
      let given = ["Date", "Days", "ExpiredObjectDeleteMarker"].filter { expiration[$0] != nil }
      guard given.count == 1 else { throw S3Service.malformedXML }
      if hasTags, expiration["ExpiredObjectDeleteMarker"] != nil {
        throw fault("InvalidRequest", "ExpiredObjectDeleteMarker cannot be specified with Tags.")
      }
      try check(time: expiration, "Expiration action")
    }
    for (member, name) in [
      ("NoncurrentVersionExpiration", "NoncurrentVersionExpiration action"),
      ("AbortIncompleteMultipartUpload", "AbortIncompleteMultipartUpload action"),
    ] {
      guard let action = rule[member] else { continue }
      let days = action["NoncurrentDays"] ?? action["DaysAfterInitiation"]
      guard let days = days?.integer, days > 0 else {
        throw invalid(
          "'\(member == "NoncurrentVersionExpiration" ? "NoncurrentDays" : "DaysAfterInitiation")' for \(name) must be a positive integer"
        )
      }
    }
    for transition in rule.items("Transitions") + rule.items("NoncurrentVersionTransitions") {
      try check(transition: transition, rule)
    }
  }

  private static func check(transition: Value, _ rule: Value) throws(ServiceFault) {
    guard let storage = transition["StorageClass"]?.string, classes.contains(storage) else {
      throw S3Service.malformedXML
    }
    try check(time: transition, "Transition action")
    if ["STANDARD_IA", "ONEZONE_IA"].contains(storage), let days = transition["Days"]?.integer, days < 30 {
      throw invalid(
        "'Days' in Transition action must be greater than or equal to 30 for storageClass '\(storage)'")
    }
    if let days = transition["Days"]?.integer, let end = rule["Expiration"]?["Days"]?.integer, end <= days {
      throw invalid(
        "'Days' in the Expiration action for filter '()' must be greater than 'Days' in the Transition action"
      )
    }
  }

  private static func check(time: Value, _ action: String) throws(ServiceFault) {
    let least: Int64 = action == "Expiration action" ? 1 : 0
    if let days = time["Days"]?.integer, days < least {
      throw invalid("'Days' for \(action) must be a \(least == 1 ? "positive" : "nonnegative") integer")
    }
    if let date = time["Date"]?.timestamp, date.milliseconds % 86_400_000 != 0 {
      throw invalid("'Date' must be at midnight GMT")
    }
  }

  /// With names for the rules that have none, and the size below which nothing is moved.
  static func completed(_ configuration: Value, _ input: Value, _ call: Call) -> Value {
    let rules = configuration.items("Rules").map { rule -> Value in
      guard rule["ID"] == nil, var fields = rule.object else { return rule }
      fields["ID"] = .string(call.state.generator.hex(40))
      return .object(fields)
    }
    let size = input["TransitionDefaultMinimumObjectSize"]?.string ?? "all_storage_classes_128K"
    return ["Rules": .list(rules), "TransitionDefaultMinimumObjectSize": .string(size)]
  }
}
