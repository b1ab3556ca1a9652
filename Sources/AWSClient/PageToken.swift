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
    if truncation > 0 || members.values.allSatisfy({ $0 == .null }) { all[PageToken.truncationKey] = .int(truncation) }
    return base64Encoded(Array(pythonText(.object(all)).utf8))
  }

  static func decoded(_ text: String) -> PageToken? {
    guard let bytes = base64Decoded(text), let json = try? JSON.parse(bytes: bytes), case .object(var members) = json
    else { return nil }
    let truncation = members[truncationKey]?.int ?? 0
    members[truncationKey] = nil
    return PageToken(members: members, truncation: max(0, truncation))
  }

  /// As Python's `json.dumps` separates: `", "` and `": "`.
  private func pythonText(_ value: JSON) -> String {
    switch value {
    case .object(let members):
      "{" + members.map { "\(JSON.string($0.key).text(ensureASCII: true)): \(pythonText($0.value))" }.joined(separator: ", ") + "}"
    case .array(let values): "[" + values.map { pythonText($0) }.joined(separator: ", ") + "]"
    default: value.text(ensureASCII: true)
    }
  }
}
