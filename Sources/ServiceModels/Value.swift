import Wire

/// A value of a modelled shape: what goes into an operation and what comes out of it.
///
/// Structures, unions, maps and documents are all `.object`; the shape tells them apart. Absent members
/// are absent, never `.null`; `.null` occurs only where a service sent one on purpose (documents, sparse
/// lists).
package indirect enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case double(Double)
  case string(String)
  case blob([UInt8])
  case timestamp(Timestamp)
  case list([Value])
  case object(Fields)
}

/// Members by name, in the order they were added. Look-up is linear: shapes are small.
package struct Fields: Hashable, Sendable, Sequence, ExpressibleByDictionaryLiteral {
  package struct Field: Hashable, Sendable {
    package var name: String
    package var value: Value

    package init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  package private(set) var fields: [Field]

  package init(_ fields: [Field] = []) {
    self.fields = fields
  }

  package init(dictionaryLiteral elements: (String, Value)...) {
    fields = elements.map { Field($0.0, $0.1) }
  }

  package var isEmpty: Bool { fields.isEmpty }
  package var count: Int { fields.count }
  package var names: [String] { fields.map(\.name) }

  /// The member called `name`; setting nil removes it.
  package subscript(name: String) -> Value? {
    get { fields.first { $0.name == name }?.value }
    set {
      let position = fields.firstIndex { $0.name == name }
      switch (position, newValue) {
      case (let i?, let value?): fields[i].value = value
      case (let i?, nil): fields.remove(at: i)
      case (nil, let value?): fields.append(Field(name, value))
      case (nil, nil): break
      }
    }
  }

  package func makeIterator() -> IndexingIterator<[Field]> {
    fields.makeIterator()
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .double(value) }
  package init(arrayLiteral elements: Value...) { self = .list(elements) }
  package init(dictionaryLiteral elements: (String, Value)...) {
    self = .object(Fields(elements.map { Fields.Field($0.0, $0.1) }))
  }
}

extension Value {
  /// The member called `name`, nil if this is no object or has none.
  package subscript(name: String) -> Value? {
    if case .object(let fields) = self { fields[name] } else { nil }
  }

  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var list: [Value]? { if case .list(let value) = self { value } else { nil } }
  package var object: Fields? { if case .object(let value) = self { value } else { nil } }
  package var blob: [UInt8]? { if case .blob(let value) = self { value } else { nil } }
  package var timestamp: Timestamp? { if case .timestamp(let value) = self { value } else { nil } }

  /// A whole number; a double without a fraction counts as one.
  package var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .double(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// A number, whole or not.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }
}
