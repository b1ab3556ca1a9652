// Resources: what AWS operations make, and how each of those things is found, judged and removed.
//
// The knowledge is data: `assets/resources/*.json`, one file per service; what a member of an entry means is said
// at the property it is read into (`ResourceType`, `OperationEffect`, `AccountQuestion`, `Finding`, `RemovalStep`).
// This room reads the data, checks it against the service models, and answers questions about it; it makes no
// calls. Who does (the gate, the teardown) gets calls as values.
//
// Decisions:
// - One table serves six uses: what the ledger records, drift, teardown order and waits, verification, cost,
//   and the map. A new type is a new entry.
// - Expressions are JMESPath over plain documents. In templates a string that begins with `=` is an expression
//   over the resource's named parts; every other string is itself.
// - A resource is known by named parts (`Bucket`, `Key`); its identity is their values joined by `/`.
// - An operation that no entry names is of unknown effect: it is never taken for harmless.
import JMESPath
import OrderedJSON

/// The catalogue: every known type of resource, and what every known operation does to it.
package struct ResourceCatalog: Sendable {
  package let types: [ResourceType]
  private let byName: [String: Int]
  private let byOperation: [String: [OperationEffect]]
  private let reads: Set<String>

  init(types: [ResourceType], effects: [OperationEffect], reads: Set<String>) {
    self.types = types
    byName = Dictionary(types.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    byOperation = Dictionary(grouping: effects) { "\($0.service).\($0.operation)" }
    self.reads = reads
  }

  /// The type called `name` (`kms-key`).
  package func type(_ name: String) -> ResourceType? {
    byName[name].map { types[$0] }
  }

  /// What a mutating operation is known to do: its main effect first, then what AWS does beside it. Nil if
  /// the catalogue does not know the operation.
  package func effects(of service: String, _ operation: String) -> [OperationEffect]? {
    byOperation["\(service).\(operation)"]
  }

  /// Whether an operation only looks although its name does not say so (`kms Decrypt`).
  package func onlyReads(_ service: String, _ operation: String) -> Bool {
    reads.contains("\(service).\(operation)")
  }

  /// Every operation with an entry, as `service.Operation`.
  package var knownOperations: [String] { byOperation.keys.sorted() }
}
