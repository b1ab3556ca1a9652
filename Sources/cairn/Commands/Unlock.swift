import ArgumentParser
import TutorApp

struct Unlock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take a run's lock over from a machine that is gone for good.",
    discussion: "A lock left by a process of this machine is taken over by itself; it needs no command.")

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var name: String

  @MainActor func run() async throws {
    try await reporting {
      try Workshop(environment: environment()).unlock(run: name)
      return 0
    }
  }
}
