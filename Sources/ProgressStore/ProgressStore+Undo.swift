import GRDB

/// What a run can be taken back to: how it stood before a block ran.
package struct UndoPoint: Sendable, Hashable, Identifiable {
  package let id: Int64
  /// What account and files are kept under.
  package var name: String
  /// The block that ran then.
  package var block: String
  /// Whether the run is being taken back to it: somebody was stopped in the middle, and it is to be gone on with.
  package var isUndoing: Bool
  package var at: Int64
}

extension ProgressStore {
  /// The tables that a point keeps, row by row.
  private static let kept = ["execution", "session", "variable", "verdict", "resource"]

  /// Keeps how the run stands now, and forgets all points but the last `limit`.
  ///
  /// - Returns: the names of the points that were forgotten.
  package func addUndoPoint(
    run: String, name: String, block: String, keeping limit: Int, at now: Int64
  ) throws(StoreError) -> [String] {
    try write { db in
      try db.execute(
        sql: "INSERT INTO undoPoint (run, name, block, state, at) VALUES (?, ?, ?, ?, ?)",
        arguments: [run, name, block, try Self.state(of: run, db), now])
      let old = try String.fetchAll(
        db, sql: "SELECT name FROM undoPoint WHERE run = ? ORDER BY id DESC LIMIT -1 OFFSET ?",
        arguments: [run, limit])
      for name in old {
        try db.execute(sql: "DELETE FROM undoPoint WHERE run = ? AND name = ?", arguments: [run, name])
      }
      return old
    }
  }

  /// The points of a run, oldest first.
  package func undoPoints(run: String) throws(StoreError) -> [UndoPoint] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT id, name, block, isUndoing, at FROM undoPoint WHERE run = ? ORDER BY id",
        arguments: [run]
      ).map { row in
        UndoPoint(
          id: row["id"], name: row["name"], block: row["block"], isUndoing: row["isUndoing"], at: row["at"])
      }
    }
  }

  /// Notes the intent to take the run back to a point.
  package func beginUndo(_ point: Int64) throws(StoreError) {
    try write { db in
      try db.execute(sql: "UPDATE undoPoint SET isUndoing = 1 WHERE id = ?", arguments: [point])
    }
  }

  /// Takes the run's executions, session, variables, verdicts, resources and state back to a point, forgets the calls
  /// made since and the points from this one on, in one transaction.
  package func finishUndo(
    _ point: Int64, run: String, transcript: [TranscriptEntry], at now: Int64
  ) throws(StoreError) {
    try write { db in
      guard
        let state = try String.fetchOne(
          db, sql: "SELECT state FROM undoPoint WHERE id = ? AND run = ?", arguments: [point, run])
      else { throw StoreError.missing(kind: "point to go back to", id: String(point)) }
      try Self.restore(state, of: run, at: now, db)
      try db.execute(sql: "DELETE FROM undoPoint WHERE run = ? AND id >= ?", arguments: [run, point])
      try Self.append(transcript, run: run, db)
    }
  }

  /// The rows as JSON: SQLite makes it and reads it.
  private static func state(of run: String, _ db: Database) throws -> String {
    var parts: [String] = []
    var arguments = StatementArguments()
    for table in kept {
      let columns = try columns(of: table, db)
      let names = columns.map { "'\($0)'" }.joined(separator: ", ")
      let values = columns.map { "\"\($0)\"" }.joined(separator: ", ")
      parts.append(
        "'\(table)', json_object('columns', json_array(\(names)), 'rows', "
          + "(SELECT json_group_array(json_array(\(values))) FROM \(table) WHERE run = ?))")
      arguments += [run]
    }
    let sql = """
      SELECT json_object(\(parts.joined(separator: ", ")),
        'lastCall', coalesce((SELECT max(id) FROM call WHERE run = ?), 0),
        'state', state, 'section', section, 'endedAt', endedAt) FROM run WHERE id = ?
      """
    guard let state = try String.fetchOne(db, sql: sql, arguments: arguments + [run, run]) else {
      throw StoreError.missing(kind: "run", id: run)
    }
    return state
  }

  private static func restore(_ state: String, of run: String, at now: Int64, _ db: Database) throws {
    for table in kept { try db.execute(sql: "DELETE FROM \(table) WHERE run = ?", arguments: [run]) }
    try db.execute(
      sql: "DELETE FROM call WHERE run = ? AND id > json_extract(?, '$.lastCall')", arguments: [run, state])
    for table in kept {
      let had = try String.fetchAll(
        db, sql: "SELECT value FROM json_each(?, ?)", arguments: [state, "$.\(table).columns"])
      let columns = Set(try columns(of: table, db))
      // A column of today that the rows did not have yet takes its default.
      let places = had.enumerated().filter { columns.contains($0.element) }
      guard !places.isEmpty else { continue }
      let names = places.map { "\"\($0.element)\"" }.joined(separator: ", ")
      let values = places.map { "json_extract(value, '$[\($0.offset)]')" }.joined(separator: ", ")
      try db.execute(
        sql: "INSERT INTO \(table) (\(names)) SELECT \(values) FROM json_each(?, ?)",
        arguments: [state, "$.\(table).rows"])
    }
    try db.execute(
      sql: """
        UPDATE run SET state = json_extract(?, '$.state'), section = json_extract(?, '$.section'),
          endedAt = json_extract(?, '$.endedAt'), updatedAt = ? WHERE id = ?
        """, arguments: [state, state, state, now, run])
  }

  private static func columns(of table: String, _ db: Database) throws -> [String] {
    try db.columns(in: table).map(\.name)
  }
}
