import Glibc
import NIOCore
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
  mutating func append(_ buffer: ByteBuffer) throws(ServerError) -> Bool {
    length += UInt64(buffer.readableBytes)
    guard length <= UInt64(Self.limit(folder: folder)) else { return false }
    if path == nil, let folder, length > UInt64(HTTPLimits.memory) { try spill(into: folder) }
    guard path != nil else {
      bytes += buffer.readableBytesView
      return true
    }
    var failure: ServerError?
    buffer.withUnsafeReadableBytes { failure = Self.write($0, to: file) }
    if let failure { throw failure }
    return true
  }

  /// What came, for the account. A file lives as long as this value.
  var body: Body { path.map { .file(path: $0, offset: 0, length: length) } ?? .bytes(bytes) }

  /// From here on into a file. Its name is one that is swept away when the account is next opened.
  private mutating func spill(into folder: String) throws(ServerError) {
    var template = Array("\(folder)/.body-XXXXXX.new".utf8CString)
    file = mkstemps(&template, 4)
    guard file >= 0 else {
      throw ServerError("cannot make a file in \(folder): \(String(cString: strerror(errno)))")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let failure = bytes.withUnsafeBytes { Self.write($0, to: file) }
    bytes = []
    if let failure { throw failure }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> ServerError? {
    var written = 0
    while written < bytes.count {
      let count = Glibc.write(file, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        return ServerError("cannot keep a request's body: \(String(cString: strerror(errno)))")
      }
      written += count
    }
    return nil
  }
}
