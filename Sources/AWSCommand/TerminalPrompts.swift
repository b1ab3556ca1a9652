import AWSClient
import Glibc
import Synchronization

/// Asks on the controlling terminal, without echo, wherever the standard streams go.
///
/// Only for a program that has the terminal to itself: under a screen of our own `NoPrompts` is right.
package struct TerminalPrompts: CredentialPrompts {
  private let device: String

  /// - Parameter device: the terminal.
  package init(device: String = "/dev/tty") { self.device = device }

  package func mfaCode(serial: String, profile: String) async throws(AWSError) -> String {
    let isCancelled = Flag()
    let device = device
    let answer = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Answer, Never>) in
        // A thread of its own: reading from a terminal may take minutes.
        let job = Job {
          continuation.resume(
            returning: ask("Enter MFA code for \(serial): ", device, isCancelled: { isCancelled.isSet }))
        }
        if !job.start() { continuation.resume(returning: .nobody) }
      }
    } onCancel: {
      isCancelled.set()
    }
    switch answer {
    case .text(let text): return text
    case .brokenOff: throw .cancelled
    case .nobody: throw .configuration(.cannotAskMFA(serial: serial, profile: profile))
    }
  }
}

private enum Answer: Sendable {
  case text(String)
  case brokenOff
  /// There is no terminal.
  case nobody
}

private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}

private final class Job: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  func start() -> Bool {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Job>.fromOpaque(pointer).takeRetainedValue().body()
        return nil
      }, context.toOpaque())
    if status == 0 { pthread_detach(thread) } else { context.release() }
    return status == 0
  }
}

/// A line, typed without echo. The terminal's own editing and signals are off meanwhile, so that an interrupt ends the
/// question and leaves the terminal as it was (POSIX, chapter 11, "General Terminal Interface").
private func ask(_ question: String, _ device: String, isCancelled: () -> Bool) -> Answer {
  let terminal = open(device, O_RDWR | O_NOCTTY | O_CLOEXEC)
  guard terminal >= 0 else { return .nobody }
  defer { close(terminal) }
  var before = termios()
  guard tcgetattr(terminal, &before) == 0 else { return .nobody }
  var quiet = before
  quiet.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG)
  guard tcsetattr(terminal, TCSAFLUSH, &quiet) == 0 else { return .nobody }
  defer { tcsetattr(terminal, TCSAFLUSH, &before) }
  say(question, terminal)
  defer { say("\n", terminal) }
  var line: [UInt8] = []
  while line.count < 1024 {
    if isCancelled() { return .brokenOff }
    var waiting = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    let count = poll(&waiting, 1, 50)
    if count < 0, errno != EINTR { return .brokenOff }
    guard count > 0 else { continue }
    var byte: UInt8 = 0
    let n = read(terminal, &byte, 1)
    if n < 0, errno == EINTR || errno == EAGAIN { continue }
    guard n == 1 else { return .brokenOff }
    switch byte {
    case 0x0A, 0x0D: return .text(String(decoding: line, as: UTF8.self))
    case 0x03, 0x1C: return .brokenOff
    case 0x04: return line.isEmpty ? .brokenOff : .text(String(decoding: line, as: UTF8.self))
    case 0x08, 0x7F: _ = line.popLast()
    case 0x15: line = []
    default: line.append(byte)
    }
  }
  return .brokenOff
}

private func say(_ text: String, _ terminal: Int32) {
  let bytes = Array(text.utf8)
  _ = write(terminal, bytes, bytes.count)
}
