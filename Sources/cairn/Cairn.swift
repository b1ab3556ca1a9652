// cairn: subcommands, and nothing but wiring.
//
// Each subcommand reads its arguments, opens the `Workshop` and hands over to `TutorApp`. Whatever goes wrong
// arrives here as a `Diagnostic` and is printed by the one renderer.
//
// Exit status: 0 done; 1 a checkpoint did not pass, or something could not be removed; 2 the command could not
// begin; 64 the command line was wrong (EX_USAGE, sysexits.h); 130 the learner left or pressed Ctrl-C, 143 SIGTERM, 141
// nobody read the transcript any more. `cairn aws` has the AWS CLI's.

import ArgumentParser
import Glibc
import LabEngine
import Lessons
import TutorApp

@main
struct Cairn: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cairn",
    abstract: "A terminal tutor for hands-on AWS labs.",
    discussion: """
      Opens a Markdown lab in the terminal, runs its steps against AWS or against a built-in practice account, \
      asks the account at each checkpoint, and takes down exactly what the lab put up.

      Practice is the default and needs no AWS account.
      """,
    version: TutorApp.version,
    subcommands: [
      Run.self, Demo.self, Resume.self, Status.self, Undo.self, Teardown.self, Practice.self, Why.self,
      AWS.self,
      Frames.self, Lint.self, Keys.self, Unlock.self,
    ])
}

/// Prints a diagnostic to standard error and gives the exit status 2.
func refuse(_ diagnostic: Diagnostic) -> ExitCode {
  let color = isatty(2) == 1 && environment()["NO_COLOR"] == nil
  writeError(diagnostic.rendered(color: color) + "\n")
  return ExitCode(2)
}

/// Runs `body`, turning what it throws into a diagnostic.
///
/// Whatever is made from here on is its owner's alone: the store, and the files that a lesson writes.
@MainActor func reporting(_ body: @MainActor () async throws -> Int32) async throws {
  umask(0o077)
  let status: Int32
  do {
    status = try await body()
  } catch let error as LabError {
    throw refuse(error.diagnostic)
  } catch let error as TutorError {
    throw refuse(error.diagnostic)
  }
  if status != 0 { throw ExitCode(status) }
}

/// The variables this process was started with.
func environment() -> [String: String] {
  var variables: [String: String] = [:]
  var entry = environ
  while let text = entry.pointee {
    let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
    entry += 1
  }
  return variables
}
