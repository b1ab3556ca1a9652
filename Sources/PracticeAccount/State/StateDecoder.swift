import OrderedJSON

/// The reading half of `StateCoding`.
struct StateDecoder: Decoder, SingleValueDecodingContainer {
  let json: JSON
  var codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let object = json.object else { throw wrong("an object") }
    var members: [String: JSON] = [:]
    for (key, value) in object { members[key] = value }
    return KeyedDecodingContainer(KeyedMembers<Key>(members: members, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let items = json.array else { throw wrong("a list") }
    return UnkeyedItems(items: items, codingPath: codingPath)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { json == .null }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try value(type) }

  func value<T: Decodable>(_ type: T.Type) throws -> T {
    let found: Any? =
      switch type {
      case is String.Type: json.string
      case is Bool.Type: json.bool
      case is Double.Type: json.double
      case is UInt64.Type: json.string.flatMap { UInt64($0) }
      case is Int.Type: json.int
      case is Int64.Type: json.number?.int
      case is UInt8.Type: json.int.flatMap { UInt8(exactly: $0) }
      case is UInt16.Type: json.int.flatMap { UInt16(exactly: $0) }
      case is UInt32.Type: json.int.flatMap { UInt32(exactly: $0) }
      default: try T(from: self)
      }
    guard let value = found as? T else { throw wrong("\(type)") }
    return value
  }

  private func wrong(_ what: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: codingPath, debugDescription: "expected \(what)"))
  }
}

private struct KeyedMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let members: [String: JSON]
  var codingPath: [any CodingKey]
  var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
  func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).json == .null }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try decoder(key).value(type) }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try decoder(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    StateDecoder(json: members["super"] ?? .null, codingPath: codingPath)
  }
  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

  private func decoder(_ key: Key) throws -> StateDecoder {
    guard let json = members[key.stringValue] else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "no \(key.stringValue)"))
    }
    return StateDecoder(json: json, codingPath: codingPath + [key])
  }
}

private struct UnkeyedItems: UnkeyedDecodingContainer {
  let items: [JSON]
  var codingPath: [any CodingKey]
  var currentIndex = 0

  var count: Int? { items.count }
  var isAtEnd: Bool { currentIndex >= items.count }

  mutating func decodeNil() throws -> Bool {
    guard currentIndex < items.count, items[currentIndex] == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().value(type) }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws
    -> KeyedDecodingContainer<Nested>
  {
    try next().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder { try next() }

  private mutating func next() throws -> StateDecoder {
    guard currentIndex < items.count else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "the list ends early"))
    }
    defer { currentIndex += 1 }
    return StateDecoder(json: items[currentIndex], codingPath: codingPath)
  }
}
