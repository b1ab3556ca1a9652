import Foundation
import LabEngine
import Lessons
import ProgressStore

extension Workshop {
  /// A practice account, opened for other clients: of a run if one is named, otherwise by its own name; a new name
  /// makes a fresh one.
  package func practice(
    named name: String, run: String?, options: PracticeOptions
  ) async throws -> PracticeHost {
    let directory = try directory(named: name, run: run)
    if options.scenario != nil, FileManager.default.fileExists(atPath: directory + "/account.json") {
      throw TutorError(
        Diagnostic(
          .error, "the practice account \(run ?? name) exists already",
          detail: "A scenario is what an account begins with.",
          hint: "Give another --account, or play it on this one with 'cairn practice scenario'."))
    }
    return try await PracticeHost(
      directory: directory, region: options.region ?? Workshop.practiceRegion, models: models,
      options: options)
  }

  /// A practice account that exists, served or not.
  ///
  /// - Throws: `TutorError` if there is none, `LabError` if there is no such run.
  package func account(named name: String, run: String?) throws -> AccountReach {
    let directory = try directory(named: name, run: run)
    guard FileManager.default.fileExists(atPath: directory + "/account.json") else {
      throw TutorError(
        Diagnostic(
          .error, "there is no practice account \(run ?? name)", hint: "'cairn practice status' lists them."))
    }
    return AccountReach(name: run ?? name, directory: directory, models: models)
  }

  /// All practice accounts: by name, and those of runs by the run.
  package func accounts() throws(LabError) -> [AccountReach] {
    let runs: [RunRecord]
    do { runs = try store.runs() } catch { throw .store(error) }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: places.account(named: ""))) ?? []
    return names.sorted().compactMap { name in
      let directory = places.account(named: name)
      guard FileManager.default.fileExists(atPath: directory + "/account.json") else { return nil }
      let run = runs.first { $0.practiceDirectory == directory }
      return AccountReach(name: run.map { "run \($0.id)" } ?? name, directory: directory, models: models)
    }
  }

  /// What was refused on the account of a run, or of the run worked on last.
  package func accountOfRun(_ run: String?) throws -> AccountReach {
    let record = try find(run, evenTornDown: true)
    return try account(named: record.id, run: record.id)
  }

  /// Takes a stopped run back to before the block that was begun last; the run's id and the block's.
  package func undo(run: String?) async throws -> (run: String, block: String) {
    let opened = try await openForTeardown(run: run, pace: .instant)
    do {
      let block = try await opened.session.undo()
      await opened.close()
      return (opened.session.run.id, block)
    } catch {
      await opened.close()
      throw error
    }
  }

  private func directory(named name: String, run: String?) throws -> String {
    guard let run else { return places.account(named: name) }
    let record = try find(run)
    guard let directory = record.practiceDirectory else {
      throw TutorError(
        Diagnostic(
          .error, "run \(record.id) works on a live account",
          hint: "Only a practice run has a practice account."))
    }
    return directory
  }
}
