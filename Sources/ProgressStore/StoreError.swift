import GRDB

/// Why the store could not do what it was asked.
package enum StoreError: Error, Hashable, Sendable {
  /// The directory or file cannot be made or opened; the reason is the system's.
  case unusable(path: String, reason: String)
  /// The store was written by a newer Cairn: it has these versions that this one does not know.
  case newerVersion(path: String, versions: [String])
  /// The file is no SQLite database, or is damaged.
  case corrupt(path: String, reason: String)
  /// The file or its file system cannot be written.
  case readOnly(path: String)
  /// No space is left.
  case diskFull(path: String)
  /// Another process kept the file busy for longer than the timeout.
  case busy(path: String)
  /// SQLite would not keep its promise to write through to the disk.
  case notDurable(path: String, found: String)
  /// Another process holds the lock.
  case locked(LockError)
  /// There is no such run, execution or call.
  case missing(kind: String, id: String)
  /// Anything else SQLite reports.
  case failed(path: String, reason: String)

  /// A sentence or two: what happened, to what, what to do next.
  package var message: String {
    switch self {
    case .unusable(let path, let reason):
      "The progress store \(path) cannot be used: \(reason). Check the path and its permissions, "
        + "or point XDG_STATE_HOME elsewhere."
    case .newerVersion(let path, let versions):
      "The progress store \(path) was written by a newer version of Cairn "
        + "(it has \(versions.joined(separator: ", "))). Update Cairn, or point XDG_STATE_HOME elsewhere."
    case .corrupt(let path, let reason):
      "The progress store \(path) is damaged (\(reason)). Nothing more will be sent to AWS. "
        + "Move the file away, and restore a copy if there is one."
    case .readOnly(let path):
      "The progress store \(path) cannot be written: the file or its disk is read-only. "
        + "Nothing will be sent to AWS until what it does can be recorded."
    case .diskFull(let path):
      "The disk that holds the progress store \(path) is full. Free some space and run the step again; "
        + "nothing will be sent to AWS until what it does can be recorded."
    case .busy(let path):
      "The progress store \(path) is busy: another Cairn is writing to it. Try again."
    case .notDurable(let path, let found):
      "The progress store \(path) does not write through to the disk (\(found)). "
        + "Put it on a local file system, for instance with XDG_STATE_HOME."
    case .locked(let lock): lock.message
    case .missing(let kind, let id):
      "The progress store has no \(kind) \(id). `cairn status` lists what it has."
    case .failed(let path, let reason): "The progress store \(path) failed: \(reason)."
    }
  }

  /// Sorts what GRDB and SQLite throw into the cases a reader can act on.
  init(_ error: any Error, path: String) {
    if let known = error as? StoreError {
      self = known
      return
    }
    guard let error = error as? DatabaseError else {
      self = .failed(path: path, reason: "\(error)")
      return
    }
    let text = error.message ?? "code \(error.extendedResultCode.rawValue)"
    self =
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt(path: path, reason: text)
      case .SQLITE_READONLY, .SQLITE_PERM: .readOnly(path: path)
      case .SQLITE_FULL: .diskFull(path: path)
      case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
      case .SQLITE_CANTOPEN: .unusable(path: path, reason: text)
      default: .failed(path: path, reason: text)
      }
  }
}
