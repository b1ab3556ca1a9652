import ShellSyntax

extension Interpreter {
  /// A redirection failed and has been reported.
  private struct RedirectionFailure: Error {}

  /// Runs `body` with descriptors redirected, and puts them back. Where one fails the body is not run: status 1.
  func withRedirections(_ list: [Redirection], persist: Bool = false, _ body: () throws -> Void) throws {
    if list.isEmpty { return try body() }
    let saved = descriptors
    do {
      for redirection in list { try apply(redirection) }
    } catch is RedirectionFailure {
      descriptors = saved
      state.lastStatus = 1
      return
    } catch {
      descriptors = saved
      throw error
    }
    defer { if !persist { descriptors = saved } }
    try body()
  }

  private func apply(_ redirection: Redirection) throws {
    switch redirection.kind {
    case .input: try open(redirection, 0, .read)
    case .output:
      try open(redirection, 1, state.options.contains(.noclobber) ? .writeNew : .write)
    case .clobber: try open(redirection, 1, .write)
    case .append: try open(redirection, 1, .append)
    case .readWrite: try open(redirection, 0, .readWrite)
    case .outputAndError:
      try open(redirection, 1, .write)
      descriptors[2] = descriptors[1]
    case .appendOutputAndError:
      try open(redirection, 1, .append)
      descriptors[2] = descriptors[1]
    case .duplicateInput: try duplicate(redirection, 0)
    case .duplicateOutput: try duplicate(redirection, 1)
    case .hereDocument, .hereDocumentTabs:
      let text = try expandToString(redirection.document?.body ?? [], isQuoted: true)
      descriptors[redirection.descriptor ?? 0] = InputBuffer(Array(text.utf8))
    case .hereString:
      let text = try expandToString(redirection.target)
      descriptors[redirection.descriptor ?? 0] = InputBuffer(Array((text + "\n").utf8))
    }
  }

  private func open(_ redirection: Redirection, _ standard: Int, _ mode: OpenMode) throws {
    let names = try expand(redirection.target)
    guard names.count == 1, let name = names.first else {
      complain("\(Printer.source(of: redirection.target)): ambiguous redirect")
      throw RedirectionFailure()
    }
    let number = redirection.descriptor ?? standard
    if let known = deviceDescriptor(name) {
      guard let descriptor = descriptors[known] else {
        complain("\(name): No such file or directory")
        throw RedirectionFailure()
      }
      descriptors[number] = descriptor
      return
    }
    do {
      if name.isEmpty { throw FileError(code: 2, message: "No such file or directory") }
      descriptors[number] = try openFile(name, mode)
    } catch let error as FileError {
      let reason = mode == .writeNew && error.code == 17 ? "cannot overwrite existing file" : error.message
      complain("\(name): \(reason)")
      throw RedirectionFailure()
    }
  }

  /// Opens a file named from the session's directory.
  func openFile(_ name: String, _ mode: OpenMode) throws(FileError) -> any Descriptor {
    let path = absolute(name)
    let kind = context.files.status(of: path, followingLinks: true)?.kind
    let actual: OpenMode = mode == .writeNew && kind == .character ? .write : mode
    let file = try context.files.open(path, actual)
    let isPipe = kind == .pipe || kind == .socket || (kind == .character && name != "/dev/null")
    return FileDescriptor(file, isPipe: isPipe, isInput: mode == .read)
  }

  /// `/dev/stdout` and its kin name descriptors of the shell, not of the process it lives in.
  func deviceDescriptor(_ name: String) -> Int? {
    switch name {
    case "/dev/stdin": 0
    case "/dev/stdout": 1
    case "/dev/stderr", "/dev/tty": 2
    default: name.hasPrefix("/dev/fd/") ? Int(name.dropFirst(8)) : nil
    }
  }

  private func duplicate(_ redirection: Redirection, _ standard: Int) throws {
    let target = try expandToString(redirection.target)
    let number = redirection.descriptor ?? standard
    if target == "-" {
      descriptors[number] = nil
      return
    }
    let isMove = target.hasSuffix("-")
    guard let source = Int(isMove ? String(target.dropLast()) : target) else {
      // `>& file` is `&> file`.
      if redirection.kind == .duplicateOutput, redirection.descriptor == nil {
        try open(redirection, 1, .write)
        descriptors[2] = descriptors[1]
        return
      }
      complain("\(target): ambiguous redirect")
      throw RedirectionFailure()
    }
    guard let descriptor = descriptors[source] else {
      complain("\(source): Bad file descriptor")
      throw RedirectionFailure()
    }
    descriptors[number] = descriptor
    if isMove { descriptors[source] = nil }
  }

  /// A path as seen from the session's directory, with `.` and `..` taken out by name.
  func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return state.workingDirectory == "/" ? "/" + path : state.workingDirectory + "/" + path
  }
}
