// LabEngine: what happens to an account while a lesson is worked through.
//
// A `LabSession` is one run of one lesson: it runs blocks in the lab shell, puts every mutating call through
// the ledger's gate, judges checks by asking the account, and plans and applies the teardown.
//
// Decisions:
// - The engine does not know whether the account is practice or live. It is handed an `AccountAccess` (endpoint,
//   credentials, Region) and an `AccountClock`; only whoever made them knows.
// - What a statement changed in the shell is stored in the same transaction as the note that it ended, so a run
//   continues after a crash at the first statement that has no such note.
// - The engine tells what happens as `LabEvent`s, in order; it never prints and never draws.
