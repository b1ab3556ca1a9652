import ArgumentParser
import OrderedJSON
import TutorApp

struct Why: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say why the practice account refused something.",
    discussion: """
      The last denial, in AWS's words, then policy by policy the statement that decided or the one that is missing. \
      Without RUN and --account: of the run worked on last.
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var name: String?

  @Option(help: ArgumentHelp("A practice account instead of a run's.", valueName: "name"))
  var account: String?

  @Flag(help: "All that were refused, oldest first; 200 are kept.")
  var all = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if name != nil, account != nil { throw ValidationError("Give a run or --account, not both.") }
  }

  @MainActor func run() async throws {
    try await reporting {
      let workshop = try Workshop(environment: environment())
      let reach =
        if let account {
          try workshop.account(named: account, run: nil)
        } else {
          try workshop.accountOfRun(name)
        }
      let denials = try await reach.order(.denials).array ?? []
      let shown = all ? denials : Array(denials.suffix(1))
      if json {
        writeOutput(JSON.object(["denials": .array(shown)]).text(indent: 2) + "\n")
      } else {
        writeOutput(
          shown.isEmpty
            ? "Nothing was refused for want of a right.\n"
            : shown.map(DenialText.full).joined(separator: "\n"))
      }
      return 0
    }
  }
}

struct Undo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take a practice run back to before its last block.",
    discussion: """
      The practice account, the variables, the files of the run and its checks become what they were. Repeat it for the \
      blocks before. Without RUN: the run worked on last.
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var name: String?

  @MainActor func run() async throws {
    try await reporting {
      let workshop = try Workshop(environment: environment())
      let undone = try await workshop.undo(run: name)
      writeOutput("undone: \(undone.block) of \(undone.run)\n")
      return 0
    }
  }
}
