import OrderedJSON

/// A beginning other than the empty account: what is there before the learner comes, and what will go wrong.
///
/// A JSON file: `name`, `title`, `text`, and `steps`, each of them one of
/// - `{"call": "kms CreateKey", "input": {...}, "keep": {"key": "KeyMetadata.KeyId"}}`: a call by the account's root,
///   whose answer's values can be used as `$key` later; `$account` and `$region` are always known;
/// - `{"wait": 600}`: seconds of the account's clock;
/// - `{"reserve": ["name"]}`: bucket names that strangers own;
/// - `{"fault": {"kind": "throttle", "service": "kms", "operation": "CreateKey", "after": 0, "times": 3, "seconds": 1}}`;
/// - `{"settings": {"propagationDelay": 10, "macieSlowness": 20, "enforcesAuthorization": false,
///   "serviceControlPolicies": [[{...}]]}}`;
/// - `{"session": {"role": "NAME", "seconds": 900}}`: what clients are handed from now on is a session of that role;
/// - `{"session": {"root": true}}`: ... is an access key of the account's root user.
package struct Scenario: Sendable {
  package var name: String
  package var title: String
  /// What the learner meets, and what it teaches.
  package var text: String
  let steps: [ScenarioStep]

  /// - Throws: `ScenarioError` with the step that is not understood.
  package init(json: JSON) throws(ScenarioError) {
    guard let name = json["name"]?.string, let title = json["title"]?.string, let steps = json["steps"]?.array
    else {
      throw ScenarioError(name: json["name"]?.string ?? "", step: nil, "name, title and steps are needed")
    }
    self.name = name
    self.title = title
    text = json["text"]?.string ?? ""
    var read: [ScenarioStep] = []
    for (number, step) in steps.enumerated() {
      guard let known = ScenarioStep(step) else {
        throw ScenarioError(name: name, step: number + 1, "is no step that is known, or lacks something")
      }
      read.append(known)
    }
    self.steps = read
  }
}

/// A scenario cannot be read or played.
package struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
  package var name: String
  /// From 1.
  package var step: Int?
  package var detail: String

  init(name: String, step: Int?, _ detail: String) {
    self.name = name
    self.step = step
    self.detail = detail
  }

  package var description: String {
    "scenario \(name)\(step.map { ", step \($0)" } ?? ""): \(detail)"
  }
}

enum ScenarioStep: Sendable {
  case call(service: String, operation: String, input: JSON, keep: [(name: String, path: String)])
  case wait(Double)
  case reserve([String])
  case fault(FaultRule)
  case settings(JSONObject)
  case session(role: String, seconds: Double)
  case rootKey

  init?(_ json: JSON) {
    if let words = json["call"]?.string?.split(separator: " "), words.count == 2 {
      let keep = (json["keep"]?.object ?? [:]).compactMap { key, path in path.string.map { (key, $0) } }
      self = .call(
        service: String(words[0]), operation: String(words[1]), input: json["input"] ?? [:], keep: keep)
    } else if let seconds = json["wait"]?.double {
      self = .wait(seconds)
    } else if let names = json["reserve"]?.array {
      self = .reserve(names.compactMap(\.string))
    } else if let rule = json["fault"], let kind = rule["kind"]?.string.flatMap(FaultRule.Kind.init) {
      self = .fault(
        FaultRule(
          kind, service: rule["service"]?.string ?? "*", operation: rule["operation"]?.string ?? "*",
          after: rule["after"]?.int ?? 0, times: rule["times"]?.int, seconds: rule["seconds"]?.double ?? 0))
    } else if let settings = json["settings"]?.object {
      self = .settings(settings)
    } else if let session = json["session"], let role = session["role"]?.string {
      self = .session(role: role, seconds: session["seconds"]?.double ?? 3600)
    } else if json["session"]?["root"] == .bool(true) {
      self = .rootKey
    } else {
      return nil
    }
  }
}
