import OrderedJSON
import ServiceModels

/// What one operation does to one type of resource.
package struct OperationEffect: Sendable {
  package enum Verb: String, Sendable, Hashable, CaseIterable {
    /// It makes one.
    case creates
    /// It removes one, or schedules that.
    case deletes
    /// It takes back a scheduled removal.
    case revives
    /// It sets a setting whose earlier value is kept.
    case sets
    /// It takes a setting away.
    case unsets
    /// It alters one in a way that needs no undoing if the run made it.
    case alters
  }

  package var verb: Verb
  package var service: String
  package var operation: String
  package var type: String
  /// The named parts, over `{input, output, account, region, partition}`.
  package var parts: [(name: String, expression: Expression)]
  /// One effect for each of these items (under `item`); nil for one effect.
  package var items: Expression?
  /// The identities that a successful answer says were not dealt with.
  package var except: Expression?
  /// When the operation is known to have worked on something that was not there: its success proves creation.
  package var provesCreation: Bool
  /// Errors that mean the thing is there already.
  package var exists: [ErrorPattern]
  /// Where the operation takes tags, so that a crash leaves a mark to search for.
  package var tags: Tags?
  /// An idempotency token that clients do not fill in by themselves.
  package var tokenMember: String?
  /// How the operation's answer is made of what the account says of the resource afterwards. Values are paths in
  /// the reading answer, or expressions over the parts (with `=`).
  package var answer: [Answer]
  /// Doing it twice is the same as doing it once: an unsettled call is simply made again.
  package var isRepeatable: Bool
  /// AWS does this beside the operation's own work; it may also not happen.
  package var isSideEffect: Bool
  /// When a scheduled removal happens: a path to a timestamp in the output.
  package var until: String?

  package struct Tags: Sendable, Hashable {
    package var member: String
    /// Members of a tag in the list; both empty for a map.
    package var key: String
    package var value: String
    /// For EC2: the resource type of the specification around the tags.
    package var resourceType: String?
  }

  package enum Answer: Sendable, Hashable {
    case path(member: String, path: String)
    case expression(member: String, Expression)
  }

  /// What the parts are computed from.
  package struct Surroundings: Sendable, Hashable {
    package var account: String
    package var region: String
    package var partition: String

    package init(account: String, region: String) {
      self.account = account
      self.region = region
      partition =
        region.hasPrefix("cn-") ? "aws-cn" : region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
    }

    /// The document around `input` and `output`.
    package func document(input: Value, output: Value?) -> JSON {
      [
        "input": input.outline, "output": output?.outline ?? .null, "account": .string(account),
        "region": .string(region), "partition": .string(partition),
      ]
    }
  }

  /// The parts of each resource concerned, as far as they can be told: before the call (`output` nil) those that
  /// can be predicted, after it all. Empty if a part is missing.
  package func resources(in document: JSON, type: ResourceType) -> [JSONObject] {
    var documents = [document]
    if let items {
      documents = (items.value(in: document)?.array ?? []).map { document.adding("item", $0) }
    }
    let excepted = (except?.value(in: document)?.array ?? []).compactMap(\.string)
    return documents.compactMap { document in
      var found = JSONObject()
      for part in parts {
        if let text = part.expression.text(in: document) { found[part.name] = .string(text) }
      }
      guard let identity = type.identity(of: found), !excepted.contains(identity) else { return nil }
      return found
    }
  }

  /// The answer of the operation, made anew from what the account says.
  package func answer(reading: Value, document: JSON) -> Value {
    .object(
      Fields(
        answer.compactMap { entry in
          switch entry {
          case .path(let member, let path): reading.at(path).map { Fields.Field(member, $0) }
          case .expression(let member, let expression):
            expression.value(in: document).map { Fields.Field(member, Value(plain: $0)) }
          }
        }))
  }
}
