import OrderedJSON
import ServiceModels
import Wire

/// The `NextToken` of a cut-off result: the service's tokens and how many items of its page were shown, as
/// Base64 of JSON. Compatible with the AWS CLI's (botocore `paginate.py`, `TokenEncoder`).
struct PageToken: Hashable {
  var members: JSONObject
  var truncation: Int
  /// Where in `members` binary values stand, as Base64: paths of names and positions.
  var blobs: [[JSON]] = []

  private static let truncationKey = "boto_truncate_amount"
  private static let blobsKey = "boto_encoded_keys"

  init(members: JSONObject, truncation: Int, blobs: [[JSON]] = []) {
    self.members = members
    self.truncation = truncation
    self.blobs = blobs
  }

  /// A token whose binary values are found by the shape of the input that takes it.
  init(members: JSONObject, truncation: Int, input: Shape?) {
    self.init(members: members, truncation: truncation)
    for (name, value) in members {
      if let shape = input?.member(name)?.shape { findBlobs(in: value, shape, [.string(name)]) }
    }
  }

  private mutating func findBlobs(in value: JSON, _ shape: Shape, _ path: [JSON]) {
    // Deeper than any key of a service's.
    guard path.count < 32 else { return }
    switch (value, shape.kind) {
    case (.string, .blob): blobs.append(path)
    case (.object(let members), .structure), (.object(let members), .map):
      for (name, inner) in members {
        if let next = shape.member(name)?.shape ?? shape.value?.shape {
          findBlobs(in: inner, next, path + [.string(name)])
        }
      }
    case (.array(let values), .list):
      guard let element = shape.element?.shape else { return }
      for (position, inner) in values.enumerated() { findBlobs(in: inner, element, path + [.int(position)]) }
    default: break
    }
  }

  var encoded: String {
    var all = members
    if truncation > 0 || members.values.allSatisfy({ $0 == .null }) {
      all[PageToken.truncationKey] = .int(truncation)
    }
    if !blobs.isEmpty { all[PageToken.blobsKey] = .array(blobs.map { .array($0) }) }
    return base64Encoded(Array(pythonText(.object(all)).utf8))
  }

  static func decoded(_ text: String) -> PageToken? {
    guard let bytes = base64Decoded(text), let json = try? JSON.parse(bytes: bytes),
      case .object(var members) = json
    else { return nil }
    let truncation = members[truncationKey]?.int ?? 0
    let blobs = (members[blobsKey]?.array ?? []).compactMap(\.array)
    members[truncationKey] = nil
    members[blobsKey] = nil
    return PageToken(members: members, truncation: max(0, truncation), blobs: blobs)
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
