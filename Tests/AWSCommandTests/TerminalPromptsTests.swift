import AWSClient
import Foundation
import Glibc
import Testing

@testable import AWSCommand

/// A pseudo-terminal: this end plays the user.
private final class Terminal: Sendable {
  let user: Int32
  let device: String

  init() throws {
    user = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var lock: Int32 = 0
    var number: Int32 = 0
    // TIOCSPTLCK and TIOCGPTN (ioctl_tty(2)): what unlockpt and ptsname do.
    try #require(user >= 0 && ioctl(user, 0x4004_5431, &lock) == 0 && ioctl(user, 0x8004_5430, &number) == 0)
    device = "/dev/pts/\(number)"
  }

  deinit { close(user) }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(user, bytes, bytes.count)
  }

  /// Reads until `end` has been shown.
  func shown(until end: String) async -> String {
    // On a thread of its own: those of the tasks are few, and the question needs one.
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: self.read(until: end)) }
    }
  }

  private func read(until end: String) -> String {
    var bytes: [UInt8] = []
    // By bytes: a carriage return and a newline are one character.
    while !bytes.reversed().starts(with: end.utf8.reversed()), bytes.count < 4096 {
      var waiting = pollfd(fd: user, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 300_000) > 0 else { break }
      var byte: UInt8 = 0
      guard Glibc.read(user, &byte, 1) == 1 else { break }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether it shows what is typed.
  var echoes: Bool {
    var mode = termios()
    return tcgetattr(user, &mode) == 0 && mode.c_lflag & tcflag_t(ECHO) != 0
  }
}

@Suite struct TerminalPromptsTests {
  private static let question = "Enter MFA code for arn:aws:iam::1:mfa/me: "

  private func ask(_ terminal: Terminal) -> Task<String, any Error> {
    Task {
      try await TerminalPrompts(device: terminal.device).mfaCode(
        serial: "arn:aws:iam::1:mfa/me", profile: "p")
    }
  }

  @Test(arguments: [("123456\r", "123456"), ("12\u{7F}3\n", "13"), ("99\u{15}1\n", "1"), ("7\u{04}", "7")])
  func `The code is asked for on the terminal, and what is typed is not shown`(typed: String, code: String)
    async throws
  {
    let terminal = try Terminal()
    // Somebody must hold the other end, or the terminal's mode is gone with the last one that did.
    let held = open(terminal.device, O_RDWR | O_NOCTTY)
    defer { close(held) }
    let task = ask(terminal)
    #expect(await terminal.shown(until: TerminalPromptsTests.question) == TerminalPromptsTests.question)
    #expect(!terminal.echoes)
    terminal.type(typed)
    #expect(try await task.value == code)
    #expect(await terminal.shown(until: "\n") == "\r\n")
    #expect(terminal.echoes)
  }

  @Test(arguments: ["\u{03}", "12\u{03}", "\u{04}"])
  func `Breaking off ends the question and leaves the terminal as it was`(typed: String) async throws {
    let terminal = try Terminal()
    let held = open(terminal.device, O_RDWR | O_NOCTTY)
    defer { close(held) }
    let task = ask(terminal)
    _ = await terminal.shown(until: TerminalPromptsTests.question)
    terminal.type(typed)
    await #expect { try await task.value } throws: { if case AWSError.cancelled = $0 { true } else { false } }
    #expect(terminal.echoes)
  }

  @Test func `Cancelling the task ends the question`() async throws {
    let terminal = try Terminal()
    let held = open(terminal.device, O_RDWR | O_NOCTTY)
    defer { close(held) }
    let task = ask(terminal)
    _ = await terminal.shown(until: TerminalPromptsTests.question)
    task.cancel()
    await #expect { try await task.value } throws: { if case AWSError.cancelled = $0 { true } else { false } }
    #expect(terminal.echoes)
  }

  @Test func `Without a terminal the failure says what to run`() async throws {
    await #expect {
      try await TerminalPrompts(device: "/nonexistent").mfaCode(serial: "s", profile: "p")
    } throws: { error in
      guard case AWSError.configuration(.cannotAskMFA(serial: "s", profile: "p")) = error else {
        return false
      }
      return true
    }
  }
}
