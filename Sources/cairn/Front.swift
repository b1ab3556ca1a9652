import Cells
import Glibc
import LabEngine
import Lessons
import NcursesTerminal
import TutorApp

/// Where a run is worked through: on the screen or as a transcript.
@MainActor enum Front {
  case screen(NcursesTerminal, ascii: Bool)
  case plain

  /// Opens what `options` ask for.
  /// - Throws: `TutorError` if there is no terminal, or none that curses can drive.
  static func open(_ options: ViewOptions) throws -> Front {
    options.plain ? .plain : try screen(ascii: options.ascii)
  }

  static func screen(ascii: Bool) throws -> Front {
    guard isatty(0) == 1, isatty(1) == 1 else {
      throw TutorError(
        Diagnostic(
          .error, "there is no terminal to draw on", detail: "Standard input or output is not a terminal.",
          hint: "Run this in a terminal, or add --plain for a linear transcript."))
    }
    let places = try Places(environment: environment())
    try Places.make(places.state)
    do {
      let terminal = try NcursesTerminal(NcursesOptions(errorLog: places.log))
      return .screen(terminal, ascii: ascii || terminal.prefersASCII)
    } catch {
      throw TutorError(Diagnostic(.error, "the terminal cannot be used", detail: error.message))
    }
  }

  /// How fast the practice account's time passes: somebody watches the screen, nobody the transcript.
  var pace: Pace {
    switch self {
    case .screen: .times(60)
    case .plain: .instant
    }
  }

  /// The same, unless the learner says otherwise.
  func pace(_ options: ViewOptions) -> Pace { options.pace.map { .times($0) } ?? pace }

  /// Runs `body`, giving the terminal back if it throws, so that the reader can see why.
  func whileOpening(_ body: () async throws -> OpenRun) async throws -> OpenRun {
    do {
      return try await body()
    } catch {
      if case .screen(let terminal, _) = self { terminal.close() }
      throw error
    }
  }

  /// Works through a run; the exit status.
  func work(through opened: OpenRun, _ options: ViewOptions) async -> Int32 {
    switch self {
    case .screen(let terminal, let ascii):
      return await show(opened, on: terminal, ascii: ascii, demo: nil)
    case .plain:
      let interruption = Interruption()
      let tutor = PlainTutor(
        options: PlainTutor.Options(assumesYes: options.yes, tearsDown: options.teardown),
        read: { interruption.readLine() }, write: { interruption.write($0) })
      return await interruption.watching { await tutor.work(through: opened) }
    }
  }

  /// Plays a run for an audience.
  func perform(_ opened: OpenRun, speed: Double) async -> Int32 {
    guard case .screen(let terminal, let ascii) = self else { return 2 }
    return await show(opened, on: terminal, ascii: ascii, demo: speed)
  }

  private func show(_ opened: OpenRun, on terminal: NcursesTerminal, ascii: Bool, demo: Double?) async
    -> Int32
  {
    let tutor = Tutor(opened, on: terminal, usesASCII: ascii, demo: demo, environment: environment())
    let status = await tutor.run()
    terminal.close()
    writeOutput(await opened.farewell())
    return status
  }
}
