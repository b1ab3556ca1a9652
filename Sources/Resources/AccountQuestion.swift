import OrderedJSON
import ServiceModels
import Wire

/// An error of a service, by its code and, where the code says too little, a part of its message.
package struct ErrorPattern: Sendable, Hashable {
  package var code: String
  package var text: String?

  /// `Code` or `Code~part of the message`.
  init(_ spelling: String) {
    let parts = spelling.split(separator: "~", maxSplits: 1)
    code = parts.first.map(String.init) ?? ""
    text = parts.count > 1 ? String(parts[1]) : nil
  }

  package func matches(code: String, message: String) -> Bool {
    guard code == self.code else { return false }
    guard let text else { return true }
    return message.lowercased().contains(text.lowercased())
  }
}

extension [ErrorPattern] {
  /// Whether one of them matches the fault.
  package func match(_ fault: ServiceFault) -> Bool {
    contains { $0.matches(code: fault.code, message: fault.message) }
  }
}

/// A reading call about one resource, and how its answer is understood.
package struct AccountQuestion: Sendable {
  package var service: String
  package var operation: String
  package var input: Template
  /// Errors that mean it is not there.
  package var absent: [ErrorPattern]
  /// Errors that mean it is there and is somebody else's.
  package var foreign: [ErrorPattern]
  /// Over the answer and the parts: it is there. Nil: any answer means that.
  package var present: Expression?
  /// It is not removed, but over: nothing more will come of it, and nothing is charged.
  package var over: Expression?
  /// Deletion is scheduled.
  package var pending: Expression?
  /// When it will be deleted: a path to a timestamp in the answer.
  package var pendingUntil: String?
  /// When it was made: a path to a timestamp in the answer.
  package var created: String?
  /// For a setting, the value in the answer that a restoring call needs.
  package var earlier: Expression?
}

/// How an answer about a resource reads.
package enum Reading: Sendable, Hashable {
  case absent
  case present
  /// There, and not this account's.
  case foreign
  /// It has ended by itself or was stopped; only a record of it is left.
  case over
  /// Its deletion is scheduled, for this time in milliseconds since 1970 if the answer says when.
  case pendingDeletion(Int64?)
}

extension AccountQuestion {
  /// What an answer says of the resource with these parts.
  package func reading(_ answer: Value, about document: JSON) -> Reading {
    let seen = document.adding("output", answer.outline)
    if let present, !present.holds(in: seen) { return .absent }
    if let pending, pending.holds(in: seen) {
      return .pendingDeletion(pendingUntil.flatMap { answer.at($0)?.timestamp?.milliseconds })
    }
    if let over, over.holds(in: seen) { return .over }
    return .present
  }

  /// What an error says of it; nil if it says nothing.
  package func reading(_ fault: ServiceFault) -> Reading? {
    if absent.match(fault) { return .absent }
    if foreign.match(fault) { return .foreign }
    return nil
  }
}

extension JSON {
  /// An object with one more member; anything else becomes an object with just that.
  package func adding(_ name: String, _ value: JSON) -> JSON {
    var members = object ?? JSONObject()
    members[name] = value
    return .object(members)
  }
}

/// How a resource is looked for when only the call that may have made it is known.
package struct Finding: Sendable {
  package var service: String
  package var operation: String
  package var input: Template
  /// The candidates in an answer.
  package var items: Expression
  /// Input member to set from the answer for the next page, and where that is.
  package var next: (member: String, path: Expression)?
  /// A further question about each candidate, its answer under the given name.
  package var details: [Detail]
  /// Whether a candidate is what the call made: over `item`, the details' names, `input` (of the call) and `run`.
  package var matches: Expression
  /// Whether a candidate carries the run's own mark: proof beyond likeness.
  package var proof: Expression?
  /// When a candidate was made: an expression over the same document that yields an ISO 8601 time.
  package var created: Expression?
  /// The parts of the candidate's identity.
  package var parts: [(name: String, expression: Expression)]
  /// How long a new resource may be missing from lists, in seconds.
  package var settles: Double

  package struct Detail: Sendable {
    package var name: String
    package var service: String
    package var operation: String
    package var input: Template
  }
}
