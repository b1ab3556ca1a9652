import OrderedJSON
import ServiceModels

/// One step of removing a resource.
package struct RemovalStep: Sendable {
  /// What the step does with its call.
  package enum Action: Sendable {
    /// Make the call.
    case call
    /// Ask until `until` holds.
    case wait(until: Expression, failed: Expression?, reason: Expression?)
  }

  package var action: Action
  package var service: String
  package var operation: String
  package var input: Template
  /// Look first, and make the call only if this holds.
  package var condition: Condition?
  /// Make the call for each item of a list, until the list is empty.
  package var each: Each?
  /// Errors that mean there is nothing left to do.
  package var gone: [ErrorPattern]
  /// Errors that pass: ask again within the type's patience.
  package var again: [ErrorPattern]
  /// For calls that answer success and name failures in the answer.
  package var failures: Failures?

  /// A reading call and what must hold of its answer (under `output`) and the parts.
  package struct Condition: Sendable {
    package var service: String
    package var operation: String
    package var input: Template
    package var absent: [ErrorPattern]
    package var holds: Expression
  }

  package struct Each: Sendable {
    package var service: String
    package var operation: String
    package var input: Template
    package var absent: [ErrorPattern]
    /// The items in the list's answer.
    package var items: Expression
    /// How many items one call takes; they are under `items` then, and under `item` if it is one.
    package var atOnce: Int
    /// What the items are, in words: `object versions`.
    package var title: String
  }

  /// Where failures are in the answer, and the code and message of each.
  package struct Failures: Sendable {
    package var items: Expression
    package var code: Expression
    package var message: Expression
  }
}
