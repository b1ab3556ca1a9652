import AWSClient
import OrderedJSON
import ProgressStore
import Resources
import ServiceModels
import Synchronization

/// The gate before every mutating call of a run: the intent is on the disk before the call leaves, the outcome
/// after it has returned.
///
/// When a statement is run again after a crash, calls it has already made are answered from the ledger, or from
/// the account where the ledger does not know the outcome; none is made twice. Calls that only read pass through.
package final class LedgerGate: CallGate {
  package struct Settings: Sendable, Hashable {
    /// Tag what can only be found again by a tag with the run's id and section.
    package var marks: Bool
    /// Regions besides the run's own in which it may change things.
    package var furtherRegions: Set<String>

    package init(marks: Bool = true, furtherRegions: Set<String> = []) {
      self.marks = marks
      self.furtherRegions = furtherRegions
    }
  }

  let ledger: Ledger
  let settings: Settings
  let clientToken: @Sendable () -> String
  private let state = Mutex(State())

  private struct State {
    var context: GateContext?
    /// Calls that this process has recorded or replayed since the statement began.
    var seen: Set<Int64> = []
    var ordinal = 0
  }

  package init(
    _ ledger: Ledger, settings: Settings = Settings(),
    clientToken: @escaping @Sendable () -> String = ClientSeams.randomToken
  ) {
    self.ledger = ledger
    self.settings = settings
    self.clientToken = clientToken
  }

  /// A statement begins: its calls are matched anew with those of an earlier, interrupted try.
  ///
  /// - Parameter context: nil for calls outside of any block.
  package func begin(_ context: GateContext?) {
    state.withLock { $0 = State(context: context) }
  }

  package func pass(
    _ call: AWSCall, _ send: @Sendable (AWSCall) async throws(AWSError) -> Value
  ) async throws(AWSError) -> Value {
    let catalog = ledger.catalog
    let effects = catalog.effects(of: call.service, call.operation.name)
    if effects == nil && (call.operation.isReadOnly || catalog.onlyReads(call.service, call.operation.name)) {
      return try await send(call)
    }
    try refuseOtherRegion(call)
    let context = GateContext.current ?? state.withLock { $0.context }
    let digest = LedgerValue.digest(
      service: call.service, operation: call.operation, region: call.region, input: call.input)
    do {
      switch try await earlierTry(of: call, digest, context) {
      case .answered(let answer): return answer
      case .again(let earlier): return try await perform(call, digest, context, effects, again: earlier, send)
      case .none: return try await perform(call, digest, context, effects, again: nil, send)
      }
    } catch let error as LedgerFailure {
      throw error.callError
    } catch let error as AWSError {
      throw error
    } catch {
      throw .refused("\(error)")
    }
  }

  func markSeen(_ call: Int64) {
    state.withLock { _ = $0.seen.insert(call) }
  }

  func isSeen(_ call: Int64) -> Bool {
    state.withLock { $0.seen.contains(call) }
  }

  func nextOrdinal() -> Int {
    state.withLock { state in
      defer { state.ordinal += 1 }
      return state.ordinal
    }
  }

  /// A run is bound to its Region: a lesson that strays would leave things where nobody looks.
  private func refuseOtherRegion(_ call: AWSCall) throws(AWSError) {
    let home = ledger.run.region
    if call.region == home || call.region == "aws-global" || settings.furtherRegions.contains(call.region) {
      return
    }
    // S3 has a global endpoint too, but a bucket lives in a Region.
    if call.operation.model.globalEndpoint != nil && call.service != "s3" { return }
    throw .refused(
      "This run works in \(home); the command would act in \(call.region), and was not sent. "
        + "Use --region \(home), or begin a run for \(call.region).")
  }
}
