import ProgressStore
import Resources
import Wire

/// What is to be done about one resource.
package struct TeardownItem: Sendable, Hashable, Identifiable {
  package enum Decision: Sendable, Hashable {
    /// The run made it: it is removed.
    case remove
    /// The run changed it: the earlier value is put back.
    case restore
    /// It stays, for this reason.
    case keep(String)
    /// Its deletion is scheduled already, for this time (milliseconds since 1970) if it is known.
    case pending(until: Int64?)
    /// It is not there any more.
    case gone
  }

  package var type: String
  package var identity: String
  package var region: String
  /// What it is, in words: `S3 bucket brainybee-ai-data-111122223333`.
  package var title: String
  /// What is done, in words: `delete with everything in it`.
  package var action: String
  package var decision: Decision
  /// What goes with it, in words.
  package var includes: [String]
  /// How long it may take, in words; empty if it is done at once.
  package var waits: String
  /// What it costs, and until when, in words; empty if nothing.
  package var bills: String

  package var id: String { "\(type) \(identity) \(region)" }

  /// Whether something is done about it.
  package var isWork: Bool { decision == .remove || decision == .restore }
}

/// What a teardown will do, in the order it will do it.
package struct TeardownPlan: Sendable, Hashable {
  package var run: String
  package var items: [TeardownItem]
  /// Calls of which Cairn does not know what they left, or that changed what the run did not make, in words.
  package var unknown: [String]

  /// What is removed or put back.
  package var work: [TeardownItem] { items.filter(\.isWork) }

  /// Whether there is nothing to do.
  package var isEmpty: Bool { work.isEmpty }

  /// One line on what there is to do.
  package var sentence: String {
    let work = work.count
    if work > 0 { return "\(work) \(work == 1 ? "thing" : "things") to take down." }
    return "Nothing is left to take down."
  }
}

/// How far a teardown is with one item.
package struct TeardownProgress: Sendable, Hashable {
  package enum State: Sendable, Hashable {
    case removing
    /// The account was asked again, and it is gone (or put back).
    case verified
    /// It goes at this time (milliseconds since 1970), if it is known.
    case pending(until: Int64?)
    case kept(String)
    /// It could not be removed: what went wrong, what to do, what it costs.
    case failed(String)
  }

  /// The item's id.
  package var item: String
  package var state: State
}

/// What a teardown came to.
package struct TeardownReport: Sendable, Hashable {
  package struct Line: Sendable, Hashable {
    package var item: TeardownItem
    package var state: TeardownProgress.State
  }

  package var run: String
  /// Every resource of the plan and what became of it.
  package var lines: [Line]
  package var unknown: [String]
  /// There was nothing to do.
  package var wasEmpty: Bool

  package func count(_ holds: (TeardownProgress.State) -> Bool) -> Int {
    lines.filter { holds($0.state) }.count
  }

  package var failures: [Line] {
    lines.filter { line in if case .failed = line.state { true } else { false } }
  }

  /// Whether nothing is left that the run made, but what is going by itself.
  package var isClean: Bool { failures.isEmpty }

  /// One sentence.
  package var sentence: String {
    var parts: [String] = []
    let gone = count { $0 == .verified }
    let pending = count { if case .pending = $0 { true } else { false } }
    let kept = count { if case .kept = $0 { true } else { false } }
    if gone > 0 { parts.append("\(gone) gone, as the account confirms") }
    for line in lines {
      guard case .pending(let until?) = line.state else { continue }
      parts.append("\(line.item.title) goes on \(Timestamp(milliseconds: until).iso8601.prefix(10))")
    }
    if pending > 0 && !parts.contains(where: { $0.contains(" goes on ") }) {
      parts.append("\(pending) going by itself")
    }
    if kept > 0 { parts.append("\(kept) kept") }
    if !failures.isEmpty { parts.append("\(failures.count) could not be removed") }
    if wasEmpty {
      return "Nothing was left to take down" + (parts.isEmpty ? "." : ": \(parts.joined(separator: "; ")).")
    }
    return parts.isEmpty ? "Nothing was left to take down." : parts.joined(separator: "; ") + "."
  }
}
