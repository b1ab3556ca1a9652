import AWSClient
import Lessons
import ProgressStore

/// Why a run cannot begin or go on. Each case reads as a sentence for the learner.
package enum LabError: Error, Sendable {
  /// Neither the XDG variable nor `HOME` names a folder.
  case noHome(variable: String)
  case folder(path: String, reason: String)
  case account(AWSError)
  case noSuchRun(String)
  case noRuns
  /// A run belongs to one account; these credentials reach another.
  case otherAccount(run: String, expected: String, found: String)
  /// A live account that the learner has not agreed to work on.
  case notAgreed(account: String)
  case noSuchBlock(String)
  case noSuchCheck(String)
  case store(StoreError)
  case lesson(LessonError)
  case catalogue(String)
  case nothingToUndo
  /// A block runs.
  case busy
  /// The account or the run's files could not be kept or taken back.
  case rewind(String)
}

extension LabError {
  /// What happened, to what, and what to do.
  package var diagnostic: Diagnostic {
    switch self {
    case .noHome(let variable):
      Diagnostic(
        .error, "Cairn has no folder to keep progress in",
        hint: "Set HOME or \(variable) to an absolute path.")
    case .folder(let path, let reason):
      Diagnostic(.error, "cannot make the folder \(path)", detail: reason)
    case .account(let error):
      Diagnostic(.error, error.what, detail: error.message, hint: error.hint)
    case .noSuchRun(let run):
      Diagnostic(.error, "there is no run \(run)", hint: "'cairn status' lists the runs.")
    case .noRuns:
      Diagnostic(.error, "there is no run to go on with", hint: "'cairn run LESSON' begins one.")
    case .otherAccount(let run, let expected, let found):
      Diagnostic(
        .error, "run \(run) belongs to account \(expected)",
        detail: "These credentials reach account \(found).",
        hint: "Use the credentials the run was begun with, or begin a new run.")
    case .notAgreed(let account):
      Diagnostic(
        .error, "nothing is done on account \(account) before you have agreed to work on it",
        hint: "Answer the question that names it.")
    case .noSuchBlock(let id):
      Diagnostic(
        .error, "the lesson has no block \(id)", hint: "It may have been edited since the run began.")
    case .noSuchCheck(let id):
      Diagnostic(
        .error, "the lesson has no check \(id)", hint: "It may have been edited since the run began.")
    case .store(let error): Diagnostic(.error, error.message)
    case .lesson(let error): error.diagnostic
    case .nothingToUndo:
      Diagnostic(
        .error, "there is no block to undo", hint: "Blocks can be undone that ran on a practice account.")
    case .busy:
      Diagnostic(.error, "a block is running", hint: "Stop it, or wait for its end.")
    case .rewind(let reason):
      Diagnostic(
        .error, "the state before a block could not be kept or brought back", detail: reason,
        hint:
          "If the disk is full, free some space; opening the run again goes on with an undo that was begun.")
    case .catalogue(let reason):
      Diagnostic(.error, "the resource catalogue cannot be read", detail: reason)
    }
  }
}
