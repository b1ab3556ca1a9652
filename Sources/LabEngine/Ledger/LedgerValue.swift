import Digests
import OrderedJSON
import ServiceModels
import Wire

/// Values as the ledger writes them: JSON that reads well and gives back the same value, without secrets.
///
/// What JSON has no form for is an object of its own: `$time` (milliseconds; `$microseconds` holds what is below them),
/// `$double`, `$blob` (Base64), `$bytes` and `$sha256` (of a blob too big to keep), `$redacted`.
enum LedgerValue {
  /// Blobs up to this many bytes are kept.
  static let keptBytes = 1024

  /// - Parameter shape: the shape, whose sensitive members are redacted; nil keeps all but secrets known by name.
  static func text(_ value: Value, shape: Shape?) -> String {
    json(value, shape: shape, redacts: true).text()
  }

  /// The value of a text; nil if it holds something that was not kept.
  static func value(_ text: String) -> Value? {
    guard let json = try? JSON.parse(text) else { return nil }
    return value(json)
  }

  /// A digest of the call's canonical input: members sorted, secrets included, tokens left out.
  static func digest(service: String, operation: Operation, region: String, input: Value) -> String {
    var input = input
    if case .object(var fields) = input {
      for member in operation.input?.members ?? [] where member.isIdempotencyToken {
        fields[member.name] = nil
      }
      input = .object(fields)
    }
    let canonical = sorted(json(input, shape: nil, redacts: false)).text()
    return hexEncoded(sha256(Array("\(service) \(operation.name) \(region) \(canonical)".utf8)))
  }

  private static func json(_ value: Value, shape: Shape?, redacts: Bool) -> JSON {
    switch value {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .integer(let number): return .number(JSONNumber(number))
    case .double(let number): return ["$double": .number(JSONNumber(number))]
    case .string(let text): return .string(text)
    case .timestamp(let time):
      let rest = time.parts.microsecond % 1000
      let whole: JSON = .number(JSONNumber(time.milliseconds))
      return rest == 0
        ? ["$time": whole] : ["$time": whole, "$microseconds": .number(JSONNumber(Int64(rest)))]
    case .blob(let bytes):
      if bytes.count <= keptBytes && redacts { return ["$blob": .string(base64Encoded(bytes))] }
      return [
        "$bytes": .number(JSONNumber(Int64(bytes.count))), "$sha256": .string(hexEncoded(sha256(bytes))),
      ]
    case .list(let elements):
      return .array(elements.map { json($0, shape: shape?.element?.shape, redacts: redacts) })
    case .object(let fields):
      var members = JSONObject()
      for field in fields {
        let member = shape?.member(field.name)
        if redacts && isSecret(field.name, member) {
          members[field.name] = ["$redacted": true]
        } else {
          members[field.name] = json(
            field.value, shape: member?.shape ?? shape?.value?.shape, redacts: redacts)
        }
      }
      return .object(members)
    }
  }

  private static func value(_ json: JSON) -> Value? {
    switch json {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .number(let number): return number.int.map(Value.integer) ?? .double(number.double)
    case .string(let text): return .string(text)
    case .array(let elements):
      var list: [Value] = []
      for element in elements {
        guard let read = value(element) else { return nil }
        list.append(read)
      }
      return .list(list)
    case .object(let members):
      if members.keys.first?.hasPrefix("$") == true { return special(members) }
      var fields = Fields()
      for (name, member) in members {
        guard let read = value(member) else { return nil }
        fields[name] = read
      }
      return .object(fields)
    }
  }

  private static func special(_ members: JSONObject) -> Value? {
    if let number = members["$double"]?.double { return .double(number) }
    if let text = members["$blob"]?.string, let bytes = base64Decoded(text) { return .blob(bytes) }
    if let number = members["$time"]?.number?.int {
      let rest = Double(members["$microseconds"]?.number?.int ?? 0)
      return .timestamp(Timestamp(milliseconds: number).adding(seconds: rest / 1_000_000))
    }
    return nil
  }

  private static func sorted(_ json: JSON) -> JSON {
    switch json {
    case .array(let elements): .array(elements.map(sorted))
    case .object(let members):
      .object(
        JSONObject(
          members.map { ($0.key, sorted($0.value)) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        ))
    default: json
    }
  }

  /// The models' sensitive trait, and secrets whose models forgot it. The KMS key of an S3 request is marked
  /// sensitive and is a name, no secret.
  private static func isSecret(_ name: String, _ member: Member?) -> Bool {
    if notSecret.contains(name) { return false }
    if secrets.contains(name) { return true }
    return member.map { $0.isSensitive || $0.shape.isSensitive } ?? false
  }

  private static let notSecret: Set<String> = [
    "SSEKMSKeyId", "KMSMasterKeyID", "SSEKMSEncryptionContext", "NextToken", "nextToken",
  ]
  private static let secrets: Set<String> = [
    "SecretAccessKey", "SessionToken", "Password", "SecretString", "SecretBinary", "MasterUserPassword",
    "PrivateKey", "KeyMaterial", "AuthToken", "ServicePassword", "GrantToken",
  ]
}
