import GRDB

/// The tables, version by version. A version that has been published is never edited.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { db in try db.execute(sql: v1) }
    migrator.registerMigration("v2") { db in try db.execute(sql: v2) }
    return migrator
  }

  private static let v1 = """
    CREATE TABLE run (
      id TEXT PRIMARY KEY NOT NULL,
      lessonPath TEXT NOT NULL, lessonID TEXT NOT NULL, lessonTitle TEXT NOT NULL, lessonDigest TEXT NOT NULL,
      mode TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, identityARN TEXT NOT NULL,
      state TEXT NOT NULL, section TEXT, practiceDirectory TEXT,
      createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL, endedAt INTEGER
    ) STRICT;

    CREATE TABLE execution (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      section TEXT NOT NULL, block TEXT NOT NULL, ordinal INTEGER NOT NULL,
      status TEXT NOT NULL, exitStatus INTEGER, nextStatement INTEGER NOT NULL,
      passed TEXT NOT NULL DEFAULT '',
      startedAt INTEGER NOT NULL, endedAt INTEGER,
      UNIQUE (run, block, ordinal)
    ) STRICT;

    CREATE TABLE session (
      run TEXT PRIMARY KEY NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      snapshot TEXT NOT NULL, updatedAt INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE variable (
      run TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      name TEXT NOT NULL, value TEXT NOT NULL,
      block TEXT, statement INTEGER, setAt INTEGER NOT NULL,
      PRIMARY KEY (run, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE transcript (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      kind TEXT NOT NULL, block TEXT, text TEXT NOT NULL, at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX transcriptOfRun ON transcript(run, id);

    CREATE TABLE verdict (
      run TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      checkID TEXT NOT NULL, verdict TEXT NOT NULL,
      expected TEXT NOT NULL, found TEXT NOT NULL, hint TEXT,
      at INTEGER NOT NULL, waitingSince INTEGER, passedAt INTEGER,
      PRIMARY KEY (run, checkID)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE call (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      purpose TEXT NOT NULL,
      section TEXT, block TEXT, execution INTEGER, statement INTEGER, ordinal INTEGER,
      service TEXT NOT NULL, operation TEXT NOT NULL, region TEXT NOT NULL,
      input TEXT NOT NULL, digest TEXT NOT NULL, token TEXT, predicted TEXT NOT NULL, probe TEXT,
      intentAt INTEGER NOT NULL,
      outcome TEXT, response TEXT, identities TEXT, errorCode TEXT, errorMessage TEXT, outcomeAt INTEGER
    ) STRICT;
    CREATE INDEX callOfStatement ON call(run, execution, statement, ordinal);
    CREATE INDEX callUnsettled ON call(run) WHERE outcome IS NULL OR outcome = 'unknown';

    CREATE TABLE resource (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      type TEXT NOT NULL, identity TEXT NOT NULL, region TEXT NOT NULL,
      name TEXT NOT NULL, details TEXT NOT NULL,
      parentType TEXT, parentIdentity TEXT,
      origin TEXT NOT NULL, state TEXT NOT NULL, until INTEGER, reason TEXT, earlier TEXT,
      call INTEGER REFERENCES call(id), createdAt INTEGER NOT NULL, changedAt INTEGER NOT NULL,
      UNIQUE (run, type, identity, region)
    ) STRICT;

    CREATE TABLE teardown (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      state TEXT NOT NULL, startedAt INTEGER NOT NULL, endedAt INTEGER
    ) STRICT;

    CREATE TABLE teardownStep (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      teardown INTEGER NOT NULL REFERENCES teardown(id) ON DELETE CASCADE,
      ordinal INTEGER NOT NULL, type TEXT NOT NULL, identity TEXT NOT NULL, region TEXT NOT NULL,
      title TEXT NOT NULL, action TEXT NOT NULL, state TEXT NOT NULL, detail TEXT,
      startedAt INTEGER, endedAt INTEGER,
      UNIQUE (teardown, type, identity, region)
    ) STRICT;

    CREATE TABLE lock (
      scope TEXT PRIMARY KEY NOT NULL,
      token TEXT NOT NULL, pid INTEGER NOT NULL, host TEXT NOT NULL, boot TEXT NOT NULL,
      processStart INTEGER NOT NULL, purpose TEXT NOT NULL, startedAt INTEGER NOT NULL
    ) STRICT;
    """

  private static let v2 = """
    CREATE TABLE undoPoint (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      name TEXT NOT NULL, block TEXT NOT NULL, state TEXT NOT NULL,
      isUndoing INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL,
      UNIQUE (run, name)
    ) STRICT;
    """
}
