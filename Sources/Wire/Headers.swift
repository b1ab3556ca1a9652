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
      let folded = name.lowercased()
      return fields.first { $0.name.lowercased() == folded }?.value
    }
    set {
      let folded = name.lowercased()
      let position = fields.firstIndex { $0.name.lowercased() == folded }
      fields.removeAll { $0.name.lowercased() == folded }
      guard let newValue else { return }
      fields.insert(Field(name, newValue), at: Swift.min(position ?? fields.count, fields.count))
    }
  }

  /// Every value under `name`, in order.
  package func values(_ name: String) -> [String] {
    let folded = name.lowercased()
    return fields.filter { $0.name.lowercased() == folded }.map(\.value)
  }

  /// Adds a field and keeps those of the same name.
  package mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name, value))
  }

  package func makeIterator() -> IndexingIterator<[Field]> {
    fields.makeIterator()
  }
}
