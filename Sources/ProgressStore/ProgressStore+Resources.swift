import GRDB

extension ProgressStore {
  /// Resources of a run, in the order they came into the ledger.
  package func resources(run: String) throws(StoreError) -> [ResourceRecord] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM resource WHERE run = ? ORDER BY id", arguments: [run])
        .map(ResourceRecord.init)
    }
  }

  /// One resource of a run.
  package func resource(
    run: String, type: String, identity: String, region: String
  ) throws(StoreError) -> ResourceRecord? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM resource WHERE run = ? AND type = ? AND identity = ? AND region = ?",
        arguments: [run, type, identity, region]
      ).map(ResourceRecord.init)
    }
  }

  /// Whether any run has this resource in its ledger.
  package func isKnown(type: String, identity: String, region: String) throws(StoreError) -> Bool {
    try read { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM resource WHERE type = ? AND identity = ? AND region = ?)",
        arguments: [type, identity, region]) ?? false
    }
  }

  /// Changes what is known of resources outside of a call: after a verification, or an adoption.
  package func change(
    _ changes: [ResourceChange], run: String, call: Int64? = nil, at now: Int64
  ) throws(StoreError) {
    if changes.isEmpty { return }
    try write { db in
      for change in changes { try ProgressStore.apply(change, run: run, call: call, at: now, db) }
    }
  }

  static func apply(_ change: ResourceChange, run: String, call: Int64?, at now: Int64, _ db: Database) throws
  {
    switch change {
    case .exists(let draft):
      // What the run made stays the run's, and the first earlier value is the one to restore. A resource
      // that was gone and is made again belongs to whoever made it now.
      try db.execute(
        sql: """
          INSERT INTO resource (run, type, identity, region, name, details, parentType, parentIdentity, origin,
            state, earlier, call, createdAt, changedAt)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'live', ?, ?, ?, ?)
          ON CONFLICT (run, type, identity, region) DO UPDATE SET
            name = excluded.name, details = excluded.details, parentType = excluded.parentType,
            parentIdentity = excluded.parentIdentity,
            origin = CASE WHEN state = 'gone' THEN excluded.origin ELSE origin END,
            earlier = CASE WHEN state = 'gone' THEN excluded.earlier ELSE coalesce(earlier, excluded.earlier) END,
            createdAt = CASE WHEN state = 'gone' THEN excluded.createdAt ELSE createdAt END,
            call = CASE WHEN state = 'gone' THEN excluded.call ELSE coalesce(call, excluded.call) END,
            state = 'live', until = NULL, reason = NULL, changedAt = excluded.changedAt
          """,
        arguments: [
          run, draft.type, draft.identity, draft.region, draft.name, draft.details, draft.parentType,
          draft.parentIdentity, draft.origin.rawValue, draft.earlier, call, now, now,
        ])
    case .gone(let type, let identity, let region):
      try spread("gone", until: nil, type: type, identity: identity, region: region, run: run, at: now, db)
    case .pendingDeletion(let type, let identity, let region, let until):
      try spread(
        "pending-deletion", until: until, type: type, identity: identity, region: region, run: run, at: now,
        db)
    case .kept(let type, let identity, let region, let reason):
      try db.execute(
        sql: """
          UPDATE resource SET state = 'kept', reason = ?, changedAt = ?
          WHERE run = ? AND type = ? AND identity = ? AND region = ?
          """, arguments: [reason, now, run, type, identity, region])
    }
  }

  /// Sets the state of a resource and of everything recorded inside it that is not gone.
  private static func spread(
    _ state: String, until: Int64?, type: String, identity: String, region: String, run: String,
    at now: Int64,
    _ db: Database
  ) throws {
    try db.execute(
      sql: """
        WITH RECURSIVE inside(id, type, identity) AS (
          SELECT id, type, identity FROM resource WHERE run = ? AND type = ? AND identity = ? AND region = ?
          UNION
          SELECT r.id, r.type, r.identity FROM resource r JOIN inside i
            ON r.parentType = i.type AND r.parentIdentity = i.identity
            WHERE r.run = ?
        )
        UPDATE resource SET state = ?, until = ?, reason = NULL, changedAt = ?
        WHERE state <> 'gone' AND id IN (SELECT id FROM inside)
        """, arguments: [run, type, identity, region, run, state, until, now])
  }
}

extension ResourceRecord {
  init(_ row: Row) {
    self.init(
      id: row["id"], run: row["run"],
      draft: ResourceDraft(
        type: row["type"], identity: row["identity"], region: row["region"], name: row["name"],
        details: row["details"], parentType: row["parentType"], parentIdentity: row["parentIdentity"],
        origin: ResourceOrigin(rawValue: row["origin"]) ?? .existedBefore, earlier: row["earlier"]),
      state: ResourceState(rawValue: row["state"]) ?? .live, until: row["until"], reason: row["reason"],
      call: row["call"], createdAt: row["createdAt"], changedAt: row["changedAt"])
  }
}
