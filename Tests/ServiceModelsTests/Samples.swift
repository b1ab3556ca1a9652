import TestKit
import Wire

@testable import ServiceModels

/// The bundled models.
let bundle = ModelCatalog(directory: repositoryRoot + "/assets/models")
let bundledServices = ["ec2", "iam", "kms", "logs", "macie2", "s3", "sts"]

/// Every bundled operation as "service.Operation".
let everyOperation: [(service: String, name: String)] = bundledServices.flatMap { service in
  ((try? bundle.model(service))?.operationNames ?? []).map { (service, $0) }
}

/// Makes values that fit a shape, the same ones for the same seed.
struct Sampler {
  private var state: UInt64
  /// Lists and maps have this many elements.
  var width = 2
  /// Structures within structures; beyond it they are cut off.
  var depth = 4
  /// Forms cannot carry a structure without members.
  var omitsEmpty = false

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  private mutating func next(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  /// A structure with every member set, in model order; only one where it is a union.
  mutating func structure(_ shape: Shape, level: Int = 0, keep: (Member) -> Bool = { _ in true }) -> Value {
    if shape.isDocument { return ["document": true, "number": 3] }
    var fields = Fields()
    let members = shape.isUnion ? Array(shape.members.prefix(1)) : shape.members
    for member in members where keep(member) {
      if let value = value(member, level: level + 1) { fields[member.name] = value }
    }
    return .object(fields)
  }

  mutating func value(_ member: Member, level: Int) -> Value? {
    let shape = member.shape
    if member.isEventStream { return events(shape) }
    if member.isJSONValue, member.location == .header { return ["json": "value"] }
    switch shape.kind {
    case .structure:
      guard level <= depth else { return nil }
      let made = structure(shape, level: level)
      // Forms cannot carry a structure without members, and a union must have one.
      return (omitsEmpty || shape.isUnion) && made == .object(Fields()) ? nil : made
    case .list:
      guard level <= depth, let element = shape.element else { return nil }
      let items = (0..<width).compactMap { _ in value(element, level: level + 1) }
      return items.isEmpty ? nil : .list(items)
    case .map:
      guard level <= depth, let element = shape.value else { return nil }
      var fields = Fields()
      for index in 0..<width {
        if let item = value(element, level: level + 1) { fields["key \(index)"] = item }
      }
      if member.location == .headers {
        fields = Fields(fields.map { .init($0.name.replacing(" ", with: "-"), $0.value) })
      }
      return fields.isEmpty ? nil : .object(fields)
    case .string: return .string(text(member))
    case .boolean: return .bool(next(2) == 1)
    case .integer, .long: return .integer(Int64(next(1000)) + 1)
    case .float, .double: return .double(Double(next(1000)) + 0.5)
    case .blob: return .blob((0..<next(20) + 1).map { UInt8(truncatingIfNeeded: $0 * 37 + 200) })
    case .timestamp:
      let time = 1_795_450_247_000 + Int64(next(1_000_000)) * 1000
      let format = member.timestampFormat ?? (member.location == .header ? .rfc822 : .iso8601)
      return .timestamp(Timestamp(milliseconds: time + (format == .rfc822 ? 0 : Int64(next(1000)))))
    }
  }

  /// One event of each type; exceptions end a stream and are left out.
  private mutating func events(_ shape: Shape) -> Value {
    var list: [Value] = []
    for member in shape.members where !member.shape.isException {
      list.append(.object(Fields([.init(member.name, structure(member.shape, level: 2))])))
    }
    return .list(list)
  }

  private mutating func text(_ member: Member) -> String {
    if member.isHostLabel { return "label-1" }
    return switch member.location {
    case .uri: ["a-b_c.d", "ä ö/ü?&=", "x+y%20z", "~tilde"][next(4)]
    case .header, .headers: ["plain", "with, comma", "say \"hi\"", "a=b; c"][next(4)]
    default:
      ["plain", "a & b < c > \"d\" 'e'", "ünïcødé 漢字 🪨", "line\nfeed\ttab", "100% + 1 = x?", ""][next(6)]
    }
  }
}
