import Glibc
import PracticeAccount

/// Whole files and pieces of them.
enum PlainFile {
  static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(StoreError) {
    if let failure = bytes.withUnsafeBytes({ write($0, to: file, path) }) { throw failure }
  }

  /// - Returns: what went wrong, for closures that throw nothing of their own.
  static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, _ path: String) -> StoreError? {
    var written = 0
    while written < bytes.count {
      let count = Glibc.write(file, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return failure("cannot write \(path)") }
      written += count
    }
    return nil
  }

  /// Fills `bytes` from its start as far as the file goes.
  ///
  /// - Returns: how many there were.
  static func fill(_ bytes: inout [UInt8], upTo limit: Int, from file: Int32, _ path: String)
    throws(StoreError)
    -> Int
  {
    var filled = 0
    while filled < limit {
      let count = bytes.withUnsafeMutableBytes { all in
        Glibc.read(file, all.baseAddress.map { $0 + filled }, limit - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("cannot read \(path)") }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// The names in a folder but for those that begin with a dot, sorted.
  static func names(in folder: String) -> [String] {
    entries(of: folder).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// All names in a folder, in no order; none if it cannot be read.
  static func entries(of path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  static func sync(folder: String) throws(StoreError) {
    let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard parent >= 0 else { throw failure("cannot open \(folder)") }
    defer { close(parent) }
    guard fsync(parent) == 0 else { throw failure("cannot sync \(folder)") }
  }

  static func failure(_ what: String) -> StoreError {
    StoreError("\(what): \(String(cString: strerror(errno)))")
  }
}
