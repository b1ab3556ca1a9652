import ServiceModels
import Wire

/// A page of a list and where the next one begins.
struct Page<Item> {
  var items: [Item]
  var next: String?

  /// - Returns: nil if the token is none of ours.
  init?(_ all: [Item], limit: Int64?, token: String?, most: Int) {
    var start = 0
    if let token, !token.isEmpty {
      guard let bytes = base64Decoded(token), let offset = Int(String(decoding: bytes, as: UTF8.self)),
        (0...all.count).contains(offset)
      else { return nil }
      start = offset
    }
    let size = Swift.max(1, Swift.min(most, limit.flatMap { Int(exactly: $0) } ?? most))
    let end = Swift.min(all.count, start + size)
    items = Array(all[start..<end])
    next = end < all.count ? base64Encoded(Array(String(end).utf8)) : nil
  }
}

extension Value {
  /// The list under `name`, empty if there is none.
  func items(_ name: String) -> [Value] { self[name]?.list ?? [] }

  /// The texts of the list under `name`.
  func texts(_ name: String) -> [String] { items(name).compactMap(\.string) }

  /// The text under `name`, empty if there is none (required members have been checked before).
  func text(_ name: String) -> String { self[name]?.string ?? "" }
}

extension Fields {
  /// Adds a member if there is a value.
  mutating func add(_ name: String, _ value: Value?) {
    if let value { self[name] = value }
  }
}
