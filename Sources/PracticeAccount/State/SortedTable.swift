/// Rows in the order of their keys, for what an account may hold very many of (objects, findings).
///
/// A value: a copy shares every chunk that it does not change, so that taking an account back to what it was
/// costs nothing, and a write copies one chunk of a few hundred rows. Finding a row is a binary search; walking
/// on from a key needs no sorting. It remembers which keys changed since they were last written down.
struct SortedTable<Key: Comparable & Hashable & Codable & Sendable, Row: Codable & Equatable & Sendable> {
  private struct Chunk: Equatable, Sendable {
    var keys: [Key]
    var rows: [Row]
  }

  private var chunks: [Chunk] = []
  private(set) var count = 0
  /// Keys that were set or removed since `forgetChanges`.
  private(set) var changed: Set<Key> = []

  private static var chunkSize: Int { 256 }

  init() {}

  var isEmpty: Bool { count == 0 }

  subscript(key: Key) -> Row? {
    get {
      guard let place = place(of: key), place.isThere else { return nil }
      return chunks[place.chunk].rows[place.index]
    }
    set {
      changed.insert(key)
      guard let place = place(of: key) else {
        guard let newValue else { return }
        chunks = [Chunk(keys: [key], rows: [newValue])]
        count = 1
        return
      }
      switch (place.isThere, newValue) {
      case (true, let row?): chunks[place.chunk].rows[place.index] = row
      case (true, nil): remove(at: place)
      case (false, let row?): insert(key, row, at: place)
      case (false, nil): break
      }
    }
  }

  var keys: some Sequence<Key> { self.lazy.map(\.key) }
  var values: some Sequence<Row> { self.lazy.map(\.row) }

  /// The row with the greatest key.
  var last: (key: Key, row: Row)? {
    guard let chunk = chunks.last, let key = chunk.keys.last, let row = chunk.rows.last else { return nil }
    return (key, row)
  }

  /// Removes the `number` first rows.
  mutating func removeFirst(_ number: Int) {
    for key in Array(keys.prefix(number)) { self[key] = nil }
  }

  /// The rows from `key` on (or from the first key after it).
  func from(_ key: Key) -> Rows { from { $0 < key } }

  /// The rows after those that `isBefore` holds for; it must hold for a beginning of the table and for no more.
  func from(after isBefore: (Key) -> Bool) -> Rows {
    let chunk = chunks.partitioningIndex { !isBefore($0.keys[$0.keys.count - 1]) }
    guard chunk < chunks.count else { return Rows(table: self, chunk: chunk, index: 0) }
    return Rows(table: self, chunk: chunk, index: chunks[chunk].keys.partitioningIndex { !isBefore($0) })
  }

  mutating func forgetChanges() {
    if !changed.isEmpty { changed = [] }
  }

  // MARK: places

  private struct Place {
    var chunk: Int
    var index: Int
    var isThere: Bool
  }

  /// Where a key is, or belongs; nil if there are no chunks.
  private func place(of key: Key) -> Place? {
    guard !chunks.isEmpty else { return nil }
    // The last chunk whose first key is not greater.
    let chunk = Swift.max(0, chunks.partitioningIndex { $0.keys.first.map { key < $0 } ?? false } - 1)
    let keys = chunks[chunk].keys
    let index = keys.partitioningIndex { !($0 < key) }
    return Place(chunk: chunk, index: index, isThere: index < keys.count && keys[index] == key)
  }

  private mutating func insert(_ key: Key, _ row: Row, at place: Place) {
    count += 1
    chunks[place.chunk].keys.insert(key, at: place.index)
    chunks[place.chunk].rows.insert(row, at: place.index)
    let size = chunks[place.chunk].keys.count
    guard size > Self.chunkSize else { return }
    // Keys that come in order fill their chunks; others halve them.
    let cut = place.index == size - 1 ? size - 1 : size / 2
    let chunk = chunks[place.chunk]
    chunks[place.chunk] = Chunk(keys: Array(chunk.keys[..<cut]), rows: Array(chunk.rows[..<cut]))
    chunks.insert(
      Chunk(keys: Array(chunk.keys[cut...]), rows: Array(chunk.rows[cut...])), at: place.chunk + 1)
  }

  private mutating func remove(at place: Place) {
    count -= 1
    chunks[place.chunk].keys.remove(at: place.index)
    chunks[place.chunk].rows.remove(at: place.index)
    if chunks[place.chunk].keys.isEmpty { chunks.remove(at: place.chunk) }
  }
}

extension SortedTable: Sequence {
  /// Rows from some place on, in order.
  struct Rows: Sequence, IteratorProtocol {
    fileprivate let table: SortedTable
    fileprivate var chunk: Int
    fileprivate var index: Int

    mutating func next() -> (key: Key, row: Row)? {
      while chunk < table.chunks.count {
        let current = table.chunks[chunk]
        if index < current.keys.count {
          defer { index += 1 }
          return (current.keys[index], current.rows[index])
        }
        chunk += 1
        index = 0
      }
      return nil
    }
  }

  func makeIterator() -> Rows { Rows(table: self, chunk: 0, index: 0) }
}

extension SortedTable: Sendable, Equatable {
  /// The same rows; what changed since when is no part of it.
  static func == (a: SortedTable, b: SortedTable) -> Bool {
    guard a.count == b.count else { return false }
    return a.chunks == b.chunks || zip(a, b).allSatisfy { $0.key == $1.key && $0.row == $1.row }
  }
}

extension SortedTable: Codable {
  /// Key, row, key, row, ...
  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for (key, row) in self {
      try container.encode(key)
      try container.encode(row)
    }
  }

  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    while !container.isAtEnd {
      let key = try container.decode(Key.self)
      self[key] = try container.decode(Row.self)
    }
    changed = []
  }
}

extension Array {
  /// The first index whose element `belongsLater` holds for, if it holds for all after it too; the count if for none.
  fileprivate func partitioningIndex(_ belongsLater: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if belongsLater(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
