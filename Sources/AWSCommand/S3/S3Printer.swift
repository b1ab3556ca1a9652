import Wire

/// What `cp`, `mv`, `rm` and `sync` say while they work.
struct S3Printer {
  enum Mode: Hashable { case all, noProgress, onlyErrors, quiet }

  let console: Console
  let mode: Mode
  /// Totals of what is to be done; files grow as they are found.
  var totalBytes: UInt64 = 0
  var totalFiles = 0
  let started: Timestamp
  let clock: @Sendable () -> Timestamp

  private(set) var failed = 0
  private(set) var warned = 0
  private var doneBytes: UInt64 = 0
  private var doneFiles = 0
  private var progressLength = 0

  init(_ console: Console, _ mode: Mode, clock: @escaping @Sendable () -> Timestamp) {
    self.console = console
    self.mode = mode
    self.clock = clock
    started = clock()
  }

  mutating func succeeded(_ line: String, bytes: UInt64) async {
    doneBytes += bytes
    if bytes > 0 { await progress() }
    doneFiles += 1
    if mode == .all || mode == .noProgress { await console.print(padded(line) + "\n") }
    progressLength = 0
    if doneFiles < totalFiles, totalBytes > 0 { await progress() }
  }

  mutating func failed(_ line: String, bytes: UInt64) async {
    failed += 1
    doneFiles += 1
    doneBytes += bytes
    if mode != .quiet { await console.complain(padded(line) + "\n") }
    progressLength = 0
  }

  mutating func warned(_ line: String) async {
    warned += 1
    if mode != .quiet { await console.complain(padded(line) + "\n") }
    progressLength = 0
  }

  mutating func dryRun(_ line: String) async {
    doneFiles += 1
    if mode == .all || mode == .noProgress { await console.print("(dryrun) \(line)\n") }
  }

  /// A line that the next one overwrites.
  private mutating func progress() async {
    guard mode == .all, totalBytes > 0 else { return }
    let seconds = max(clock().seconds - started.seconds, 0.001)
    let line = padded(
      "Completed \(humanReadableSize(Double(doneBytes)))/\(humanReadableSize(Double(totalBytes))) "
        + "(\(humanReadableSize(Double(doneBytes) / seconds))/s) with \(totalFiles - doneFiles) file(s) remaining"
    )
    progressLength = line.count
    await console.print(line + "\r")
  }

  private func padded(_ line: String) -> String {
    line + String(repeating: " ", count: max(0, progressLength - line.count))
  }
}
