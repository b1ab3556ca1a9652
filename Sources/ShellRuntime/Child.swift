import Glibc

/// A process that was started, in a group of its own.
struct Child {
  let process: pid_t

  /// What is sent to a cancelled child, and how long each is given, in seconds.
  private static let signals: [(signal: Int32, patience: Double)] = [
    (SIGINT, 0.05), (SIGTERM, 0.05), (SIGKILL, 0),
  ]

  static func spawn(
    _ path: String, _ argv: [String], environment: [String: String], directory: String,
    _ descriptors: [(child: CInt, here: CInt)]
  ) -> Result<Child, FileError> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // First out of the way of each other and of every source, then to their places: `3>&1 1>&2 2>&3` must not
    // overwrite what is still needed.
    let spare = max(descriptors.map(\.here).max() ?? 0, descriptors.map(\.child).max() ?? 0) + 1
    for (number, pair) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, pair.here, spare + CInt(number))
    }
    for (number, pair) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, spare + CInt(number), pair.child)
      posix_spawn_file_actions_addclose(&actions, spare + CInt(number))
    }
    // What this process has open besides, and what the script closed, is no business of the child's.
    let highest = descriptors.map(\.child).max() ?? -1
    for number in 0..<3 where !descriptors.contains(where: { $0.child == CInt(number) }) {
      posix_spawn_file_actions_addclose(&actions, CInt(number))
    }
    GNU.addCloseFrom(&actions, max(highest, 2) + 1)
    let moved = GNU.addChangeDirectory(&actions, directory)
    if moved != 0 { return .failure(FileError(errno: moved)) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
    posix_spawnattr_setpgroup(&attributes, 0)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCHLD] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)

    var process = pid_t()
    let code = withCStrings(argv) { arguments in
      withCStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
        posix_spawn(&process, path, &actions, &attributes, arguments, variables)
      }
    }
    return code == 0 ? .success(Child(process: process)) : .failure(FileError(errno: code))
  }

  /// Blocks until the child has ended. Cancelling the run interrupts, then kills it and all of its group.
  func wait(_ cancellation: Cancellation) -> Int32 {
    let process = process
    let isOver = Monitor(false)
    let token = cancellation.register {
      startThread {
        for (signal, patience) in Self.signals {
          // The child is reaped only after `isOver` is set: until then its group's number is its own.
          isOver.withLock { if !$0 { kill(-process, signal) } }
          if patience > 0, isOver.wait(seconds: patience, { $0 ? true : nil }) == true { return }
        }
      }
    }
    var info = siginfo_t()
    while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    cancellation.unregister(token)
    if cancellation.isCancelled { kill(-process, SIGKILL) }
    isOver.update { $0 = true }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}

/// Lends a null-terminated array of C strings.
private func withCStrings<T>(
  _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> T
) -> T {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
  pointers.append(nil)
  defer { for pointer in pointers { free(pointer) } }
  return body(&pointers)
}
