import OrderedJSON

/// `Codable` to JSON and back, for the state file alone. (Foundation's coders stay above layer 5.)
enum StateCoding {
  static func encode(_ value: some Encodable) throws -> JSON {
    let slot = EncodedSlot()
    try value.encode(to: SlotEncoder(slot: slot, codingPath: []))
    return slot.json
  }

  static func decode<T: Decodable>(_ type: T.Type, from json: JSON) throws -> T {
    try T(from: StateDecoder(json: json, codingPath: []))
  }
}

/// A place in the tree that is being encoded; containers hand out places and fill them later.
private final class EncodedSlot {
  enum Content {
    case empty
    case value(JSON)
    case members([(key: String, slot: EncodedSlot)])
    case items([EncodedSlot])
  }

  var content = Content.empty

  var json: JSON {
    switch content {
    case .empty: .object(JSONObject())
    case .value(let json): json
    case .items(let items): .array(items.map(\.json))
    case .members(let members):
      .object(JSONObject(members.map { ($0.key, $0.slot.json) }))
    }
  }

  func member(_ key: String) -> EncodedSlot {
    let slot = EncodedSlot()
    if case .members(var members) = content {
      // Give up our reference first, so that appending does not copy.
      content = .empty
      members.append((key, slot))
      content = .members(members)
    } else {
      content = .members([(key, slot)])
    }
    return slot
  }

  func item() -> EncodedSlot {
    let slot = EncodedSlot()
    if case .items(var items) = content {
      content = .empty
      items.append(slot)
      content = .items(items)
    } else {
      content = .items([slot])
    }
    return slot
  }

  var count: Int { if case .items(let items) = content { items.count } else { 0 } }
}

private struct SlotEncoder: Encoder, SingleValueEncodingContainer {
  let slot: EncodedSlot
  var codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    slot.content = .members([])
    return KeyedEncodingContainer(KeyedSlots<Key>(slot: slot, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    slot.content = .items([])
    return UnkeyedSlots(slot: slot, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  mutating func encodeNil() { slot.content = .value(.null) }
  mutating func encode<T: Encodable>(_ value: T) throws { try put(value, slot, codingPath) }
}

/// Whole numbers beyond 64 signed bits are kept as text.
private func put(_ value: some Encodable, _ slot: EncodedSlot, _ path: [any CodingKey]) throws {
  switch value {
  case let value as String: slot.content = .value(.string(value))
  case let value as Bool: slot.content = .value(.bool(value))
  case let value as Double: slot.content = .value(.number(JSONNumber(value)))
  case let value as UInt64: slot.content = .value(.string(String(value)))
  case let value as UInt: slot.content = .value(.string(String(value)))
  case let value as any FixedWidthInteger: slot.content = .value(.number(JSONNumber(Int64(clamping: value))))
  case let value as Float: slot.content = .value(.number(JSONNumber(Double(value))))
  default: try value.encode(to: SlotEncoder(slot: slot, codingPath: path))
  }
}

private struct KeyedSlots<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let slot: EncodedSlot
  var codingPath: [any CodingKey]

  mutating func encodeNil(forKey key: Key) { slot.member(key.stringValue).content = .value(.null) }

  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    try put(value, slot.member(key.stringValue), codingPath + [key])
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    SlotEncoder(slot: slot.member(key.stringValue), codingPath: codingPath + [key]).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    SlotEncoder(slot: slot.member(key.stringValue), codingPath: codingPath + [key]).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    SlotEncoder(slot: slot.member("super"), codingPath: codingPath)
  }
  mutating func superEncoder(forKey key: Key) -> any Encoder {
    SlotEncoder(slot: slot.member(key.stringValue), codingPath: codingPath + [key])
  }
}

private struct UnkeyedSlots: UnkeyedEncodingContainer {
  let slot: EncodedSlot
  var codingPath: [any CodingKey]
  var count: Int { slot.count }

  mutating func encodeNil() { slot.item().content = .value(.null) }
  mutating func encode<T: Encodable>(_ value: T) throws { try put(value, slot.item(), codingPath) }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<
    Nested
  > {
    SlotEncoder(slot: slot.item(), codingPath: codingPath).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    SlotEncoder(slot: slot.item(), codingPath: codingPath).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder { SlotEncoder(slot: slot.item(), codingPath: codingPath) }
}
