import Foundation
import Glibc
import ShellRuntime
import ShellSyntax
import Testing

@Suite("Programs start under a policy")
struct PolicyTests {
  /// What the standard policy says: a for allow, ? for ask, - for refuse.
  static let rows: [(line: String, verdict: Character)] = [
    ("jq .", "a"), ("sed -i s/a/b/ f", "a"), ("/usr/bin/grep x", "a"), ("docker ps", "-"),
    ("kubectl get pods", "-"),
    ("terraform apply", "-"), ("ssh host", "-"), ("sudo ls", "-"), ("vim f", "-"), ("npm install", "?"),
    ("python3 x.py", "?"), ("./deploy.sh", "?"), ("/opt/jq .", "?"), ("env A=1 -u B jq .", "a"),
    ("env docker ps", "-"),
    ("xargs -n 1 docker rm", "-"), ("xargs rm", "a"), ("timeout -k 1 5 kubectl get", "-"),
    ("timeout 5 jq .", "a"),
    ("find . -name x -exec docker rm {} ;", "-"), ("find . -name x", "a"), ("env aws s3 ls", "-"),
    ("curl x", "?"),
    ("env env env sudo x", "-"), ("nohup python x", "?"),
  ]

  @Test(arguments: rows)
  func verdicts(_ row: (line: String, verdict: Character)) async {
    let words = row.line.split(separator: " ").map(String.init)
    let found: Character =
      switch await StandardProcessPolicy().verdict(for: words[0], argv: words) {
      case .allow: "a"
      case .ask: "?"
      case .refuse: "-"
      }
    #expect(found == row.verdict)
  }

  @Test("a refused program is named with the reason, status 126")
  func refuses() async throws {
    let outcome = try await withDirectory { directory in
      await liveSession(directory, policy: StandardProcessPolicy()).outcome("echo x | docker login; echo $?")
    }
    #expect(outcome.output == "126\n")
    #expect(
      outcome.errors
        == "sh: line 1: docker is not started here: containers run outside this lab shell; "
        + "run it in a terminal of your own\n")
  }

  @Test("an asked program starts only after a yes", arguments: [true, false])
  func asks(_ answer: Bool) async throws {
    let outcome = try await withDirectory { directory in
      let policy = StandardProcessPolicy { argv, _ in answer && argv == ["./s", "x"] }
      return await liveSession(directory, policy: policy).outcome(
        "printf '#!/bin/sh\\necho ran $1\\n' > s; chmod +x s; ./s x; echo $?")
    }
    #expect(outcome.output == (answer ? "ran x\n0\n" : "126\n"))
  }

  @Test("utilities do not see credentials")
  func secrets() async throws {
    let outcome = try await withDirectory { directory in
      await liveSession(directory, policy: StandardProcessPolicy()).outcome(
        "export AWS_SECRET_ACCESS_KEY=s AWS_REGION=r; printenv AWS_SECRET_ACCESS_KEY; printenv AWS_REGION")
    }
    #expect(outcome.output == "r\n")
  }
}

@Suite("Programs get the descriptors that are meant for them")
struct ManyDescriptorsTests {
  /// As a process has them that has much open: the shell's own descriptors get every number up to some hundreds.
  @Test func `however many are open`() async throws {
    var open: [CInt] = []
    defer { for file in open { close(file) } }
    while open.count < 400 {
      open.append(Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC))
      let outcome = try await withDirectory { directory in
        let session = ShellSession(
          environment: caseEnvironment, workingDirectory: directory, commands: CancellationTests.Slow(),
          processes: AnyProcess(), files: LiveFileAccess())
        return await session.outcome("/bin/echo usable | cat")
      }
      #expect(outcome == Outcome(status: 0, output: "usable\n", errors: ""), "\(open.count) open")
    }
  }
}

@Suite("Cancelling stops what runs and leaves the session usable")
struct CancellationTests {
  /// Scripts that would run long, and what their first command is called.
  static let rows: [(script: String, awaited: String)] = [
    ("X=1; /bin/sleep 100; X=2", "/bin/sleep"),
    ("X=1; sleep 100; X=2", "sleep"),
    ("X=1; sh -c 'trap \"\" INT TERM; /bin/sleep 100'; X=2", "sh"),
    ("X=1; /bin/sleep 100 | cat; X=2", "cat"),
    ("X=1; y=$(/bin/sleep 100); X=2", "/bin/sleep"),
    ("X=1; while true; do :; done", ":"),
    ("X=1; while true; do true; done | cat", "cat"),
    ("X=1; wait_; aws slow; X=2", "aws"),
    ("X=1; /bin/sleep 100 & wait; X=2", "wait"),
    ("X=1; (/bin/sleep 100; X=2); X=3", "/bin/sleep"),
    ("X=1; yes > /dev/null", "yes"),
    ("X=1; set -e; trap 'echo trap' EXIT; /bin/sleep 100", "/bin/sleep"),
  ]

  struct Slow: CommandHandler {
    func handles(_ name: String) -> Bool { name == "aws" || name == "wait_" }
    func run(_ invocation: Invocation) async -> Int32 {
      if invocation.argv[0] == "aws" { try? await Task.sleep(for: .seconds(100)) }
      return 0
    }
  }

  /// Each would run for 100 s or for ever: a cancelled one that did not stop runs into the limit.
  @Test(.timeLimit(.minutes(1)), arguments: rows)
  func cancels(_ row: (script: String, awaited: String)) async throws {
    try await withDirectory { directory in
      let session = ShellSession(
        environment: caseEnvironment, workingDirectory: directory, commands: Slow(), processes: AnyProcess(),
        files: LiveFileAccess())
      let (started, continuation) = AsyncStream.makeStream(of: Void.self)
      let running = Task {
        let status = await session.run(try parse(row.script), output: Transcript()) { event in
          if case .commandStarted(let argv, _) = event, argv.first == row.awaited { continuation.yield() }
        }
        return status
      }
      for await _ in started { break }
      running.cancel()
      let status = try await running.value
      #expect(status == .cancelled)
      let after = await session.outcome("echo $X; /bin/echo usable | cat")
      #expect(after == Outcome(status: 0, output: "1\nusable\n", errors: ""))
    }
  }
}
