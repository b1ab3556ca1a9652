import Lessons

/// What the banner says: whose account this is, and whether it is a real one.
package struct Banner: Hashable, Sendable {
  package enum Mode: Hashable, Sendable { case practice, live }

  package var mode: Mode
  package var account: String
  package var region: String
  /// Who acts: a user or role name.
  package var identity: String
  /// Time spent, or the practice clock's note; empty to leave it out.
  package var clock: String

  package init(mode: Mode, account: String, region: String, identity: String = "", clock: String = "") {
    self.mode = mode
    self.account = account
    self.region = region
    self.identity = identity
    self.clock = clock
  }
}

/// A variable of the lab shell.
package struct VariableRow: Hashable, Sendable {
  package var name: String
  package var value: String
  /// Who set it: a block, a line; empty if unknown.
  package var origin: String

  package init(name: String, value: String, origin: String = "") {
    self.name = name
    self.value = value
    self.origin = origin
  }
}

/// Something the run created that still exists.
package struct OutstandingResource: Hashable, Sendable {
  package var name: String
  /// What it costs, or until when; empty if nothing is to be said.
  package var note: String

  package init(name: String, note: String = "") {
    self.name = name
    self.note = note
  }
}

/// Something to be read before going on.
package struct MessageView: Hashable, Sendable {
  package enum Severity: Hashable, Sendable { case note, warning, error }

  package var severity: Severity
  package var title: String
  /// Paragraphs.
  package var text: [String]
  /// What to do next; empty for nothing.
  package var hint: String

  package init(_ severity: Severity, _ title: String, text: [String] = [], hint: String = "") {
    self.severity = severity
    self.title = title
    self.text = text
    self.hint = hint
  }

  package init(_ diagnostic: Diagnostic) {
    let severity: Severity =
      switch diagnostic.severity {
      case .error: .error
      case .warning: .warning
      case .note: .note
      }
    var text: [String] = []
    if !diagnostic.place.isEmpty { text.append(diagnostic.place) }
    if let excerpt = diagnostic.excerpt { text.append("    " + excerpt) }
    if !diagnostic.detail.isEmpty {
      text += diagnostic.detail.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    self.init(severity, diagnostic.summary, text: text, hint: diagnostic.hint)
  }
}

/// The teardown as the learner sees it: first a plan, then what became of it.
package struct TeardownView: Hashable, Sendable {
  package struct Item: Hashable, Sendable, Identifiable {
    package var id: String
    /// What is removed or kept, e.g. `S3 bucket brainybee-ai-data-111122223333`.
    package var title: String
    /// More about it: what goes with it, what it costs; empty for nothing.
    package var detail: String
    package var state: ItemState

    package init(id: String, title: String, detail: String = "", state: ItemState = .planned) {
      self.id = id
      self.title = title
      self.detail = detail
      self.state = state
    }
  }

  package enum ItemState: Hashable, Sendable {
    case planned
    case removing
    case gone
    /// Gone, and the account was asked again.
    case verified
    /// Going on its own; the text says until when.
    case pending(until: String)
    case failed(String)
    /// Not removed; the text says why.
    case kept(String)
  }

  package enum Phase: Hashable, Sendable {
    case planning
    case planned
    case applying
    /// Over; the sentence sums it up.
    case finished(String)
  }

  package var phase: Phase
  /// In the order of removal.
  package var items: [Item]
  /// Remarks on money: what bills until when.
  package var notes: [String]

  package init(phase: Phase = .planned, items: [Item], notes: [String] = []) {
    self.phase = phase
    self.items = items
    self.notes = notes
  }

  /// Whether anything is still to be removed by us: what goes on its own is not.
  package var hasWork: Bool { items.contains { $0.state == .planned } }

  /// What will be, or was to be, removed.
  package var removals: [Item] { items.filter { if case .kept = $0.state { false } else { true } } }
}
