extension Builtin {
  @Sendable static func changeDirectory(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    var words = call.arguments[...]
    while let word = words.first, ["-L", "-P", "--", "-e"].contains(word) { words = words.dropFirst() }
    if words.count > 1 {
      shell.complain("cd: too many arguments")
      return 1
    }
    var target = words.first ?? ""
    var shows = false
    if words.isEmpty {
      guard let home = shell.state.variables["HOME"]?.scalar else {
        shell.complain("cd: HOME not set")
        return 1
      }
      target = home
    } else if target == "-" {
      guard let old = shell.state.variables["OLDPWD"]?.scalar else {
        shell.complain("cd: OLDPWD not set")
        return 1
      }
      target = old
      shows = true
    }
    if target.isEmpty { return 0 }
    let path = normalized(shell.absolute(target))
    guard let status = shell.context.files.status(of: path, followingLinks: true) else {
      shell.complain("cd: \(target): No such file or directory")
      return 1
    }
    guard status.kind == .directory else {
      shell.complain("cd: \(target): Not a directory")
      return 1
    }
    guard shell.context.files.isExecutable(path) else {
      shell.complain("cd: \(target): Permission denied")
      return 1
    }
    try shell.set("OLDPWD", shell.state.workingDirectory)
    shell.state.workingDirectory = path
    try shell.set("PWD", path)
    if shows { try shell.write(Array((path + "\n").utf8), for: "cd") }
    return 0
  }

  /// A path with `.`, `..` and double slashes taken out by name, as `cd -L` does.
  static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  @Sendable static func printDirectory(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    try shell.write(Array((shell.state.workingDirectory + "\n").utf8), for: "pwd")
    return 0
  }

  /// `cat` of files and standard input, options left to the real program.
  @Sendable static func concatenate(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let (_, operands) = parse(call.arguments)
    var status: Int32 = 0
    for name in operands.isEmpty ? ["-"] : operands {
      do {
        if shell.context.files.status(of: shell.absolute(name), followingLinks: true)?.kind == .directory {
          throw FileError(errno: 21)
        }
        let known = name == "-" ? 0 : shell.deviceDescriptor(name)
        let source = try known.map { shell.descriptors[$0] } ?? shell.openFile(name, .read)
        guard let source else { throw FileError(errno: 9) }
        try copy(source, shell) { try shell.write($0, for: "cat") }
      } catch let error as FileError {
        shell.say("cat: \(name): \(error.message)\n")
        status = 1
      }
    }
    return status
  }

  private static func copy(_ source: any Descriptor, _ shell: Interpreter, _ take: ([UInt8]) throws -> Void)
    throws
  {
    while true {
      let bytes: [UInt8]
      do {
        bytes = try source.read(upTo: 65_536, shell.context.cancellation)
      } catch {
        switch error {
        case .failed(let reason): throw reason
        case .cancelled: throw Interrupt.cancelled
        case .brokenPipe: return
        }
      }
      if bytes.isEmpty { return }
      try take(bytes)
      try shell.checkCancellation()
    }
  }

  @Sendable static func tee(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let (options, names) = parse(call.arguments)
    var status: Int32 = 0
    var files: [any Descriptor] = []
    for name in names {
      do {
        if let known = shell.deviceDescriptor(name), let descriptor = shell.descriptors[known] {
          files.append(descriptor)
        } else {
          files.append(try shell.openFile(name, options.contains("a") ? .append : .write))
        }
      } catch {
        shell.say("tee: \(name): \(error.message)\n")
        status = 1
      }
    }
    guard let input = shell.descriptors[0] else { return 1 }
    do {
      try copy(input, shell) { bytes in
        for file in files { try? file.write(bytes, shell.context.cancellation) }
        try shell.write(bytes, for: "tee")
      }
    } catch let error as FileError {
      shell.say("tee: \(error.message)\n")
      return 1
    }
    return status
  }

  // MARK: Making and removing

  @Sendable static func remove(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let (options, names) = parse(call.arguments)
    let isForced = options.contains("f")
    if names.isEmpty, !isForced {
      shell.say("rm: missing operand\n")
      return 1
    }
    var status: Int32 = 0
    for name in names {
      let last = name.split(separator: "/").last
      if last == "." || last == ".." || last == nil {
        shell.say("rm: refusing to remove '.' or '..' directory or '/': skipping '\(name)'\n")
        status = 1
        continue
      }
      let recursive = options.contains("r") || options.contains("R")
      do {
        try remove(shell.absolute(trimmed(name)), shell, recursive: recursive)
      } catch let error as FileError {
        if isForced, error.code == 2 || error.code == 20 { continue }
        shell.say("rm: cannot remove '\(name)': \(error.message)\n")
        status = 1
      }
    }
    return status
  }

