/// Why a file is no lesson at all. (What is wrong within a lesson is a `Diagnostic` of it.)
package enum LessonError: Error, Hashable, Sendable {
  case missing(path: String)
  /// A directory without a `lesson.md`.
  case directoryWithoutLesson(path: String)
  /// Neither a regular file nor a directory.
  case notAFile(path: String)
  /// `reason` is the system's word for it.
  case unreadable(path: String, reason: String)
  case tooLarge(path: String, bytes: Int)
  case empty(path: String)
  /// Text in another encoding, or no text: `offset` is the first byte that is not UTF-8.
  case notUTF8(path: String, offset: Int)
  /// Bytes no Markdown file has; `what` names them.
  case notMarkdown(path: String, what: String)
}

extension LessonError {
  /// The largest file that is read as a lesson, in bytes.
  package static let largestFile = 8 * 1024 * 1024

  package var path: String {
    switch self {
    case .missing(let path), .directoryWithoutLesson(let path), .notAFile(let path), .unreadable(let path, _),
      .tooLarge(let path, _), .empty(let path), .notUTF8(let path, _), .notMarkdown(let path, _):
      path
    }
  }

  package var diagnostic: Diagnostic {
    switch self {
    case .missing(let path):
      Diagnostic(
        .error, "There is no file \(path).", source: path,
        hint: "Give the path of a Markdown lab, or of a folder that holds a lesson.md.")
    case .directoryWithoutLesson(let path):
      Diagnostic(
        .error, "The folder \(path) holds no lesson.md.", source: path,
        hint: "Give the path of the Markdown file itself.")
    case .notAFile(let path):
      Diagnostic(
        .error, "\(path) is neither a file nor a folder.", source: path,
        hint: "Give the path of a Markdown lab.")
    case .unreadable(let path, let reason):
      Diagnostic(
        .error, "Cairn cannot read \(path): \(reason).", source: path,
        hint: "Check the permissions of the file and of the folders above it.")
    case .tooLarge(let path, let bytes):
      Diagnostic(
        .error, "\(path) is too large for a lesson: \(bytes) bytes.", source: path,
        hint: "A lesson may have \(Self.largestFile) bytes. Is this the right file?")
    case .empty(let path):
      Diagnostic(.error, "\(path) is empty.", source: path, hint: "Give the path of a Markdown lab.")
    case .notUTF8(let path, let offset):
      Diagnostic(
        .error, "\(path) is not UTF-8 text: its byte \(offset) does not belong there.", source: path,
        hint: "Save the file as UTF-8 and open it again.")
    case .notMarkdown(let path, let what):
      Diagnostic(
        .error, "\(path) is not Markdown: it holds \(what).", source: path,
        hint: "Give the path of a Markdown lab.")
    }
  }
}
