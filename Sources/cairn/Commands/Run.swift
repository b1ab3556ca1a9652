import ArgumentParser
import TutorApp

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Begin a lesson.",
    discussion: "LESSON is a Markdown file, or a folder that holds a lesson.md. No annotations are needed.")

  @Argument(help: "The lesson.")
  var lesson: String

  @OptionGroup var account: AccountOptions
  @OptionGroup var view: ViewOptions

  @MainActor func run() async throws {
    try await reporting {
      let workshop = try Workshop(environment: environment())
      let front = try Front.open(view)
      let opened = try await front.whileOpening {
        try await workshop.begin(lesson: lesson, on: account.choice(workshop), pace: front.pace(view))
      }
      return await front.work(through: opened, view)
    }
  }
}

struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go on with a run where it was left.",
    discussion: "Without RUN: the run worked on last. 'cairn status' lists them.")

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var name: String?

  @OptionGroup var view: ViewOptions

  @Option(help: ArgumentHelp("The profile of your AWS configuration, for a live run.", valueName: "name"))
  var profile: String?

  @MainActor func run() async throws {
    try await reporting {
      let workshop = try Workshop(environment: environment())
      let front = try Front.open(view)
      let opened = try await front.whileOpening {
        try await workshop.resume(run: name, profile: profile, pace: front.pace(view))
      }
      return await front.work(through: opened, view)
    }
  }
}

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play a lesson for an audience.",
    discussion: """
      Commands appear as if typed. Enter, space or PageDown goes on; s shows the speaker notes of the lesson.
      """)

  @Argument(help: "The lesson.")
  var lesson: String

  @OptionGroup var account: AccountOptions

  @Option(help: ArgumentHelp("Characters typed in a second.", valueName: "n"))
  var speed: Double = 26

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  @MainActor func run() async throws {
    try await reporting {
      let workshop = try Workshop(environment: environment())
      let front = try Front.screen(ascii: ascii)
      let opened = try await front.whileOpening {
        try await workshop.begin(lesson: lesson, on: account.choice(workshop), pace: front.pace)
      }
      return await front.perform(opened, speed: speed)
    }
  }
}
