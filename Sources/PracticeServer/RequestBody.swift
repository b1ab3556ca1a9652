import Glibc
import NIOCore
import PracticeAccount
import Wire

/// A request's body as it comes in: in memory as long as it is small, then in a file of the account's folder, so that
/// an object of gigabytes costs no more memory than one of kilobytes.
struct RequestBody: ~Copyable {
  /// Where long bodies go; nil: there is no folder.
  private let folder: String?
  private var bytes: [UInt8] = []
  private var path: String?
  private var file: Int32 = -1
  private var length: UInt64 = 0

  init(folder: String?) {
    self.folder = folder
  }

  deinit {
    if file >= 0 { close(file) }
    // Gone already where the account took the file in.
    if let path { unlink(path) }
  }

  /// The longest body there may be.
  static func limit(folder: String?) -> Int { folder == nil ? HTTPLimits.bodyWithoutFolder : HTTPLimits.body }

  /// - Returns: false if the body has become too long.
  mutating func append(_ buffer: ByteBuffer) throws(StoreError) -> Bool {
    length += UInt64(buffer.readableBytes)
    guard length <= UInt64(Self.limit(folder: folder)) else { return false }
    if path == nil, let folder, length > UInt64(HTTPLimits.memory) { try spill(into: folder) }
    guard let path else {
      bytes += buffer.readableBytesView
      return true
    }
    if let failure = buffer.withUnsafeReadableBytes({ PlainFile.write($0, to: file, path) }) { throw failure }
    return true
  }

  /// What came, for the account. A file lives as long as this value.
  var body: Body { path.map { .file(path: $0, offset: 0, length: length) } ?? .bytes(bytes) }

  /// From here on into a file. Its name is one that is swept away when the account is next opened.
  private mutating func spill(into folder: String) throws(StoreError) {
    var template = Array("\(folder)/.body-XXXXXX.new".utf8CString)
    file = mkstemps(&template, 4)
    guard file >= 0 else {
      throw PlainFile.failure("cannot make a file in \(folder)")
    }
    let new = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    path = new
    try PlainFile.write(bytes, to: file, new)
    bytes = []
  }
}
