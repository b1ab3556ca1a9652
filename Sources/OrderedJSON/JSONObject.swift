/// The members of a JSON object, in order. Equality ignores the order (RFC 8259, section 4).
package struct JSONObject: Sendable, Sequence, ExpressibleByDictionaryLiteral {
  package private(set) var keys: [String] = []
  package private(set) var values: [JSON] = []
  /// Where each key is; only kept for big objects, where looking through all of them is slow.
  private var positions: [ExactKey: Int]?

  private static let smallest = 12

  package init() {}

  /// The members in this order; of two with one key the last wins, in the place of the first.
  package init(_ members: some Sequence<(String, JSON)>) {
    for (key, value) in members { self[key] = value }
  }

  package init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(elements)
  }

  package var count: Int { keys.count }
  package var isEmpty: Bool { keys.isEmpty }

  /// The member of that key. Setting one that is there replaces it in its place, a new one comes last;
  /// setting nil removes it.
  package subscript(key: String) -> JSON? {
    get { position(of: key).map { values[$0] } }
    set {
      switch (position(of: key), newValue) {
      case (let position?, let value?):
        values[position] = value
      case (nil, let value?):
        keys.append(key)
        values.append(value)
        if positions != nil {
          positions?[ExactKey(text: key)] = keys.count - 1
        } else if keys.count > Self.smallest {
          index()
        }
      case (let position?, nil):
        keys.remove(at: position)
        values.remove(at: position)
        if positions != nil { index() }
      case (nil, nil):
        break
      }
    }
  }

  /// Whether there is a member of that key (its value may be null).
  package func contains(_ key: String) -> Bool { position(of: key) != nil }

  /// The same keys with other values.
  package func mapValues<E: Error>(_ transform: (JSON) throws(E) -> JSON) throws(E) -> JSONObject {
    var copy = self
    for i in copy.values.indices { copy.values[i] = try transform(copy.values[i]) }
    return copy
  }

  package struct Iterator: IteratorProtocol {
    fileprivate let object: JSONObject
    fileprivate var position = 0

    package mutating func next() -> (key: String, value: JSON)? {
      guard position < object.keys.count else { return nil }
      defer { position += 1 }
      return (object.keys[position], object.values[position])
    }
  }

  package func makeIterator() -> Iterator { Iterator(object: self) }

  package var underestimatedCount: Int { keys.count }

  private func position(of key: String) -> Int? {
    if let positions { return positions[ExactKey(text: key)] }
    return keys.firstIndex { sameBytes($0, key) }
  }

  private mutating func index() {
    var positions: [ExactKey: Int] = [:]
    for (position, key) in keys.enumerated() { positions[ExactKey(text: key)] = position }
    self.positions = positions
  }

  /// A key that is equal to another one only by the same bytes.
  private struct ExactKey: Hashable {
    let text: String

    static func == (a: ExactKey, b: ExactKey) -> Bool { sameBytes(a.text, b.text) }
    func hash(into hasher: inout Hasher) { hashBytes(text, into: &hasher) }
  }
}

extension JSONObject: Hashable {
  package static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.count == b.count && a.allSatisfy { b[$0.key] == $0.value }
  }

  package func hash(into hasher: inout Hasher) {
    // The order must not matter, so the hashes of the members are added up.
    var sum = 0
    for (key, value) in self {
      var member = Hasher()
      hashBytes(key, into: &member)
      member.combine(value)
      sum &+= member.finalize()
    }
    hasher.combine(count)
    hasher.combine(sum)
  }
}
