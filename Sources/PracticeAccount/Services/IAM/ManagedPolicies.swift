import Digests
import Wire

/// A managed policy of AWS.
struct ManagedPolicy: Sendable {
  var name: String
  /// `/`, `/service-role/`, `/job-function/` or `/aws-service-role/`.
  var path: String
  var description: String
  var document: String

  var arn: String { "arn:aws:iam::aws:policy\(path)\(name)" }

  /// AWS's unique ids are random; these follow from the name.
  var id: String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    return "ANPA" + String(sha256(Array(name.utf8)).prefix(17).map { letters[Int($0 & 31)] })
  }

  /// The day most of them appeared.
  var created: Timestamp { Timestamp(year: 2015, month: 2, day: 6, hour: 18) }

  /// One statement: actions apart by spaces, resources likewise, a `Condition` as JSON.
  struct Statement: Sendable {
    var allows = true
    var actions: String
    var isNegated = false
    var resources = "*"
    var condition: String?

    static func allow(_ actions: String, on resources: String = "*", when condition: String? = nil)
      -> Statement
    {
      Statement(actions: actions, resources: resources, condition: condition)
    }

    static func allowAll(but actions: String) -> Statement { Statement(actions: actions, isNegated: true) }

    fileprivate var text: String {
      let condition = condition.map { ",\"Condition\":\($0)" } ?? ""
      return "{\"Effect\":\"\(allows ? "Allow" : "Deny")\",\"\(isNegated ? "NotAction" : "Action")\":"
        + "\(Self.list(actions)),\"Resource\":\(Self.list(resources))\(condition)}"
    }

    private static func list(_ words: String) -> String {
      let all = words.split(separator: " ").map { "\"\($0)\"" }
      return all.count == 1 ? all[0] : "[" + all.joined(separator: ",") + "]"
    }
  }

  init(_ name: String, path: String = "/", _ description: String, _ statements: [Statement]) {
    self.name = name
    self.path = path
    self.description = description
    document =
      "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements.map(\.text).joined(separator: ",") + "]}"
  }
}

/// AWS managed policies that the practice account knows.
///
/// Source: AWS managed policy reference guide. Where AWS's document is long, ours says the same of the services that are
/// built here and of the commonest others, in fewer words; version numbers, dates and ids are our own.
/// AmazonMacieServiceRolePolicy has no KMS action at all, which is why Macie cannot read under a customer managed key.
enum ManagedPolicies {
  static let byARN = Dictionary(uniqueKeysWithValues: all.map { ($0.arn, $0) })

  /// By name.
  static let all: [ManagedPolicy] = (table + serviceRoleTable).sorted { $0.name < $1.name }
}
