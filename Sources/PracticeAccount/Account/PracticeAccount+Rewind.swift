import Synchronization
import Wire

extension PracticeAccount {
  /// Keeps the account as it is now under `name`, in place of a snapshot of that name. Letters, digits, `.`, `_`,
  /// `-` make a name.
  package func takeSnapshot(_ name: String) throws(StoreError) {
    guard Self.isSnapshotName(name) else {
      throw StoreError(
        "\"\(name.prefix(80))\" is no name for a snapshot; use letters, digits, '.', '_' and '-'")
    }
    try realm.withLock { (realm) throws(StoreError) in
      realm.settle()
      try realm.save()
      try realm.takeSnapshot(name)
    }
  }

  /// Takes the account back to a snapshot, which stays.
  ///
  /// - Throws: `StoreError` if there is none of that name; the account is then as it was.
  package func restore(_ name: String) throws(StoreError) {
    try realm.withLock { (realm) throws(StoreError) in try realm.restore(name) }
  }

  /// Forgets a snapshot. Nothing happens if there is none.
  package func forgetSnapshot(_ name: String) {
    realm.withLock { $0.forgetSnapshot(name) }
  }

  /// The snapshots and the account's time when they were taken, oldest first.
  package var snapshots: [(name: String, time: Timestamp)] {
    realm.withLock { realm in
      realm.snapshots.sorted { $0.value.number < $1.value.number }.map { ($0.key, $0.value.time) }
    }
  }

  private static func isSnapshotName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix(".")
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
      }
  }
}

extension PracticeAccount {
  /// Writes down what was only remembered so far: calls that changed nothing.
  package func flush() throws(StoreError) {
    try realm.withLock { (realm) throws(StoreError) in
      realm.touch()
      try realm.save(isQuiet: true)
    }
  }

  /// Lets others open the account's place, whoever still holds this value. Nothing may be asked of it after that.
  package func release() { realm.withLock { $0.store.release() } }
}
