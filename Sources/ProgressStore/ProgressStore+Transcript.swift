import GRDB

extension ProgressStore {
  /// Adds entries at the end, in one transaction: collect a screenful before calling.
  package func appendTranscript(_ entries: [TranscriptEntry], run: String) throws(StoreError) {
    if entries.isEmpty { return }
    try write { db in try ProgressStore.append(entries, run: run, db) }
  }

  /// Entries after the entry `after`, oldest first; with a limit, the last ones.
  package func transcript(
    run: String, after: Int64 = 0, last limit: Int? = nil
  ) throws(StoreError) -> [TranscriptEntry] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM (SELECT * FROM transcript WHERE run = ? AND id > ? ORDER BY id DESC LIMIT ?) ORDER BY id
          """, arguments: [run, after, limit ?? -1]
      ).map { row in
        TranscriptEntry(
          id: row["id"], kind: TranscriptKind(rawValue: row["kind"]) ?? .notice, block: row["block"],
          text: row["text"], at: row["at"])
      }
    }
  }

  static func append(_ entries: [TranscriptEntry], run: String, _ db: Database) throws {
    for entry in entries {
      try db.execute(
        sql: "INSERT INTO transcript (run, kind, block, text, at) VALUES (?, ?, ?, ?, ?)",
        arguments: [run, entry.kind.rawValue, entry.block, entry.text, entry.at])
    }
  }

  /// Records a verdict over the check's last one.
  package func saveCheck(_ check: CheckRecord, run: String) throws(StoreError) {
    let passedAt = check.verdict == .passed ? check.at : nil
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO verdict (run, checkID, verdict, expected, found, hint, at, waitingSince, passedAt)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (run, checkID) DO UPDATE SET
            verdict = excluded.verdict, expected = excluded.expected, found = excluded.found,
            hint = excluded.hint, at = excluded.at, waitingSince = excluded.waitingSince,
            passedAt = coalesce(excluded.passedAt, passedAt)
          """,
        arguments: [
          run, check.id, check.verdict.rawValue, check.expected, check.found, check.hint, check.at,
          check.waitingSince, passedAt,
        ])
    }
  }

  /// The last verdicts of a run, by check id.
  package func checks(run: String) throws(StoreError) -> [CheckRecord] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM verdict WHERE run = ? ORDER BY checkID", arguments: [run]).map
      { row in
        CheckRecord(
          id: row["checkID"], verdict: CheckVerdict(rawValue: row["verdict"]) ?? .error,
          expected: row["expected"], found: row["found"], hint: row["hint"], at: row["at"],
          waitingSince: row["waitingSince"])
      }
    }
  }
}
