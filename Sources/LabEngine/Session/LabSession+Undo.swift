import AWSClient
import Glibc
import Lessons
import ProgressStore
import ShellRuntime
import Wire

extension LabSession {
  /// How many blocks can be taken back.
  static let mostUndoPoints = 30
  /// What the account's snapshots before blocks begin with.
  static let undoPrefix = "undo-"

  /// The block that `undo` takes back: the one that was begun last; nil if there is none, or the account cannot be
  /// taken back.
  package func undoable() throws(LabError) -> UndoPoint? {
    guard rewind != nil else { return nil }
    do { return try store.undoPoints(run: run.id).last } catch { throw .store(error) }
  }

  /// Takes account, variables, files, executions, checks and ledger back to before the block that was begun last.
  ///
  /// The intent is on the disk first; a process that is killed in the middle leaves it to whoever opens the run next.
  /// - Returns: the block's id.
  /// - Throws: `LabError.nothingToUndo`, `.busy`, `.rewind`.
  package func undo() throws(LabError) -> String {
    guard let rewind, let point = try undoable() else { throw .nothingToUndo }
    guard running == 0 else { throw .busy }
    do { try store.beginUndo(point.id) } catch { throw .store(error) }
    ledger.crash.point()
    try Self.finishUndo(point, of: run.id, rewind, store, places, ledger.crash)
    do {
      let text = try store.session(run: run.id)
      let fresh = makeShell().snapshot
      let snapshot = text.flatMap { SessionSnapshot(text: $0, showing: secrets) }
      shell.restore(snapshot?.adopting(accessOf: fresh) ?? fresh)
    } catch {
      throw .store(error)
    }
    return point.block
  }

  /// Goes on with an undo that a process was stopped in; nil if there was none.
  static func finishInterruptedUndo(
    of run: String, _ rewind: any AccountRewind, _ store: ProgressStore, _ places: Places,
    _ crash: CrashPoints
  ) throws(LabError) -> String? {
    let points: [UndoPoint]
    do { points = try store.undoPoints(run: run) } catch { throw .store(error) }
    guard let point = points.first(where: \.isUndoing) else {
      // What a point was taken of before it was noted is nobody's.
      sweep(keeping: Set(points.map(\.name)), of: run, rewind, places)
      return nil
    }
    try finishUndo(point, of: run, rewind, store, places, crash)
    return point.block
  }

  /// Everything after the intent; done twice is done once.
  private static func finishUndo(
    _ point: UndoPoint, of run: String, _ rewind: any AccountRewind, _ store: ProgressStore, _ places: Places,
    _ crash: CrashPoints
  ) throws(LabError) {
    do {
      try rewind.takeBack(to: point.name)
      crash.point()
      try putBack(places.undo(of: run) + "/" + point.name, to: places.work(of: run))
      crash.point()
    } catch {
      throw .rewind(error.message)
    }
    do {
      let now = ClientSeams.systemClock().milliseconds
      let entry = TranscriptEntry(kind: .notice, block: point.block, text: "undone: \(point.block)", at: now)
      try store.finishUndo(point.id, run: run, transcript: [entry], at: now)
      crash.point()
      sweep(keeping: Set(try store.undoPoints(run: run).map(\.name)), of: run, rewind, places)
    } catch {
      throw .store(error)
    }
  }

  /// Puts a copy of the folder in the folder's place.
  private static func putBack(_ copy: String, to work: String) throws(RewindError) {
    let (new, old) = (work + ".new", work + ".old")
    FolderCopy.remove(new)
    try FolderCopy.make(of: copy, at: new, sharing: nil)
    FolderCopy.remove(old)
    guard rename(work, old) == 0 || errno == ENOENT, rename(new, work) == 0 else {
      throw RewindError("cannot put back \(work): \(String(cString: strerror(errno)))")
    }
    FolderCopy.remove(old)
  }

  private static func sweep(
    keeping names: Set<String>, of run: String, _ rewind: any AccountRewind, _ places: Places
  ) {
    for name in rewind.kept where name.hasPrefix(undoPrefix) && !names.contains(name) { rewind.forget(name) }
    let folder = places.undo(of: run)
    for name in FolderCopy.entries(of: folder) where !names.contains(name) {
      FolderCopy.remove("\(folder)/\(name)")
    }
  }

  /// Keeps everything as it is before a block begins. If that cannot be, the block runs all the same, and the reason is
  /// told.
  func keepUndoPoint(before block: CodeBlock, _ tell: LabEvents) async {
    guard let rewind else { return }
    do throws(LabError) {
      try keepUndoPoint(before: block.id, rewind)
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.severity = .warning
      await tell(.diagnostic(diagnostic))
    }
  }

  private func keepUndoPoint(before block: String, _ rewind: any AccountRewind) throws(LabError) {
    let folder = places.undo(of: run.id)
    do {
      try Places.make(folder)
      let points = try store.undoPoints(run: run.id)
      var number = now
      while points.contains(where: { $0.name == "\(Self.undoPrefix)\(number)" }) { number += 1 }
      let name = "\(Self.undoPrefix)\(number)"
      FolderCopy.remove("\(folder)/\(name)")
      try FolderCopy.make(
        of: places.work(of: run.id), at: "\(folder)/\(name)",
        sharing: points.last.map { "\(folder)/\($0.name)" })
      try rewind.keep(as: name)
      ledger.crash.point()
      let forgotten = try store.addUndoPoint(
        run: run.id, name: name, block: block, keeping: Self.mostUndoPoints, at: now)
      for name in forgotten {
        rewind.forget(name)
        FolderCopy.remove("\(folder)/\(name)")
      }
    } catch let error as RewindError {
      throw .rewind(error.message)
    } catch let error as StoreError {
      throw .store(error)
    } catch let error as LabError {
      throw error
    } catch {
      throw .rewind("\(error)")
    }
  }
}
