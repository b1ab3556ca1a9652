import Glibc
import ShellSyntax

extension Interpreter {
  /// Finds and runs a program, if the policy lets it.
  func runProgram(_ argv: [String]) throws -> Int32 {
    guard let name = argv.first else { return 0 }
    guard !name.isEmpty else {
      complain("'': command not found")
      return 127
    }
    let policy = context.processes
    guard
      let verdict = Bridge.run(
        context.cancellation, grace: 0.05, { await policy.verdict(for: name, argv: argv) })
    else { throw Interrupt.cancelled }
    if case .refuse(let reason) = verdict {
      complain("\(name) is not started here: \(reason)")
      return 126
    }
    guard let path = locate(name) else { return notFound(name) }
    if case .ask(let reason) = verdict {
      let answer = Bridge.run(context.cancellation, grace: 0.05) {
        await policy.approves(name, argv: argv, reason: reason)
      }
      guard let answer else { throw Interrupt.cancelled }
      if !answer {
        complain("\(name) is not started: \(reason)")
        return 126
      }
    }
    return try spawn(path, argv)
  }

  /// The program a name stands for: by `PATH`, or by its own slashes.
  func locate(_ name: String) -> String? {
    if name.contains("/") { return absolute(name) }
    let path = state.variables["PATH"]?.scalar ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in path.split(separator: ":", omittingEmptySubsequences: false) {
      let place = absolute(folder.isEmpty ? "." : String(folder)) + "/" + name
      if access(place, X_OK) == 0, LiveFileAccess().status(of: place, followingLinks: true)?.kind == .regular
      {
        return place
      }
    }
    return nil
  }

  /// Status 127, and what probably went wrong.
  private func notFound(_ name: String) -> Int32 {
    complain("\(name): command not found")
    let hint: String? =
      if name.hasPrefix("--") || (name.hasPrefix("-") && name.count == 2) {
        "`\(name)` is an option, so this line goes on from the one before it: "
          + "end that line with `\\` and nothing after it, not even a blank."
      } else if name.unicodeScalars.contains(where: { $0.value == 0x2013 || $0.value == 0x2014 }) {
        "It holds a long dash (–). Options begin with two hyphens: `--`."
      } else if name.unicodeScalars.contains(where: { (0x2018...0x201F).contains($0.value) }) {
        "It holds curly quotes. The shell knows only ' and \"."
      } else if name == "$" || name == "#" || name == "%" {
        "`\(name)` is a prompt copied along with the command; leave it out."
      } else if name == "^" {
        "`^` continues a line on Windows; here a line goes on with `\\` at its end."
      } else if name == "..." || name == "…" {
        "The dots stand for something left out; put your own command in their place."
      } else {
        nil
      }
    if let hint { say("  \(hint)\n") }
    return 127
  }

  /// Starts a program in a process group of its own with this shell's descriptors, and waits for it.
  private func spawn(_ path: String, _ argv: [String]) throws -> Int32 {
    try checkCancellation()
    var plumbing = Plumbing(context.cancellation)
    defer { plumbing.closeChildEnds() }
    for (number, descriptor) in descriptors.sorted(by: { $0.key < $1.key }) where number < 64 {
      guard plumbing.connect(descriptor, to: CInt(number)) else {
        complain("\(argv[0]): \(FileError.last.message)")
        return 126
      }
    }
    let environment = context.processes.environment(exported, for: argv[0])
    let child = Child.spawn(
      path, argv, environment: environment, directory: state.workingDirectory, plumbing.assignments)
    plumbing.closeChildEnds()
    switch child {
    case .failure(let error):
      plumbing.finish()
      return cannotStart(path, argv[0], error)
    case .success(let child):
      plumbing.startPumps()
      let status = child.wait(context.cancellation)
      plumbing.finish()
      try checkCancellation()
      return status
    }
  }

  private func cannotStart(_ path: String, _ name: String, _ error: FileError) -> Int32 {
    let kind = LiveFileAccess().status(of: path, followingLinks: true)?.kind
    if kind == .directory {
      complain("\(name): Is a directory")
      return 126
    }
    if error.code == ENOEXEC {
      complain("\(name): it is no program; a script begins with a line such as #!/bin/bash")
      return 126
    }
    complain("\(name): \(error.message)")
    return error.code == ENOENT ? 127 : 126
  }
}

/// The pipes between a child and those of the shell's descriptors that are not real ones.
private struct Plumbing {
  /// (descriptor in the child, descriptor here)
  var assignments: [(child: CInt, here: CInt)] = []
  private let cancellation: Cancellation
  private var childEnds: [CInt] = []
  private var carriers: [(end: CInt, descriptor: any Descriptor)] = []
  private var known: [ObjectIdentifier: CInt] = [:]
  private let running = Monitor(0)

  init(_ cancellation: Cancellation) { self.cancellation = cancellation }

  mutating func connect(_ descriptor: any Descriptor, to child: CInt) -> Bool {
    if let number = descriptor.number() ?? known[ObjectIdentifier(descriptor)] {
      assignments.append((child, number))
      return true
    }
    guard let ends = GNU.pipe() else { return false }
    let (theirs, ours) = descriptor.isInput ? (ends.read, ends.write) : (ends.write, ends.read)
    childEnds.append(theirs)
    carriers.append((ours, descriptor))
    known[ObjectIdentifier(descriptor)] = theirs
    assignments.append((child, theirs))
    return true
  }

  mutating func closeChildEnds() {
    for end in childEnds { close(end) }
    childEnds = []
  }

  /// Carries bytes between the pipes and the shell's descriptors until either side ends.
  mutating func startPumps() {
    let running = running
    let cancellation = cancellation
    for (end, descriptor) in carriers {
      let pipe = FileDescriptor(LiveFile(end), isPipe: true, isInput: !descriptor.isInput)
      let (from, to): (any Descriptor, any Descriptor) =
        descriptor.isInput ? (descriptor, pipe) : (pipe, descriptor)
      // A child that ends without reading all its input leaves its feeder waiting for more; nobody waits for it.
      let counts = !descriptor.isInput
      if counts { running.update { $0 += 1 } }
      let started = startThread {
        while let bytes = try? from.read(upTo: 65_536, cancellation), !bytes.isEmpty {
          guard (try? to.write(bytes, cancellation)) != nil else { break }
        }
        if counts { running.update { $0 -= 1 } }
      }
      if !started, counts { running.update { $0 -= 1 } }
    }
    carriers = []
  }

  /// Waits until everything that the child printed has been carried over.
  mutating func finish() {
    for (end, _) in carriers { close(end) }
    carriers = []
    _ = running.wait { $0 == 0 ? true : nil }
  }
}