  private static func trimmed(_ name: String) -> String {
    var name = name
    while name.utf8.count > 1, name.hasSuffix("/") { name.removeLast() }
    return name
  }

  /// Links are removed, never followed.
  private static func remove(_ path: String, _ shell: Interpreter, recursive: Bool, depth: Int = 0) throws {
    try shell.checkCancellation()
    let files = shell.context.files
    guard let status = files.status(of: path, followingLinks: false) else { throw FileError(errno: 2) }
    guard status.kind == .directory else { return try files.removeFile(path) }
    guard recursive else { throw FileError(errno: 21) }
    if depth > 200 { throw FileError(errno: 36) }
    for name in try files.names(in: path) {
      try remove(path + "/" + name, shell, recursive: true, depth: depth + 1)
    }
    try files.removeDirectory(path)
  }

  @Sendable static func makeDirectories(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let (options, names) = parse(call.arguments)
    if names.isEmpty {
      shell.say("mkdir: missing operand\n")
      return 1
    }
    var status: Int32 = 0
    for name in names {
      do {
        let path = shell.absolute(trimmed(name))
        if options.contains("p") {
          try makeParents(path, shell.context.files)
        } else {
          try shell.context.files.makeDirectory(path)
        }
      } catch let error as FileError {
        shell.say("mkdir: cannot create directory '\(name)': \(error.message)\n")
        status = 1
      }
    }
    return status
  }

  private static func makeParents(_ path: String, _ files: any FileAccess) throws {
    var at = ""
    for part in path.split(separator: "/") {
      at += "/" + part
      if let status = files.status(of: at, followingLinks: true) {
        if status.kind != .directory { throw FileError(errno: at == path ? 17 : 20) }
        continue
      }
      try files.makeDirectory(at)
    }
  }

  @Sendable static func touch(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let (_, names) = parse(call.arguments)
    if names.isEmpty {
      shell.say("touch: missing file operand\n")
      return 1
    }
    var status: Int32 = 0
    for name in names {
      do {
        try shell.context.files.touch(shell.absolute(name))
      } catch {
        shell.say("touch: cannot touch '\(name)': \(error.message)\n")
        status = 1
      }
    }
    return status
  }

  // MARK: Names and time

  @Sendable static func baseName(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let (_, words) = parse(call.arguments)
    guard let path = words.first, words.count <= 2 else {
      shell.say("basename: \(words.isEmpty ? "missing operand" : "extra operand '\(words[2])'")\n")
      return 1
    }
    var name = trimmed(path)
    if name != "/" { name = name.split(separator: "/").last.map(String.init) ?? name }
    if words.count == 2, name != words[1], name.hasSuffix(words[1]) {
      name = String(name.dropLast(words[1].count))
    }
    try shell.write(Array((name + "\n").utf8), for: "basename")
    return 0
  }

  @Sendable static func directoryName(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let (_, words) = parse(call.arguments)
    if words.isEmpty {
      shell.say("dirname: missing operand\n")
      return 1
    }
    for word in words {
      let name = trimmed(word)
      let folder: String
      if let slash = name.lastIndex(of: "/") {
        let head = trimmed(String(name[..<slash]))
        folder = head.isEmpty ? "/" : head
      } else {
        folder = "."
      }
      try shell.write(Array((folder + "\n").utf8), for: "dirname")
    }
    return 0
  }

  /// Through the session's seam, so that a tutor may shorten or skip it.
  @Sendable static func sleep(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    var seconds = 0.0
    if call.arguments.isEmpty {
      shell.say("sleep: missing operand\n")
      return 1
    }
    for word in call.arguments {
      let unit = word.last.flatMap { units[$0] }
      guard let number = Double(unit == nil ? word : String(word.dropLast())), number >= 0 else {
        shell.say("sleep: invalid time interval '\(word)'\n")
        return 1
      }
      seconds += min(number * (unit ?? 1), 1e9)
    }
    let wait = shell.context.sleep
    let duration = Duration.seconds(min(seconds, 1e9))
    if Bridge.run(shell.context.cancellation, grace: 0.1, { await wait(duration) }) == nil {
      throw Interrupt.cancelled
    }
    try shell.checkCancellation()
    return 0
  }
}
