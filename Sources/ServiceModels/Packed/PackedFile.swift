import Glibc

/// The bytes of a packed model, mapped from a file or held in memory, with bounds-checked access.
///
/// Layout, all numbers little-endian UInt32:
///
///     header   magic "CRNM", version 1, length, pool offset, pool length, words offset, word count, root word
///     pool     strings in ascending byte order without repetition: LEB128 length, then UTF-8
///     words    arrays and objects, each kept once:
///                array   count, value words
///                keys    count, pool offsets
///                object  index of its keys, value words
///
/// A value word is `payload << 3 | tag`. Tags: 0 literal (null, false, true), 1 whole number
/// (29 bits, signed), 2 string, 3 number as text, 4 array, 5 object. Because the pool is sorted,
/// comparing pool offsets compares strings, so an object with sorted keys is searched by halves.
final class PackedFile: Sendable {
  static let magic: UInt32 = 0x4D4E_5243  // "CRNM"
  static let version: UInt32 = 1
  static let headerLength = 32

  /// What errors call this model: a path or a name.
  let name: String
  private let storage: Storage
  let poolStart: Int
  let poolEnd: Int
  let wordsStart: Int
  let wordCount: Int
  let rootWord: UInt32

  /// Maps the file at `path`.
  convenience init(path: String) throws(ModelError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ModelError(.unreadable, path, String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, let size = Int(exactly: status.st_size) else {
      throw ModelError(.unreadable, path, String(cString: strerror(errno)))
    }
    guard size >= Self.headerLength else {
      throw ModelError(.corrupt, path, "it is only \(size) bytes long", position: .byte(size))
    }
    guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      throw ModelError(.unreadable, path, String(cString: strerror(errno)))
    }
    try self.init(name: path, storage: Storage(mapped: UnsafeRawBufferPointer(start: address, count: size)))
  }

  /// Reads packed bytes that are already in memory.
  convenience init(name: String, bytes: [UInt8]) throws(ModelError) {
    try self.init(name: name, storage: Storage(copying: bytes))
  }

  private init(name: String, storage: Storage) throws(ModelError) {
    self.name = name
    self.storage = storage
    func header(_ index: Int) throws(ModelError) -> Int {
      guard let value = storage.word(at: index * 4) else {
        throw ModelError(
          .corrupt, name, "the header is incomplete", position: .byte(storage.bytes.count))
      }
      return Int(value)
    }
    guard try header(0) == Int(Self.magic) else {
      throw ModelError(.corrupt, name, "it is no packed model", position: .byte(0))
    }
    guard try header(1) == Int(Self.version) else {
      throw ModelError(
        .corrupt, name, "its format is version \(try header(1)), not \(Self.version)", position: .byte(4))
    }
    guard try header(2) == storage.bytes.count else {
      throw ModelError(
        .corrupt, name, "it is \(storage.bytes.count) bytes long where its header says \(try header(2))",
        position: .byte(storage.bytes.count))
    }
    poolStart = try header(3)
    poolEnd = poolStart + (try header(4))
    wordsStart = try header(5)
    wordCount = try header(6)
    rootWord = UInt32(truncatingIfNeeded: try header(7))
    guard poolStart >= Self.headerLength, poolEnd <= storage.bytes.count, wordsStart >= Self.headerLength,
      wordsStart + wordCount * 4 <= storage.bytes.count
    else { throw ModelError(.corrupt, name, "a section lies outside the file", position: .byte(12)) }
  }

  /// The word numbered `index`, nil outside the section.
  func word(_ index: Int) -> UInt32? {
    index >= 0 && index < wordCount ? storage.word(at: wordsStart + index * 4) : nil
  }

  /// The UTF-8 of the string at `offset` of the pool, nil if it does not lie there.
  func utf8(_ offset: UInt32) -> UnsafeRawBufferPointer? {
    var position = poolStart + Int(offset)
    var length = 0
    var shift = 0
    while true {
      guard position < poolEnd, shift <= 21 else { return nil }
      let byte = storage.bytes[position]
      position += 1
      length |= Int(byte & 0x7F) << shift
      if byte < 0x80 { break }
      shift += 7
    }
    guard length <= poolEnd - position else { return nil }
    return UnsafeRawBufferPointer(rebasing: storage.bytes[position..<position + length])
  }

  /// The string at `offset` of the pool.
  func string(_ offset: UInt32) -> String? {
    utf8(offset).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Orders the string at `offset` against `text` by bytes: negative, zero or positive; nil if it is damaged.
  func compare(_ offset: UInt32, _ text: String) -> Int32? {
    guard let stored = utf8(offset) else { return nil }
    var text = text
    return text.withUTF8 { given -> Int32 in
      let shared = min(stored.count, given.count)
      if shared > 0, let a = stored.baseAddress, let b = given.baseAddress {
        let order = memcmp(a, b, shared)
        if order != 0 { return order }
      }
      return stored.count == given.count ? 0 : stored.count < given.count ? -1 : 1
    }
  }

  /// Whether the string at `offset` of the pool is `text`.
  func holds(_ text: String, at offset: UInt32) -> Bool {
    guard let stored = utf8(offset), stored.count == text.utf8.count else { return false }
    var text = text
    return text.withUTF8 { given in
      guard let a = stored.baseAddress, let b = given.baseAddress else { return true }
      return memcmp(a, b, stored.count) == 0
    }
  }

  /// The value that everything else hangs from.
  var root: PackedNode { PackedNode(file: self, word: rootWord) }
}

/// Owns the memory. Immutable once made, and unmapped or freed when the last reader goes: that is why the
/// pointer may cross threads.
private final class Storage: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  init(mapped: UnsafeRawBufferPointer) {
    bytes = mapped
    isMapped = true
  }

  init(copying array: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, array.count), alignment: 8)
    copy.copyBytes(from: array)
    bytes = UnsafeRawBufferPointer(rebasing: copy[0..<array.count])
    isMapped = false
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    } else {
      UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.deallocate()
    }
  }

  func word(at offset: Int) -> UInt32? {
    guard offset >= 0, offset <= bytes.count - 4 else { return nil }
    return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
