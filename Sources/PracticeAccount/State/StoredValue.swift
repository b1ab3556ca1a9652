import ServiceModels
import Wire

/// A modelled value in the state file, with its members in order.
struct StoredValue: Sendable, Codable, Hashable {
  var value: Value

  init(_ value: Value) {
    self.value = value
  }

  private enum Keys: String, CodingKey {
    case double, time, blob, members
  }

  private struct Member: Codable {
    var name: String
    var value: StoredValue
  }

  func encode(to encoder: any Encoder) throws {
    switch value {
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .bool(let flag):
      var container = encoder.singleValueContainer()
      try container.encode(flag)
    case .integer(let number):
      var container = encoder.singleValueContainer()
      try container.encode(number)
    case .string(let text):
      var container = encoder.singleValueContainer()
      try container.encode(text)
    case .list(let items):
      var container = encoder.singleValueContainer()
      try container.encode(items.map { StoredValue($0) })
    case .double(let number):
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(number, forKey: .double)
    case .timestamp(let time):
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(time, forKey: .time)
    case .blob(let bytes):
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(base64Encoded(bytes), forKey: .blob)
    case .object(let fields):
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(
        fields.map { Member(name: $0.name, value: StoredValue($0.value)) }, forKey: .members)
    }
  }

  init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    if single.decodeNil() {
      value = .null
    } else if let text = try? single.decode(String.self) {
      value = .string(text)
    } else if let flag = try? single.decode(Bool.self) {
      value = .bool(flag)
    } else if let number = try? single.decode(Int64.self) {
      value = .integer(number)
    } else if let items = try? single.decode([StoredValue].self) {
      value = .list(items.map(\.value))
    } else {
      let container = try decoder.container(keyedBy: Keys.self)
      if container.contains(.double) {
        value = .double(try container.decode(Double.self, forKey: .double))
      } else if container.contains(.time) {
        value = .timestamp(try container.decode(Timestamp.self, forKey: .time))
      } else if container.contains(.blob) {
        value = .blob(base64Decoded(try container.decode(String.self, forKey: .blob)) ?? [])
      } else {
        let members = try container.decode([Member].self, forKey: .members)
        value = .object(Fields(members.map { Fields.Field($0.name, $0.value.value) }))
      }
    }
  }
}
