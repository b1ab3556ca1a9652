import OrderedJSON
import Wire

@testable import ServiceModels

/// Bodies and values after a shape, with here and there something that the shape does not allow. What random bytes
/// would reach once in a million inputs, these reach at once.
struct Modelled {
  private var entropy: Entropy
  /// Elements and members that may still be built: recursive shapes end.
  private var budget = 200

  init(_ entropy: Entropy) { self.entropy = entropy }

  // MARK: JSON

  mutating func json(_ shape: Shape, depth: Int = 0) -> String {
    budget -= 1
    guard budget > 0, depth < 24 else { return "null" }
    if entropy.isOne(in: 24) { return stray(depth) }
    switch shape.kind {
    case .structure:
      if shape.isDocument { return stray(depth) }
      var members: [String] = []
      for member in shape.members where wants(member, shape) {
        members.append("\"\(member.locationName)\":\(json(member.shape, depth: depth + 1))")
      }
      if entropy.isOne(in: 16) {
        members.append("\"\(entropy.isOne(in: 2) ? "__type" : "unknown")\":\(stray(depth))")
      }
      return "{\(members.joined(separator: ","))}"
    case .list:
      guard let element = shape.element else { return "[]" }
      return
        "[\((0..<entropy.below(4)).map { _ in json(element.shape, depth: depth + 1) }.joined(separator: ","))]"
    case .map:
      guard let value = shape.value else { return "{}" }
      return
        "{\((0..<entropy.below(4)).map { _ in "\(text()):\(json(value.shape, depth: depth + 1))" }.joined(separator: ","))}"
    case .string, .blob: return text()
    case .boolean: return entropy.isOne(in: 2) ? "true" : "false"
    case .integer, .long, .float, .double, .timestamp: return entropy.isOne(in: 4) ? text() : number()
    }
  }

  private mutating func stray(_ depth: Int) -> String {
    switch entropy.below(8) {
    case 0: "null"
    case 1: "{}"
    case 2: "[]"
    case 3: "[null,{\"a\":[0]}]"
    case 4: String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    case 5: "true"
    case 6: number()
    default: text()
    }
  }

  private mutating func number() -> String {
    entropy.pick([
      "0", "1", "-1", "1.5", "1700000000.123", "-0", "1e3", "1e400", "-1e400", "9223372036854775807",
      "-9223372036854775808", "9223372036854775808", "1e18", "9.3e15", "-9.3e15", "1e-400", "2147483648",
      "0.1",
    ]) ?? "0"
  }

  private mutating func text() -> String { JSON.string(entropy.scalar()).text() }

  // MARK: XML

  /// An element of that shape; a structure's root carries what stands around it in `inner`.
  mutating func xml(_ shape: Shape, name: String, depth: Int = 0) -> String {
    "<\(name)>\(content(shape, depth: depth))</\(name)>"
  }

  private mutating func content(_ shape: Shape, depth: Int) -> String {
    budget -= 1
    guard budget > 0, depth < 24 else { return "" }
    if entropy.isOne(in: 24) { return entropy.isOne(in: 2) ? "<unknown><a/></unknown>" : character() }
    switch shape.kind {
    case .structure:
      var out = ""
      for member in shape.members where wants(member, shape) {
        let name = XMLBody.elementName(of: member)
        let repeats = member.isFlattened || entropy.isOne(in: 16) ? 1 + entropy.below(3) : 1
        for _ in 0..<repeats {
          out +=
            member.isFlattened && member.shape.kind == .list
            ? xml(member.shape.element?.shape ?? member.shape, name: name, depth: depth + 1)
            : xml(member.shape, name: name, depth: depth + 1)
        }
      }
      return out
    case .list:
      guard let element = shape.element else { return "" }
      return (0..<entropy.below(4)).map { _ in
        xml(element.shape, name: element.locationName, depth: depth + 1)
      }
      .joined(separator: "\n")
    case .map:
      guard let key = shape.key, let value = shape.value else { return "" }
      return (0..<entropy.below(3)).map { _ in
        let entry =
          xml(key.shape, name: key.locationName, depth: depth + 1)
          + (entropy.isOne(in: 12) ? "" : xml(value.shape, name: value.locationName, depth: depth + 1))
        return entropy.isOne(in: 12) ? entry : "<entry>\(entry)</entry>"
      }.joined()
    default: return character()
    }
  }

  private mutating func character() -> String {
    var writer = XMLWriter()
    writer.text(entropy.scalar())
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  // MARK: values

  mutating func value(_ shape: Shape, depth: Int = 0) -> Value {
    budget -= 1
    guard budget > 0, depth < 24 else { return .null }
    if entropy.isOne(in: 32) {
      return entropy.pick([.null, true, "x", 1, 1.5, [], ["a": 1], .blob([0, 255])]) ?? .null
    }
    switch shape.kind {
    case .structure:
      var fields: [Fields.Field] = []
      for member in shape.members where member.isRequired || wants(member, shape) {
        fields.append(Fields.Field(member.name, value(member.shape, depth: depth + 1)))
      }
      return .object(Fields(fields))
    case .list:
      guard let element = shape.element else { return [] }
      return .list((0..<entropy.below(4)).map { _ in value(element.shape, depth: depth + 1) })
    case .map:
      guard let element = shape.value else { return [:] }
      return .object(
        Fields(
          (0..<entropy.below(4)).map { _ in
            Fields.Field(entropy.scalar(), value(element.shape, depth: depth + 1))
          }))
    case .string:
      return .string(entropy.isOne(in: 2) ? entropy.pick(shape.enumeration) ?? "a" : entropy.scalar())
    case .boolean: return .bool(entropy.isOne(in: 2))
    case .integer, .long: return .integer(Int64(number()) ?? 7)
    case .float, .double: return .double(Double(number()) ?? .nan)
    case .blob: return .blob(Array(entropy.scalar().utf8))
    case .timestamp:
      return entropy.isOne(in: 4)
        ? .string(entropy.scalar()) : .timestamp(Timestamp(seconds: Double(number()) ?? -1))
    }
  }

  // MARK: the head of a response

  mutating func headers(_ shape: Shape?) -> Headers {
    var headers = Headers()
    for member in shape?.members ?? [] where member.isInHead && wants(member, shape) {
      let name = member.location == .headers ? member.locationName + "a" : member.locationName
      headers.add(name, entropy.scalar())
    }
    if entropy.isOne(in: 8) { headers.add("x-amzn-query-error", entropy.scalar() + ";Sender") }
    if entropy.isOne(in: 8) { headers.add("x-amzn-errortype", entropy.scalar()) }
    if entropy.isOne(in: 8) { headers.add("x-amzn-requestid", entropy.scalar()) }
    return headers
  }

  /// Most members of small structures, few of large ones: every second half gets one less.
  private mutating func wants(_ member: Member, _ shape: Shape?) -> Bool {
    let count = shape?.members.count ?? 0
    return count <= 6 ? entropy.below(4) != 0 : entropy.below(count) < 5
  }

  mutating func choice(_ count: Int) -> Int { entropy.below(count) }
  mutating func scalar() -> String { entropy.scalar() }
}
