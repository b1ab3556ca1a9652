import GRDB

extension ProgressStore {
  /// Records a new run under a fresh id: the lesson's id and four random characters.
  ///
  /// - Parameter suffix: the source of the random part; asked again while the id is taken.
  package func createRun(
    _ draft: RunDraft, at now: Int64, suffix: () -> String = ProgressStore.randomSuffix
  ) throws(StoreError) -> RunRecord {
    try write { db in
      let stem = ProgressStore.slug(draft.lessonID)
      for attempt in 0..<100 {
        let id = stem + "-" + suffix() + (attempt < 50 ? "" : String(attempt))
        if try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM run WHERE id = ?)", arguments: [id])
          == true
        {
          continue
        }
        let run = RunRecord(
          id: id, draft: draft, state: .active, section: nil, createdAt: now, updatedAt: now, endedAt: nil)
        try db.execute(
          sql: """
            INSERT INTO run (id, lessonPath, lessonID, lessonTitle, lessonDigest, mode, account, region,
              identityARN, state, practiceDirectory, createdAt, updatedAt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            id, draft.lessonPath, draft.lessonID, draft.lessonTitle, draft.lessonDigest, draft.mode.rawValue,
            draft.account, draft.region, draft.identityARN, run.state.rawValue, draft.practiceDirectory, now,
            now,
          ])
        return run
      }
      throw StoreError.failed(path: path, reason: "no free id for a run of \(stem)")
    }
  }

  /// The run called `id`, or the only run whose id begins with it; nil if there is none.
  package func run(_ id: String) throws(StoreError) -> RunRecord? {
    try read { db in
      if let row = try Row.fetchOne(db, sql: "SELECT * FROM run WHERE id = ?", arguments: [id]) {
        return RunRecord(row)
      }
      let rows = try Row.fetchAll(
        db, sql: "SELECT * FROM run WHERE substr(id, 1, length(?)) = ? LIMIT 2", arguments: [id, id])
      return rows.count == 1 ? rows.first.map(RunRecord.init) : nil
    }
  }

  /// All runs, the one worked on last first.
  package func runs() throws(StoreError) -> [RunRecord] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM run ORDER BY updatedAt DESC, rowid DESC").map(RunRecord.init)
    }
  }

  /// The run worked on last, of a lesson or of any, that is not torn down; nil if there is none.
  package func latestRun(lessonID: String? = nil) throws(StoreError) -> RunRecord? {
    try read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT * FROM run WHERE state <> 'torn-down' AND (? IS NULL OR lessonID = ?)
          ORDER BY updatedAt DESC, rowid DESC LIMIT 1
          """, arguments: [lessonID, lessonID]
      ).map(RunRecord.init)
    }
  }

  /// Changes where a run stands. `.tornDown` and `.finished` also set when it ended; others clear it.
  package func setState(_ state: RunState, ofRun run: String, at now: Int64) throws(StoreError) {
    let ended = state == .tornDown || state == .finished ? now : nil
    try update(
      run, sql: "state = ?, endedAt = ?", arguments: [state.rawValue, ended], at: now)
  }

  /// Remembers the section the learner is in.
  package func setSection(_ section: String, ofRun run: String, at now: Int64) throws(StoreError) {
    try update(run, sql: "section = ?", arguments: [section], at: now)
  }

  /// Remembers where the run's practice account is kept.
  package func setPracticeDirectory(_ path: String, ofRun run: String, at now: Int64) throws(StoreError) {
    try update(run, sql: "practiceDirectory = ?", arguments: [path], at: now)
  }

  /// Remembers the digest and path of an edited or moved lesson.
  package func setLesson(path: String, digest: String, ofRun run: String, at now: Int64) throws(StoreError) {
    try update(run, sql: "lessonPath = ?, lessonDigest = ?", arguments: [path, digest], at: now)
  }

  /// Forgets a run and everything recorded of it. Only for runs of which nothing is left on the account.
  package func deleteRun(_ run: String) throws(StoreError) {
    try write { db in
      try db.execute(sql: "DELETE FROM resource WHERE run = ?", arguments: [run])
      try db.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run])
    }
  }

  private func update(
    _ run: String, sql: String, arguments: StatementArguments, at now: Int64
  ) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE run SET \(sql), updatedAt = ? WHERE id = ?",
        arguments: arguments + [now, run])
      if db.changesCount == 0 { throw StoreError.missing(kind: "run", id: run) }
    }
  }

  /// Four characters of a set without those that are read for one another (0 o, 1 l i).
  package static func randomSuffix() -> String {
    let letters = Array("23456789abcdefghjkmnpqrstuvwxyz")
    return String((0..<4).map { _ in letters.randomElement() ?? "x" })
  }

  /// Lower-case ASCII letters, digits and single hyphens, at most 40 characters: fit for file names and tags.
  static func slug(_ text: String) -> String {
    var slug = ""
    for character in text.lowercased() {
      if character.isASCII && (character.isLetter || character.isNumber) {
        slug.append(character)
      } else if !slug.isEmpty && slug.last != "-" {
        slug.append("-")
      }
      if slug.count >= 40 { break }
    }
    while slug.last == "-" { slug.removeLast() }
    return slug.isEmpty ? "run" : slug
  }
}

extension RunRecord {
  init(_ row: Row) {
    self.init(
      id: row["id"],
      draft: RunDraft(
        lessonPath: row["lessonPath"], lessonID: row["lessonID"], lessonTitle: row["lessonTitle"],
        lessonDigest: row["lessonDigest"], mode: RunMode(rawValue: row["mode"]) ?? .practice,
        account: row["account"], region: row["region"], identityARN: row["identityARN"],
        practiceDirectory: row["practiceDirectory"]),
      state: RunState(rawValue: row["state"]) ?? .active, section: row["section"],
      createdAt: row["createdAt"], updatedAt: row["updatedAt"], endedAt: row["endedAt"])
  }
}
