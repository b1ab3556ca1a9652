import GRDB

extension ProgressStore {
  /// Records that a block begins to run, and that the learner is in its section.
  package func beginExecution(
    run: String, section: String, block: String, at now: Int64
  ) throws(StoreError) -> BlockExecution {
    try write { db in
      let last = try Int.fetchOne(
        db, sql: "SELECT max(ordinal) FROM execution WHERE run = ? AND block = ?", arguments: [run, block])
      let ordinal = (last ?? 0) + 1
      try db.execute(
        sql: """
          INSERT INTO execution (run, section, block, ordinal, status, nextStatement, startedAt)
          VALUES (?, ?, ?, ?, 'running', 0, ?)
          """, arguments: [run, section, block, ordinal, now])
      let id = db.lastInsertedRowID
      try db.execute(
        sql: "UPDATE run SET section = ?, updatedAt = ? WHERE id = ?", arguments: [section, now, run])
      return BlockExecution(
        id: id, run: run, section: section, block: block, ordinal: ordinal, status: .running, exitStatus: nil,
        nextStatement: 0, passed: "", startedAt: now, endedAt: nil)
    }
  }

  /// A statement has ended: the next one, the session after it and the variables it set, in one transaction,
  /// so that a resumed run never sees one without the others.
  ///
  /// - Parameters:
  ///   - next: index of the statement to go on with.
  ///   - passed: digest of the statements before it, by which an edited block is noticed.
  ///   - snapshot: the session as the engine writes it; nil leaves the last one.
  package func commitStatement(
    _ execution: Int64, next: Int, passed: String = "", snapshot: String?, variables: [VariableRecord] = [],
    transcript: [TranscriptEntry] = [], at now: Int64
  ) throws(StoreError) {
    try write { db in
      let run = try ProgressStore.runOfExecution(execution, db)
      try db.execute(
        sql: "UPDATE execution SET nextStatement = ?, passed = ? WHERE id = ?",
        arguments: [next, passed, execution])
      try ProgressStore.save(snapshot: snapshot, variables: variables, run: run, at: now, db)
      try ProgressStore.append(transcript, run: run, db)
    }
  }

  /// A block has ended, with the session as it is then; `.done` moves past its last statement.
  package func endExecution(
    _ execution: Int64, status: ExecutionStatus, exitStatus: Int32?, snapshot: String? = nil,
    variables: [VariableRecord] = [], transcript: [TranscriptEntry] = [], at now: Int64
  ) throws(StoreError) {
    try write { db in
      let run = try ProgressStore.runOfExecution(execution, db)
      try db.execute(
        sql: "UPDATE execution SET status = ?, exitStatus = ?, endedAt = ? WHERE id = ?",
        arguments: [status.rawValue, exitStatus, now, execution])
      try ProgressStore.save(snapshot: snapshot, variables: variables, run: run, at: now, db)
      try ProgressStore.append(transcript, run: run, db)
    }
  }

  /// Marks executions that a dead process left running, and returns them. Call with the run's lock held.
  package func interruptRunningExecutions(run: String, at now: Int64) throws(StoreError) -> [BlockExecution] {
    try write { db in
      try db.execute(
        sql: "UPDATE execution SET status = 'interrupted', endedAt = ? WHERE run = ? AND status = 'running'",
        arguments: [now, run])
      return try Row.fetchAll(
        db, sql: "SELECT * FROM execution WHERE run = ? AND status = 'interrupted' ORDER BY id",
        arguments: [run]
      ).map(BlockExecution.init)
    }
  }

  /// Sets an interrupted execution running again, at its next statement.
  package func resumeExecution(_ execution: Int64, at now: Int64) throws(StoreError) -> BlockExecution {
    try write { db in
      try db.execute(
        sql: "UPDATE execution SET status = 'running', exitStatus = NULL, endedAt = NULL WHERE id = ?",
        arguments: [execution])
      guard
        let row = try Row.fetchOne(db, sql: "SELECT * FROM execution WHERE id = ?", arguments: [execution])
      else { throw StoreError.missing(kind: "execution", id: String(execution)) }
      let record = BlockExecution(row)
      try db.execute(sql: "UPDATE run SET updatedAt = ? WHERE id = ?", arguments: [now, record.run])
      return record
    }
  }

  /// Executions of a run, oldest first.
  package func executions(run: String) throws(StoreError) -> [BlockExecution] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM execution WHERE run = ? ORDER BY id", arguments: [run])
        .map(BlockExecution.init)
    }
  }

  /// The last execution of a block.
  package func latestExecution(run: String, block: String) throws(StoreError) -> BlockExecution? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM execution WHERE run = ? AND block = ? ORDER BY ordinal DESC LIMIT 1",
        arguments: [run, block]
      ).map(BlockExecution.init)
    }
  }

  /// The session as it was after the last statement that ended; nil before the first.
  package func session(run: String) throws(StoreError) -> String? {
    try read { db in
      try String.fetchOne(db, sql: "SELECT snapshot FROM session WHERE run = ?", arguments: [run])
    }
  }

  /// Stores the session outside of a statement, for instance after the learner typed a command.
  package func saveSession(
    run: String, snapshot: String, variables: [VariableRecord] = [], at now: Int64
  ) throws(StoreError) {
    try write { db in
      try ProgressStore.save(snapshot: snapshot, variables: variables, run: run, at: now, db)
    }
  }

  /// Variables of a run by name.
  package func variables(run: String) throws(StoreError) -> [VariableRecord] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM variable WHERE run = ? ORDER BY name", arguments: [run]).map {
        row in
        VariableRecord(
          name: row["name"], value: row["value"], block: row["block"], statement: row["statement"],
          setAt: row["setAt"])
      }
    }
  }

  private static func runOfExecution(_ execution: Int64, _ db: Database) throws -> String {
    guard
      let run = try String.fetchOne(db, sql: "SELECT run FROM execution WHERE id = ?", arguments: [execution])
    else { throw StoreError.missing(kind: "execution", id: String(execution)) }
    return run
  }

  private static func save(
    snapshot: String?, variables: [VariableRecord], run: String, at now: Int64, _ db: Database
  ) throws {
    if let snapshot {
      try db.execute(
        sql: """
          INSERT INTO session (run, snapshot, updatedAt) VALUES (?, ?, ?)
          ON CONFLICT (run) DO UPDATE SET snapshot = excluded.snapshot, updatedAt = excluded.updatedAt
          """, arguments: [run, snapshot, now])
    }
    for variable in variables {
      try db.execute(
        sql: """
          INSERT INTO variable (run, name, value, block, statement, setAt) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (run, name) DO UPDATE SET
            value = excluded.value, block = excluded.block, statement = excluded.statement, setAt = excluded.setAt
          """,
        arguments: [run, variable.name, variable.value, variable.block, variable.statement, variable.setAt])
    }
    try db.execute(sql: "UPDATE run SET updatedAt = ? WHERE id = ?", arguments: [now, run])
  }
}

extension BlockExecution {
  init(_ row: Row) {
    self.init(
      id: row["id"], run: row["run"], section: row["section"], block: row["block"], ordinal: row["ordinal"],
      status: ExecutionStatus(rawValue: row["status"]) ?? .interrupted, exitStatus: row["exitStatus"],
      nextStatement: row["nextStatement"], passed: row["passed"], startedAt: row["startedAt"],
      endedAt: row["endedAt"])
  }
}
