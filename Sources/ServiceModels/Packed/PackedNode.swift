/// One value in a packed file, read in place. Whatever is damaged reads as absent.
struct PackedNode: Sendable {
  let file: PackedFile
  let word: UInt32

  private var tag: UInt32 { word & 7 }
  private var payload: UInt32 { word >> 3 }

  var isNull: Bool { word == 0 }
  var bool: Bool? { tag == 0 && payload > 0 ? payload == 2 : nil }
  var string: String? { tag == 2 ? file.string(payload) : nil }
  var isObject: Bool { tag == 5 }
  var isArray: Bool { tag == 4 }

  /// The pool offset of a string: equal offsets are equal strings.
  var stringOffset: UInt32? { tag == 2 ? payload : nil }

  /// A whole number.
  var int: Int? {
    switch tag {
    case 1: Int(Int32(bitPattern: word) >> 3)
    case 3: file.string(payload).flatMap { Int($0) }
    default: nil
    }
  }

  /// Any number, as a double.
  var double: Double? {
    switch tag {
    case 1: int.map(Double.init)
    case 3: file.string(payload).flatMap { Double($0) }
    default: nil
    }
  }

  /// Any number, as it was written.
  var numberText: String? {
    switch tag {
    case 1: int.map(String.init)
    case 3: file.string(payload)
    default: nil
    }
  }

  /// How many elements an array or members an object has; 0 for everything else.
  var count: Int {
    switch tag {
    case 4: bounded(file.word(Int(payload)), from: Int(payload))
    case 5: keysIndex.map { bounded(file.word($0), from: $0) } ?? 0
    default: 0
    }
  }

  /// A count that the section can hold, so that a damaged one costs no time.
  private func bounded(_ count: UInt32?, from index: Int) -> Int {
    guard let count, Int(count) <= file.wordCount - index - 1 else { return 0 }
    return Int(count)
  }

  /// The members of an object that says something of one thing, to be walked through; none for everything else.
  /// Such an object has 20 members at most. More is damage, and as the keys of equal objects stand once, it would be
  /// damage in thousands of places: so it is not walked through to its end.
  var facts: PackedObject { PackedObject(self, limit: 64) }

  /// The members of a structure, likewise: 228 at most in AWS's models.
  var structureMembers: PackedObject { PackedObject(self, limit: 1024) }

  fileprivate var keysIndex: Int? { file.word(Int(payload)).map { Int($0) } }

  /// The element or member value at `position`.
  subscript(position: Int) -> PackedNode? {
    guard position >= 0, position < count, isArray || isObject else { return nil }
    return file.word(Int(payload) + 1 + position).map { PackedNode(file: file, word: $0) }
  }

  /// The pool offset of the key at `position` of an object.
  func keyOffset(_ position: Int) -> UInt32? {
    guard isObject, position >= 0, position < count, let keysIndex else { return nil }
    return file.word(keysIndex + 1 + position)
  }

  /// The key at `position` of an object.
  func key(_ position: Int) -> String? {
    keyOffset(position).flatMap { file.string($0) }
  }

  /// The member called `key` of an object that says something of one thing: searched from the front, see `facts`.
  subscript(key: String) -> PackedNode? {
    guard isObject else { return nil }
    let facts = facts
    for position in 0..<facts.count {
      if let offset = facts.keyOffset(position), file.holds(key, at: offset) { return facts.value(position) }
    }
    return nil
  }

  /// The position of `key` in an object whose keys are sorted.
  func position(ofSorted key: String) -> Int? {
    search { file.compare($0, key) }
  }

  /// The position of the key at `offset` of the pool in an object whose keys are sorted.
  func position(ofSorted offset: UInt32) -> Int? {
    search { $0 == offset ? 0 : $0 < offset ? -1 : 1 }
  }

  private func search(_ order: (UInt32) -> Int32?) -> Int? {
    let members = PackedObject(self, limit: .max)
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      guard let offset = members.keyOffset(middle), let found = order(offset) else { return nil }
      if found == 0 { return middle }
      if found < 0 { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// The pool offsets of the strings of an array.
  var stringOffsets: [UInt32] {
    guard isArray else { return [] }
    return (0..<count).compactMap { self[$0]?.stringOffset }
  }

  /// The strings of an array, damaged ones left out.
  var strings: [String] {
    guard isArray else { return [] }
    return (0..<count).compactMap { self[$0]?.string }
  }
}

/// An object with its place looked up once.
struct PackedObject: Sendable {
  let count: Int
  private let file: PackedFile
  private let keys: Int
  private let values: Int

  fileprivate init(_ node: PackedNode, limit: Int) {
    file = node.file
    count = node.isObject ? min(node.count, limit) : 0
    keys = (node.keysIndex ?? 0) + 1
    values = Int(node.word >> 3) + 1
  }

  func keyOffset(_ position: Int) -> UInt32? { file.word(keys + position) }
  func key(_ position: Int) -> String? { keyOffset(position).flatMap { file.string($0) } }
  func value(_ position: Int) -> PackedNode? {
    file.word(values + position).map { PackedNode(file: file, word: $0) }
  }
}
