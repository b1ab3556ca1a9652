/// Where in a run the calls come from that pass the gate now.
package struct GateContext: Sendable, Hashable {
  package var section: String
  package var block: String
  /// The id of the block execution.
  package var execution: Int64
  /// The index of the statement in the block.
  package var statement: Int

  package init(section: String, block: String, execution: Int64, statement: Int) {
    self.section = section
    self.block = block
    self.execution = execution
    self.statement = statement
  }

  /// The context of the current task, where one was set; it goes before the gate's own (`LedgerGate.begin`).
  @TaskLocal package static var current: GateContext?
}
