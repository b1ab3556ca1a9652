import Dispatch
import Glibc
import Lessons
import Synchronization

/// A request to end while work is under way: SIGINT, SIGTERM, SIGHUP, or nobody reads the output any more.
///
/// The first one cancels the work, which leaves everything as it can be gone on with; a second one ends the process.
final class Interruption: Sendable {
  private struct Standing {
    /// 128 and the signal's number, as a shell reports it; 0 while nobody asked.
    var status: Int32 = 0
    var work: Task<Int32, Never>?
  }

  private let standing = Mutex(Standing())
  /// Its reading end is ready once somebody asked, so that waiting for a line of input ends.
  private let wake: (reading: Int32, writing: Int32)

  init() {
    var ends: [Int32] = [-1, -1]
    // Without a pipe a question is not interrupted by the first signal, but by the second.
    if pipe(&ends) != 0 { ends = [-1, -1] }
    for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    wake = (ends[0], ends[1])
  }

  deinit {
    for end in [wake.reading, wake.writing] where end >= 0 { close(end) }
  }

  /// Does `body` until its end or until somebody asks; the exit status.
  func watching(_ body: @escaping @Sendable () async -> Int32) async -> Int32 {
    let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      // The source is told of a signal that is ignored; programs that a block starts get the default back.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in request(128 + number) }
      source.resume()
      return source
    }
    signal(SIGPIPE, SIG_IGN)
    let task = Task { await body() }
    let isLate = standing.withLock { standing in
      standing.work = task
      return standing.status != 0
    }
    if isLate { task.cancel() }
    let status = await task.value
    for source in sources { source.cancel() }
    let asked = standing.withLock { $0.status }
    return asked == 0 ? status : asked
  }

  /// Writes to standard output; when nobody reads it any more, the work ends.
  func write(_ text: String) {
    guard standing.withLock({ $0.status }) != 128 + SIGPIPE else { return }
    if !writeBytes(Array(text.withoutControls.utf8), to: 1), errno == EPIPE { request(128 + SIGPIPE) }
  }

  /// A line of standard input without its newline; nil at its end, or when somebody asked to end.
  func readLine() -> String? {
    var line: [UInt8] = []
    while true {
      var waiting = [
        pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake.reading, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waiting, 2, -1) >= 0 || errno == EINTR else { return nil }
      if waiting[1].revents != 0 { return nil }
      guard waiting[0].revents != 0 else { continue }
      var byte: UInt8 = 0
      let count = read(0, &byte, 1)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
  }

  private func request(_ status: Int32) {
    let (isSecond, work) = standing.withLock { standing in
      defer { if standing.status == 0 { standing.status = status } }
      return (standing.status != 0, standing.work)
    }
    // What must not be lost is on the disk already.
    if isSecond { _exit(status) }
    work?.cancel()
    var byte: UInt8 = 0
    _ = Glibc.write(wake.writing, &byte, 1)
  }
}
