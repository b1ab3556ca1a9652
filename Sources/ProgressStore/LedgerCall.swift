/// Who made a call.
package enum CallPurpose: String, Sendable, Hashable {
  /// A command of the lesson or of the learner.
  case lesson
  /// A teardown's own call.
  case teardown
}

/// Where in a run a call was made, so that the same call is recognised when its statement is run again.
package struct CallPlace: Sendable, Hashable {
  package var section: String
  package var block: String
  /// The id of the block execution.
  package var execution: Int64
  /// The index of the statement in the block.
  package var statement: Int
  /// The how-manieth mutating call of that statement, from 0.
  package var ordinal: Int

  package init(section: String, block: String, execution: Int64, statement: Int, ordinal: Int) {
    self.section = section
    self.block = block
    self.execution = execution
    self.statement = statement
    self.ordinal = ordinal
  }
}

/// What is recorded before a mutating call leaves.
package struct LedgerIntent: Sendable, Hashable {
  package var run: String
  package var purpose: CallPurpose
  /// Nil for calls outside of a block (teardown, sweep).
  package var place: CallPlace?
  /// The service model's name and AWS's name of the operation: `kms`, `CreateKey`.
  package var service: String
  package var operation: String
  package var region: String
  /// The input as JSON text, secrets redacted by whoever records it.
  package var input: String
  /// Digest of the canonical input, secrets included: equal inputs have equal digests.
  package var digest: String
  /// The idempotency token that was sent, to be sent again.
  package var token: String?
  /// JSON text of the identities that were known beforehand.
  package var predicted: String
  /// JSON text of what the account answered before the call: whether the resource existed, earlier values.
  package var probe: String?
  package var at: Int64

  package init(
    run: String, purpose: CallPurpose = .lesson, place: CallPlace?, service: String, operation: String,
    region: String, input: String, digest: String, token: String? = nil, predicted: String = "[]",
    probe: String? = nil, at: Int64
  ) {
    self.run = run
    self.purpose = purpose
    self.place = place
    self.service = service
    self.operation = operation
    self.region = region
    self.input = input
    self.digest = digest
    self.token = token
    self.predicted = predicted
    self.probe = probe
    self.at = at
  }
}

/// What became of a call.
package enum OutcomeKind: String, Sendable, Hashable, CaseIterable {
  case created
  case changed
  case deleted
  /// It succeeded, but what it names was there before the run.
  case existedBefore = "existed-before"
  /// It succeeded; the catalogue does not know what it does.
  case unknownEffect = "unknown-effect"
  /// The service said no; nothing was changed.
  case failed
  /// It may or may not have reached the service.
  case unknown
}

/// What is recorded once a call has returned, or has been settled by reading the account.
package struct LedgerOutcome: Sendable, Hashable {
  package var kind: OutcomeKind
  /// The response as the gate encodes it; nil if there is none.
  package var response: String?
  /// JSON text of the identities found in the response.
  package var identities: String
  package var errorCode: String?
  package var errorMessage: String?
  package var at: Int64

  package init(
    kind: OutcomeKind, response: String? = nil, identities: String = "[]", errorCode: String? = nil,
    errorMessage: String? = nil, at: Int64
  ) {
    self.kind = kind
    self.response = response
    self.identities = identities
    self.errorCode = errorCode
    self.errorMessage = errorMessage
    self.at = at
  }
}

/// A line of the ledger.
package struct LedgerCall: Sendable, Hashable, Identifiable {
  package let id: Int64
  package var intent: LedgerIntent
  /// Nil while it is not known what became of the call.
  package var outcome: LedgerOutcome?

  /// Whether the account must be read to know what became of it.
  package var isUnsettled: Bool { outcome == nil || outcome?.kind == .unknown }
}
