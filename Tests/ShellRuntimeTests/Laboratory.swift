import Foundation
import Glibc
import ShellRuntime
import ShellSyntax
import Testing

/// Collects what a run prints.
final class Transcript: OutputSink {
  private let state = NSLock()
  nonisolated(unsafe) private var streams: [OutputStream: [UInt8]] = [:]

  func write(_ bytes: [UInt8], to stream: ShellRuntime.OutputStream) async { append(bytes, stream) }

  private func append(_ bytes: [UInt8], _ stream: ShellRuntime.OutputStream) {
    state.withLock { streams[stream, default: []] += bytes }
  }

  private func text(_ stream: ShellRuntime.OutputStream) -> String {
    state.withLock { String(decoding: streams[stream] ?? [], as: UTF8.self) }
  }

  var output: String { text(.standardOutput) }
  var errors: String { text(.standardError) }
  private typealias OutputStream = ShellRuntime.OutputStream
}

/// What a run came to.
struct Outcome: Equatable {
  var status: Int32
  var output: String
  var errors: String
}

/// Answers `fake` and `aws` with their words, and their input after a colon where there is some.
struct FakeCommands: CommandHandler {
  func handles(_ name: String) -> Bool { name == "aws" || name == "fake" }

  func run(_ invocation: Invocation) async -> Int32 {
    var input: [UInt8] = []
    if invocation.argv.contains("-") {
      while true {
        let more = await invocation.standardInput.read(upTo: 1_000)
        if more.isEmpty { break }
        input += more
      }
    }
    let words = invocation.argv.joined(separator: " ")
    let line = input.isEmpty ? words : words + ":" + String(decoding: input, as: UTF8.self)
    await invocation.standardOutput.write(Array((line + "\n").utf8))
    if let wanted = invocation.environment["FAKE_ERROR"] {
      await invocation.standardError.write(Array((wanted + "\n").utf8))
    }
    return Int32(invocation.environment["FAKE_STATUS"] ?? "") ?? 0
  }
}

/// Everything may start.
struct AnyProcess: ProcessPolicy {
  func verdict(for program: String, argv: [String]) async -> Verdict { .allow }
}

let caseEnvironment = ["PATH": "/usr/bin:/bin", "HOME": "/tmp", "LC_ALL": "C.UTF-8"]

/// A session over files in memory.
func memorySession(_ files: MemoryFileAccess = MemoryFileAccess(directories: ["/lab", "/tmp"]))
  -> ShellSession
{
  ShellSession(
    environment: caseEnvironment, workingDirectory: "/lab", commands: FakeCommands(), processes: AnyProcess(),
    files: files, sleep: { _ in })
}

/// A session over a real directory.
func liveSession(_ directory: String, policy: any ProcessPolicy = AnyProcess()) -> ShellSession {
  ShellSession(
    environment: caseEnvironment, workingDirectory: directory, commands: FakeCommands(), processes: policy,
    files: LiveFileAccess())
}

extension ShellSession {
  /// Parses and runs; a script that does not parse has status 2 and the error's description.
  func outcome(_ script: String, from first: Int = 0) async -> Outcome {
    let transcript = Transcript()
    do {
      let status = await run(try parse(script), from: first, output: transcript)
      return Outcome(status: status.code, output: transcript.output, errors: transcript.errors)
    } catch {
      return Outcome(status: 2, output: "", errors: "\(error)\n")
    }
  }
}

/// Lends a new directory and removes it afterwards.
func withDirectory<T>(_ body: (String) async throws -> T) async throws -> T {
  let directory = NSTemporaryDirectory() + "shell-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  return try await body(directory)
}

/// Runs a script with a real shell in a new directory.
func judge(_ shell: String, _ script: String) async throws -> Outcome {
  try await withDirectory { directory in
    let file = directory + ".sh"
    try script.write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    // Not Foundation's Process, whose wait needs a run loop that the test's thread has not.
    let line =
      "cd '\(directory)' && exec timeout 20 '\(shell)' '\(file)' < /dev/null > '\(file).out' 2> /dev/null"
    defer { try? FileManager.default.removeItem(atPath: file + ".out") }
    var words: [UnsafeMutablePointer<CChar>?] = (["sh", "-c", line] as [String]).map { strdup($0) }
    words.append(nil)
    var variables: [UnsafeMutablePointer<CChar>?] = caseEnvironment.map { strdup("\($0.key)=\($0.value)") }
    variables.append(nil)
    defer { for word in words + variables { free(word) } }
    // The test's own process may ignore SIGPIPE and block signals; a shell that inherits that is another shell.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var process = pid_t()
    let started = posix_spawn(&process, "/bin/sh", nil, &attributes, &words, &variables)
    try #require(started == 0)
    // On a thread of its own: a test that blocks one of Swift's few takes it from every other test.
    let child = process
    let code: Int32 = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var code: Int32 = 0
        waitpid(child, &code, 0)
        continuation.resume(returning: code)
      }
    }
    let status = code & 0x7F == 0 ? (code >> 8) & 0xFF : 128 + (code & 0x7F)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file + ".out"))
    return Outcome(status: status, output: String(decoding: bytes, as: UTF8.self), errors: "")
  }
}
