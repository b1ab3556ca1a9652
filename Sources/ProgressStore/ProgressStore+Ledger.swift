import GRDB

extension ProgressStore {
  /// Records an intent. On the disk when it returns: only then may the call leave.
  package func recordIntent(_ intent: LedgerIntent) throws(StoreError) -> LedgerCall {
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO call (run, purpose, section, block, execution, statement, ordinal, service, operation,
            region, input, digest, token, predicted, probe, intentAt)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          intent.run, intent.purpose.rawValue, intent.place?.section, intent.place?.block,
          intent.place?.execution, intent.place?.statement, intent.place?.ordinal, intent.service,
          intent.operation, intent.region, intent.input, intent.digest, intent.token, intent.predicted,
          intent.probe, intent.at,
        ])
      return LedgerCall(id: db.lastInsertedRowID, intent: intent, outcome: nil)
    }
  }

  /// Records that an unsettled call, found not to have happened, is about to be sent again.
  ///
  /// - Parameter at: when it is sent again; nil keeps the time of the first intent.
  package func reopenIntent(_ call: Int64, probe: String? = nil, at now: Int64?) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: """
          UPDATE call SET outcome = NULL, response = NULL, identities = NULL, errorCode = NULL,
            errorMessage = NULL, outcomeAt = NULL, intentAt = coalesce(?, intentAt), probe = coalesce(?, probe)
          WHERE id = ?
          """, arguments: [now, probe, call])
      if db.changesCount == 0 { throw StoreError.missing(kind: "call", id: String(call)) }
    }
  }

  /// Records what became of a call and of the resources it touched, in one transaction.
  package func recordOutcome(
    _ outcome: LedgerOutcome, ofCall call: Int64, resources: [ResourceChange] = []
  ) throws(StoreError) {
    try write { db in
      guard let run = try String.fetchOne(db, sql: "SELECT run FROM call WHERE id = ?", arguments: [call])
      else {
        throw StoreError.missing(kind: "call", id: String(call))
      }
      try db.execute(
        sql: """
          UPDATE call SET outcome = ?, response = ?, identities = ?, errorCode = ?, errorMessage = ?,
            outcomeAt = ? WHERE id = ?
          """,
        arguments: [
          outcome.kind.rawValue, outcome.response, outcome.identities, outcome.errorCode,
          outcome.errorMessage, outcome.at, call,
        ])
      for change in resources {
        try ProgressStore.apply(change, run: run, call: call, at: outcome.at, db)
      }
    }
  }

  /// The call of a statement of an execution with this ordinal; nil if it was never meant to be made.
  package func call(run: String, execution: Int64, statement: Int, ordinal: Int) throws(StoreError)
    -> LedgerCall?
  {
    try read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT * FROM call WHERE run = ? AND execution = ? AND statement = ? AND ordinal = ?
          ORDER BY id DESC LIMIT 1
          """, arguments: [run, execution, statement, ordinal]
      ).map(LedgerCall.init)
    }
  }

  /// All calls of a statement of an execution, in the order of their intents.
  package func calls(run: String, execution: Int64, statement: Int) throws(StoreError) -> [LedgerCall] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM call WHERE run = ? AND execution = ? AND statement = ? ORDER BY id",
        arguments: [run, execution, statement]
      ).map(LedgerCall.init)
    }
  }

  /// All calls of a run, in the order of their intents.
  package func calls(run: String) throws(StoreError) -> [LedgerCall] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM call WHERE run = ? ORDER BY id", arguments: [run])
        .map(LedgerCall.init)
    }
  }

  /// Calls of which it is not known what became of them: no outcome, or an unknown one.
  package func unsettledCalls(run: String) throws(StoreError) -> [LedgerCall] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM call WHERE run = ? AND (outcome IS NULL OR outcome = 'unknown') ORDER BY id",
        arguments: [run]
      ).map(LedgerCall.init)
    }
  }
}

extension LedgerCall {
  init(_ row: Row) {
    var place: CallPlace?
    if let execution: Int64 = row["execution"], let statement: Int = row["statement"],
      let ordinal: Int = row["ordinal"]
    {
      place = CallPlace(
        section: row["section"] ?? "", block: row["block"] ?? "", execution: execution, statement: statement,
        ordinal: ordinal)
    }
    var outcome: LedgerOutcome?
    if let kind: String = row["outcome"] {
      outcome = LedgerOutcome(
        kind: OutcomeKind(rawValue: kind) ?? .unknown, response: row["response"],
        identities: row["identities"] ?? "[]", errorCode: row["errorCode"], errorMessage: row["errorMessage"],
        at: row["outcomeAt"] ?? 0)
    }
    self.init(
      id: row["id"],
      intent: LedgerIntent(
        run: row["run"], purpose: CallPurpose(rawValue: row["purpose"]) ?? .lesson, place: place,
        service: row["service"], operation: row["operation"], region: row["region"], input: row["input"],
        digest: row["digest"], token: row["token"], predicted: row["predicted"], probe: row["probe"],
        at: row["intentAt"]),
      outcome: outcome)
  }
}
