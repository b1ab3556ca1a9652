import Foundation
import LabEngine
import Lessons
import OrderedJSON
import ProgressStore
import Wire

/// A run as `cairn status` lists it.
package struct RunSummary: Sendable, Hashable {
  package let id: String
  package let lesson: String
  package let title: String
  package let mode: String
  package let account: String
  package let region: String
  package let state: String
  /// What still exists and is the run's to remove.
  package let outstanding: [Resource]
  /// What goes by itself at a date.
  package let pending: [Resource]

  package struct Resource: Sendable, Hashable {
    package let type: String
    package let identity: String
    package let name: String
    package let region: String
    package let state: String
    /// ISO 8601.
    package let until: String?

    init(_ record: ResourceRecord) {
      type = record.type
      identity = record.identity
      name = record.name
      region = record.region
      state = record.state.rawValue
      until = record.until.map { Timestamp(milliseconds: $0).iso8601 }
    }
  }

  /// A few lines for a person.
  package var text: String {
    var lines = ["\(id)  \(mode) \(account) \(region)  \(state)  \(title)"]
    lines += outstanding.map { "    \($0.name)" }
    lines += pending.map { "    \($0.name) goes by itself at \($0.until ?? "a date AWS keeps")" }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Workshop {
  /// All runs, the one worked on last first.
  package func summaries() throws(LabError) -> [RunSummary] {
    do {
      return try store.runs().map { run in
        let resources = try store.resources(run: run.id)
        return RunSummary(
          id: run.id, lesson: run.lessonID, title: run.lessonTitle, mode: run.mode.rawValue,
          account: run.account,
          region: run.region, state: run.state.rawValue,
          outstanding: resources.filter { $0.isOutstanding }.map { RunSummary.Resource($0) },
          pending: resources.filter { $0.state == .pendingDeletion }.map { RunSummary.Resource($0) })
      }
    } catch let error as StoreError {
      throw .store(error)
    } catch {
      throw .catalogue("\(error)")
    }
  }

  /// Takes a run's lock from whoever holds it, on the learner's word.
  package func unlock(run: String) throws(LabError) {
    let record = try find(run)
    do { try store.breakLock(record.id) } catch { throw .store(error) }
  }
}

extension OpenRun {
  /// What is said when the screen is gone: how to go on, and what is left.
  package func farewell() async -> String {
    let run = session.run
    var lines = ["Saved as \(run.id). 'cairn resume \(run.id)' goes on."]
    if let left = try? await session.outstanding(), !left.isEmpty {
      lines.append("Still on the account:")
      lines += left.map { "  \($0.title)" }
      lines.append("'cairn teardown \(run.id)' takes it down.")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
