import OrderedJSON
import Wire

/// The `NextToken` of a cut-off result: the service's tokens and how many items of its page were shown, as
/// Base64 of JSON. Compatible with the AWS CLI's (botocore `paginate.py`, `TokenEncoder`).
struct PageToken: Hashable {
  var members: JSONObject
  var truncation: Int

  private static let truncationKey = "boto_truncate_amount"

  var encoded: String {
    var all = members
    if truncation > 0 || members.values.allSatisfy({ $0 == .null }) {
      all[PageToken.truncationKey] = .int(truncation)
    }
    return base64Encoded(Array(pythonText(.object(all)).utf8))
  }

  static func decoded(_ text: String) -> PageToken? {
    guard let bytes = base64Decoded(text), let json = try? JSON.parse(bytes: bytes),
      case .object(var members) = json
    else { return nil }
    let truncation = members[truncationKey]?.int ?? 0
    members[truncationKey] = nil
    return PageToken(members: members, truncation: max(0, truncation))
  }

  /// The form before tokens were JSON: the service's tokens with `___` between them, a number of items at the end.
  static func old(_ text: String, _ names: [String]) -> PageToken? {
    var parts: [String] = [""]
    var rest = Substring(text)
    while let first = rest.first {
      if rest.hasPrefix("___") {
        parts.append("")
        rest = rest.dropFirst(3)
      } else {
        parts[parts.count - 1].append(first)
        rest = rest.dropFirst()
      }
    }
    var truncation = 0
    if parts.count == names.count + 1, let count = parts.last.flatMap({ Int($0) }) {
      truncation = max(0, count)
      parts.removeLast()
    }
    guard parts.count == names.count else { return nil }
    let members = zip(names, parts).map { ($0, $1 == "None" ? JSON.null : JSON.string($1)) }
    return PageToken(members: JSONObject(members), truncation: truncation)
  }

  /// As Python's `json.dumps` separates: `", "` and `": "`.
  private func pythonText(_ value: JSON) -> String {
    switch value {
    case .object(let members):
      "{"
        + members.map { "\(JSON.string($0.key).text(ensureASCII: true)): \(pythonText($0.value))" }.joined(
          separator: ", ") + "}"
    case .array(let values): "[" + values.map { pythonText($0) }.joined(separator: ", ") + "]"
    default: value.text(ensureASCII: true)
    }
  }
}
