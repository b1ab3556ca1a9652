import Glibc

extension Lesson {
  /// Reads the lesson at `path`: a Markdown file, or a folder that holds a `lesson.md`.
  ///
  /// - Throws: `LessonError` if it is no readable text. `diagnostic` says so to the reader.
  package static func load(path: String) throws(LessonError) -> Lesson {
    var file = path
    switch try kind(of: path) {
    case .directory:
      file = path.hasSuffix("/") ? path + "lesson.md" : path + "/lesson.md"
      do throws(LessonError) {
        guard try kind(of: file) == .file else { throw LessonError.directoryWithoutLesson(path: path) }
      } catch {
        if case .missing = error { throw .directoryWithoutLesson(path: path) }
        throw error
      }
    case .file: break
    case .other: throw .notAFile(path: path)
    }
    let bytes = try contents(of: file)
    if bytes.contains(0) { throw .notMarkdown(path: file, what: "NUL bytes") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notUTF8(path: file, offset: firstInvalid(bytes))
    }
    return try parse(text, path: file)
  }

  private enum FileKind { case file, directory, other }

  private static func kind(of path: String) throws(LessonError) -> FileKind {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      // A path through a file (ENOTDIR) is as missing as any; an empty path too.
      if code == ENOENT || code == ENOTDIR { throw .missing(path: path) }
      throw .unreadable(path: path, reason: reason(code))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .directory
    default: return .other
    }
  }

  private static func contents(of path: String) throws(LessonError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: reason(errno)) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path: path, reason: reason(errno)) }
      if count == 0 { return bytes }
      bytes += buffer.prefix(count)
      if bytes.count > LessonError.largestFile {
        var status = stat()
        let size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : bytes.count
        throw .tooLarge(path: path, bytes: max(size, bytes.count))
      }
    }
  }

  /// The offset of the first byte that no UTF-8 text has there.
  private static func firstInvalid(_ bytes: [UInt8]) -> Int {
    var low = 0
    var iterator = bytes.makeIterator()
    var decoder = UTF8()
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): low += UTF8.width(scalar)
      case .emptyInput, .error: return low
      }
    }
  }

  private static func reason(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 256)
    // The XSI form, which fills the buffer.
    guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).lowercased()
  }
}
