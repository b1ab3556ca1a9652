/// Header fields in the order they were added; names compare without case (RFC 9110, section 5.1).
package struct Headers: Hashable, Sendable, Sequence, ExpressibleByDictionaryLiteral {
  package struct Field: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package private(set) var fields: [Field]

  package init(_ fields: [Field] = []) {
    self.fields = fields
  }

  package init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field($0.0, $0.1) }
  }

  /// The first value under `name`; setting replaces every field of that name, setting nil removes them.
  package subscript(name: String) -> String? {
    get {
      fields.first { isSameName($0.name, name) }?.value
    }
    set {
      let position = fields.firstIndex { isSameName($0.name, name) }
      if position != nil { fields.removeAll { isSameName($0.name, name) } }
      guard let newValue else { return }
      fields.insert(Field(name, newValue), at: Swift.min(position ?? fields.count, fields.count))
    }
  }

  /// Every value under `name`, in order.
  package func values(_ name: String) -> [String] {
    fields.filter { isSameName($0.name, name) }.map(\.value)
  }

  /// Adds a field and keeps those of the same name.
  package mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name, value))
  }

  package func makeIterator() -> IndexingIterator<[Field]> {
    fields.makeIterator()
  }
}

/// Whether two names differ in the case of ASCII letters at most; field names have no others.
private func isSameName(_ a: String, _ b: String) -> Bool {
  let (left, right) = (a.utf8, b.utf8)
  guard left.count == right.count else { return false }
  return zip(left, right).allSatisfy { $0 == $1 || folded($0) == folded($1) }
}

private func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
