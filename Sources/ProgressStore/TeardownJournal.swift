import GRDB

/// How a teardown, or one step of it, stands.
package enum TeardownState: String, Sendable, Hashable {
  case planned
  case running
  case done
  /// Deletion is accepted and happens later.
  case pending
  /// Left where it is on purpose.
  case kept
  case failed
}

/// One teardown of a run.
package struct TeardownRecord: Sendable, Hashable, Identifiable {
  package let id: Int64
  package var run: String
  package var state: TeardownState
  package var startedAt: Int64
  package var endedAt: Int64?
}

/// One step of a teardown: one resource and what became of it.
package struct TeardownStepRecord: Sendable, Hashable {
  package var ordinal: Int
  package var type: String
  package var identity: String
  package var region: String
  package var title: String
  package var action: String
  package var state: TeardownState
  /// The error, the date of a pending deletion, or why it is kept.
  package var detail: String?
  package var startedAt: Int64?
  package var endedAt: Int64?

  package init(
    ordinal: Int, type: String, identity: String, region: String, title: String, action: String,
    state: TeardownState, detail: String? = nil, startedAt: Int64? = nil, endedAt: Int64? = nil
  ) {
    self.ordinal = ordinal
    self.type = type
    self.identity = identity
    self.region = region
    self.title = title
    self.action = action
    self.state = state
    self.detail = detail
    self.startedAt = startedAt
    self.endedAt = endedAt
  }
}

extension ProgressStore {
  /// Begins a teardown with its planned steps, and sets the run to `.tearingDown`.
  package func beginTeardown(
    run: String, steps: [TeardownStepRecord], at now: Int64
  ) throws(StoreError) -> TeardownRecord {
    try write { db in
      try db.execute(
        sql: "INSERT INTO teardown (run, state, startedAt) VALUES (?, 'running', ?)", arguments: [run, now])
      let id = db.lastInsertedRowID
      for step in steps { try ProgressStore.save(step, teardown: id, db) }
      try db.execute(
        sql: "UPDATE run SET state = 'tearing-down', updatedAt = ? WHERE id = ?", arguments: [now, run])
      return TeardownRecord(id: id, run: run, state: .running, startedAt: now, endedAt: nil)
    }
  }

  /// Records how a step stands now.
  package func saveTeardownStep(_ step: TeardownStepRecord, teardown: Int64) throws(StoreError) {
    try write { db in try ProgressStore.save(step, teardown: teardown, db) }
  }

  /// Ends a teardown and sets the state of its run.
  package func endTeardown(
    _ teardown: Int64, state: TeardownState, runState: RunState, at now: Int64
  ) throws(StoreError) {
    let ended = runState == .tornDown ? now : nil
    try write { db in
      try db.execute(
        sql: "UPDATE teardown SET state = ?, endedAt = ? WHERE id = ?",
        arguments: [state.rawValue, now, teardown])
      try db.execute(
        sql: """
          UPDATE run SET state = ?, endedAt = ?, updatedAt = ?
          WHERE id = (SELECT run FROM teardown WHERE id = ?)
          """, arguments: [runState.rawValue, ended, now, teardown])
    }
  }

  /// The last teardown of a run with its steps; nil if there was none.
  package func latestTeardown(
    run: String
  ) throws(StoreError) -> (teardown: TeardownRecord, steps: [TeardownStepRecord])? {
    try read { db in
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT * FROM teardown WHERE run = ? ORDER BY id DESC LIMIT 1", arguments: [run])
      else { return nil }
      let teardown = TeardownRecord(
        id: row["id"], run: row["run"], state: TeardownState(rawValue: row["state"]) ?? .failed,
        startedAt: row["startedAt"], endedAt: row["endedAt"])
      let steps = try Row.fetchAll(
        db, sql: "SELECT * FROM teardownStep WHERE teardown = ? ORDER BY ordinal, id",
        arguments: [teardown.id]
      ).map { row in
        TeardownStepRecord(
          ordinal: row["ordinal"], type: row["type"], identity: row["identity"], region: row["region"],
          title: row["title"], action: row["action"], state: TeardownState(rawValue: row["state"]) ?? .failed,
          detail: row["detail"], startedAt: row["startedAt"], endedAt: row["endedAt"])
      }
      return (teardown, steps)
    }
  }

  private static func save(_ step: TeardownStepRecord, teardown: Int64, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO teardownStep (teardown, ordinal, type, identity, region, title, action, state, detail,
          startedAt, endedAt)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (teardown, type, identity, region) DO UPDATE SET
          title = excluded.title, action = excluded.action, state = excluded.state, detail = excluded.detail,
          startedAt = coalesce(startedAt, excluded.startedAt), endedAt = excluded.endedAt
        """,
      arguments: [
        teardown, step.ordinal, step.type, step.identity, step.region, step.title, step.action,
        step.state.rawValue, step.detail, step.startedAt, step.endedAt,
      ])
  }
}
