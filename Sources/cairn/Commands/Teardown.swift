import ArgumentParser
import Glibc
import LabEngine
import TutorApp

struct Teardown: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take down what a run put up, and nothing else.",
    discussion: """
      Shows the plan, asks, applies it, and verifies each deletion by asking the account. Without RUN: the run worked \
      on last. The lesson's file is not needed.
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var name: String?

  @Flag(help: "All runs that have something left.")
  var all = false

  @Flag(help: "Print the plan and change nothing.")
  var plan = false

  @Flag(help: "Do not ask.")
  var yes = false

  @Option(help: ArgumentHelp("The profile of your AWS configuration, for a live run.", valueName: "name"))
  var profile: String?

  func validate() throws {
    if all, name != nil { throw ValidationError("Give a run or --all, not both.") }
  }

  @MainActor func run() async throws {
    try await reporting {
      let workshop = try Workshop(environment: environment())
      let names =
        all ? try workshop.summaries().filter { !$0.outstanding.isEmpty }.map { Optional($0.id) } : [name]
      if names.isEmpty {
        writeOutput("Nothing is left to take down.\n")
        return 0
      }
      var status: Int32 = 0
      for name in names {
        let opened = try await workshop.openForTeardown(run: name, profile: profile, pace: .instant)
        let teardown = PlainTeardown(write: writeOutput)
        do {
          if plan {
            try await teardown.showPlan(opened.session)
          } else {
            let agreed = try await teardown.agree(opened.session, assumesYes: yes, read: { readLine() })
            let clean = agreed ? try await teardown.perform(opened.session) : false
            if !clean { status = 1 }
          }
        } catch {
          await opened.close()
          throw error
        }
        await opened.close()
      }
      return status
    }
  }
}
