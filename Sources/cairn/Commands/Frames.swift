import ArgumentParser
import Cells
import LabEngine
import Lessons
import TutorApp
import TutorUI

struct Frames: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play keys on a lesson without a terminal and print the frames.",
    discussion: """
      Runs the lesson on a fresh practice account. KEYS are words: a character, a key's name (Enter, PageDown, C-c), \
      WIDTHxHEIGHT, or 'frame', which prints what is shown; 3*n repeats. Each key waits until the work of the one \
      before is done.
      """)

  @Argument(help: "The lesson.")
  var lesson: String

  @Option(help: ArgumentHelp("Columns and rows.", valueName: "WxH"))
  var size = "80x24"

  @Option(help: ArgumentHelp("What to press.", valueName: "keys"))
  var keys = "frame"

  @Flag(help: "Print the styles as well.")
  var styles = false

  @Flag(help: "Print an SVG picture.")
  var svg = false

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  @MainActor func run() async throws {
    let steps: [ScriptedTerminal.Step]
    switch ScriptedTerminal.Step.parse(keys) {
    case .success(let parsed): steps = parsed
    case .failure(let unknown):
      throw ValidationError("'\(unknown.word)' is no key, size or 'frame'.")
    }
    let sides = size.split(separator: "x").compactMap { Int($0) }
    guard sides.count == 2, sides.allSatisfy({ (1...1000).contains($0) }) else {
      throw ValidationError("--size takes columns and rows, as in 120x40.")
    }
    try await reporting {
      let workshop = try Workshop(environment: environment())
      let opened = try await workshop.begin(lesson: lesson, on: .practice(region: nil), pace: .instant)
      let busy = Busy()
      let terminal = ScriptedTerminal(size: Size(width: sides[0], height: sides[1]), steps: steps, busy: busy)
      let tutor = Tutor(opened, on: terminal, busy: busy, usesASCII: ascii)
      let status = await tutor.run()
      for frame in terminal.frames {
        writeOutput(svg ? frame.svg() : styles ? frame.dump : frame.text + "\n")
      }
      return status
    }
  }
}

struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Print the table of keys as Markdown.")

  func run() {
    writeOutput(Keymap.markdown)
  }
}

struct Lint: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is wrong with a lesson.", discussion: "Exit status 1 if there is an error.")

  @Argument(help: "The lesson.")
  var lesson: String

  func run() throws {
    let loaded: Lesson
    do {
      loaded = try Lesson.load(path: lesson)
    } catch {
      throw refuse(error.diagnostic)
    }
    let found = loaded.lint()
    for diagnostic in found { writeOutput(diagnostic.rendered() + "\n") }
    if found.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
    if found.isEmpty {
      writeOutput(
        "\(loaded.title): \(loaded.steps.count) steps, \(loaded.checks.count) checks, nothing to say\n")
    }
  }
}
