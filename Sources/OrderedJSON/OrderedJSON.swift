// OrderedJSON: JSON values that keep the order of their members and the digits of their numbers.
//
// What AWS services and models send, what `--query` searches, and what the command
// line prints, where the order of keys and the form of every number is seen.
//
// Decisions:
// - The judge is Python's `json` module, because the AWS CLI is written on it: the
//   same texts are accepted (but for NaN and Infinity, which RFC 8259 has not), the
//   same sentences and positions refuse the others, the same bytes are printed.
// - Strings are compared by their bytes, not by Unicode equivalence: a key that
//   somebody wrote composed is another one than the key that is decomposed.
// - A lone surrogate escape (`\ud800`), which no Swift string can hold, is read as U+FFFD.
// - Nesting is bounded (512), so that hostile input cannot exhaust the stack.
// - Imports nothing, and knows nothing of AWS.

/// A JSON value (RFC 8259).
package enum JSON: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

/// Numbers are equal by value, objects regardless of the order of their members, strings by their bytes.
extension JSON: Hashable {
  package static func == (a: JSON, b: JSON) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): sameBytes(a, b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .number(let value): hasher.combine(value)
    case .string(let value): hashBytes(value, into: &hasher)
    case .array(let values): hasher.combine(values)
    case .object(let members): hasher.combine(members)
    }
  }
}

/// Whether both texts are the same bytes; `==` of String takes canonically equivalent ones for equal.
func sameBytes(_ a: String, _ b: String) -> Bool {
  a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8)
}

func hashBytes(_ text: String, into hasher: inout Hasher) {
  var text = text
  text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  hasher.combine(UInt8(0xFF))
}
