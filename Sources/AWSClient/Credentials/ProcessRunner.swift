import Glibc
import Synchronization

/// How a `credential_process` is run: command line, environment and working directory in, what it printed out.
package typealias ProcessRunner = @Sendable (String, [String: String], String?) async -> ProcessResult

/// What a program did.
package struct ProcessResult: Sendable {
  /// Exit status; 127 if it could not be started.
  package var status: Int32
  package var standardOutput: String
  package var standardError: String

  package init(status: Int32, standardOutput: String, standardError: String) {
    self.status = status
    self.standardOutput = standardOutput
    self.standardError = standardError
  }
}

/// Runs the command through posix_spawn on a thread of its own, so that no task's thread waits for it. Cancelling the
/// task ends the program and does not wait until it has.
package let systemProcess: ProcessRunner = { command, environment, directory in
  let job = ProcessJob()
  return await withTaskCancellationHandler {
    await withCheckedContinuation { (continuation: CheckedContinuation<ProcessResult, Never>) in
      job.start(continuation) { run(splitCommand(command), environment, directory, job) }
    }
  } onCancel: {
    job.cancel()
  }
}

/// One run of a program: answers once, whoever is first.
private final class ProcessJob: Sendable {
  private struct State {
    var continuation: CheckedContinuation<ProcessResult, Never>?
    var body: (@Sendable () -> ProcessResult)?
    var child: pid_t?
    var isCancelled = false
  }

  private let state = Mutex(State())

  func start(
    _ continuation: CheckedContinuation<ProcessResult, Never>, _ body: @escaping @Sendable () -> ProcessResult
  ) {
    let isCancelled = state.withLock { state in
      state.continuation = continuation
      state.body = body
      return state.isCancelled
    }
    if isCancelled { return finish(ProcessJob.cancelled) }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<ProcessJob>.fromOpaque(pointer).takeRetainedValue().work()
        return nil
      }, context.toOpaque())
    if status == 0 {
      pthread_detach(thread)
    } else {
      context.release()
      finish(ProcessResult(status: 127, standardOutput: "", standardError: "no thread could be started"))
    }
  }

  private func work() {
    let body = state.withLock { state in
      defer { state.body = nil }
      return state.body
    }
    if let body { finish(body()) }
  }

  /// The program runs as this process.
  func began(_ child: pid_t) {
    let isCancelled = state.withLock { state in
      state.child = child
      return state.isCancelled
    }
    if isCancelled { kill(child, SIGTERM) }
  }

  /// It has ended and is about to be waited for: its number may soon be another's.
  func ended() { state.withLock { $0.child = nil } }

  func cancel() {
    state.withLock { state in
      state.isCancelled = true
      if let child = state.child { kill(child, SIGTERM) }
    }
    finish(ProcessJob.cancelled)
  }

  private func finish(_ result: ProcessResult) {
    let continuation = state.withLock { state in
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume(returning: result)
  }

  private static let cancelled = ProcessResult(
    status: 128 + SIGTERM, standardOutput: "", standardError: "cancelled")
}

/// Words with `'…'`, `"…"` and backslashes, as Python's `shlex.split` makes them.
func splitCommand(_ text: String) -> [String] {
  var words: [String] = []
  var word: String?
  var quote: Character?
  var escaped = false
  for character in text {
    if escaped {
      word =
        (word ?? "") + (quote == "\"" && character != "\"" && character != "\\" ? "\\" : "")
        + String(character)
      escaped = false
    } else if character == "\\", quote != "'" {
      escaped = true
    } else if let open = quote {
      if character == open { quote = nil } else { word = (word ?? "") + String(character) }
    } else if character == "'" || character == "\"" {
      quote = character
      word = word ?? ""
    } else if character.isWhitespace {
      if let done = word { words.append(done) }
      word = nil
    } else {
      word = (word ?? "") + String(character)
    }
  }
  if let done = word { words.append(done) }
  return words
}

private func run(
  _ words: [String], _ environment: [String: String], _ directory: String?, _ job: ProcessJob
) -> ProcessResult {
  func failure(_ text: String) -> ProcessResult {
    ProcessResult(status: 127, standardOutput: "", standardError: text)
  }
  guard let named = words.first else { return failure("credential_process is empty") }
  // The call that changes a child's directory is not visible to Swift: a shell does it.
  let words = directory.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + words } ?? words
  let program = directory == nil ? named : "/bin/sh"
  var out: [Int32] = [-1, -1]
  var err: [Int32] = [-1, -1]
  guard openPipe(&out) else { return failure(String(cString: strerror(errno))) }
  guard openPipe(&err) else {
    close(out[0])
    close(out[1])
    return failure(String(cString: strerror(errno)))
  }
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_adddup2(&actions, out[1], 1)
  posix_spawn_file_actions_adddup2(&actions, err[1], 2)
  var child = pid_t()
  let arguments = words.map { strdup($0) } + [nil]
  let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for copy in arguments + variables { free(copy) } }
  let status = posix_spawnp(&child, program, &actions, nil, arguments, variables)
  close(out[1])
  close(err[1])
  guard status == 0 else {
    close(out[0])
    close(err[0])
    return failure("[Errno \(status)] \(String(cString: strerror(status))): '\(named)'")
  }
  job.began(child)
  let (output, errors) = drain(out[0], err[0])
  // Until it is waited for, its number is its own.
  var information = siginfo_t()
  while waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
  job.ended()
  var ended: Int32 = 0
  while waitpid(child, &ended, 0) < 0, errno == EINTR {}
  let code = ended & 0x7F == 0 ? ended >> 8 & 0xFF : 128 + (ended & 0x7F)
  return ProcessResult(status: code, standardOutput: output, standardError: errors)
}

/// A pipe whose ends no other child inherits.
private func openPipe(_ ends: inout [Int32]) -> Bool {
  guard pipe(&ends) == 0 else { return false }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return true
}

/// Reads both pipes to their ends, each in turn as it has something.
private func drain(_ first: Int32, _ second: Int32) -> (String, String) {
  var texts: [[UInt8]] = [[], []]
  var polls = [
    pollfd(fd: first, events: Int16(POLLIN), revents: 0),
    pollfd(fd: second, events: Int16(POLLIN), revents: 0),
  ]
  var buffer = [UInt8](repeating: 0, count: 4096)
  while polls.contains(where: { $0.fd >= 0 }) {
    if poll(&polls, nfds_t(polls.count), -1) < 0, errno != EINTR { break }
    for i in polls.indices where polls[i].fd >= 0 && polls[i].revents != 0 {
      let n = read(polls[i].fd, &buffer, buffer.count)
      if n > 0, texts[i].count < 1 << 20 { texts[i] += buffer[..<n] }
      if n <= 0 { polls[i].fd = -1 }
    }
  }
  close(first)
  close(second)
  return (String(decoding: texts[0], as: UTF8.self), String(decoding: texts[1], as: UTF8.self))
}
