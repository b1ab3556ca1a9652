import OrderedJSON
import Wire

/// Earlier states of the account, kept under names. Their objects' bytes stay in the store as long as a snapshot
/// holds them.
///
/// The form: a line of JSON with its number, the time and the names of all bytes, then the state as `account.json` holds it.
extension Realm {
  /// Reads which bytes the store's snapshots hold.
  func openSnapshots() throws(StoreError) {
    for name in store.snapshotNames() {
      guard let bytes = try store.snapshot(name) else { continue }
      snapshots[name] = try Self.header(bytes, name)
    }
  }

  /// Keeps the account as it is now under `name`, in place of a snapshot of that name.
  func takeSnapshot(_ name: String) throws(StoreError) {
    let number = (snapshots.values.map(\.number).max() ?? 0) + 1
    let header = SnapshotHeader(number: number, time: now, blobs: current.blobs)
    let line = JSON.object([
      "number": .int(number),
      "time": .int(Int(clamping: header.time.milliseconds)),
      "blobs": .array(header.blobs.sorted().map(JSON.string)),
    ])
    try store.saveSnapshot(Array((line.text() + "\n").utf8) + (try Self.encoded(current)), as: name)
    let before = snapshots.updateValue(header, forKey: name)
    drop(before)
  }

  /// Takes the account back to a snapshot, which stays. Its clock goes on from the snapshot's time at the earliest.
  func restore(_ name: String) throws(StoreError) {
    guard let bytes = try store.snapshot(name) else {
      throw StoreError("the practice account has no snapshot named \(name)")
    }
    let before = current
    let old = try PracticeAccount.read(bytes.drop { $0 != 0x0A }.dropFirst())
    current = old
    current.records = before.records
    // What the learner was told is not the account's: nothing is told twice, nothing gets lost.
    current.remarks = before.remarks
    current.denials = before.denials
    do {
      try saveWhole()
    } catch {
      revert(to: before)
      throw error
    }
    let kept = current.blobs
    for blob in before.blobs where !kept.contains(blob) && !isHeldBySnapshot(blob) { store.remove(blob) }
  }

  func forgetSnapshot(_ name: String) {
    store.removeSnapshot(name)
    drop(snapshots.removeValue(forKey: name))
  }

  func isHeldBySnapshot(_ blob: String) -> Bool {
    snapshots.values.contains { $0.blobs.contains(blob) }
  }

  /// Bytes whose upload was never finished, because the process died in between.
  func dropOrphans() {
    let known = current.blobs
    for name in store.names() where !known.contains(name) && !isHeldBySnapshot(name) { store.remove(name) }
  }

  private func drop(_ header: SnapshotHeader?) {
    guard let header else { return }
    let known = current.blobs
    for blob in header.blobs where !known.contains(blob) && !isHeldBySnapshot(blob) { store.remove(blob) }
  }

  private static func header(_ bytes: [UInt8], _ name: String) throws(StoreError) -> SnapshotHeader {
    guard let json = try? JSON.parse(bytes: Array(bytes.prefix { $0 != 0x0A })),
      let number = json["number"]?.int, let time = json["time"]?.int, let blobs = json["blobs"]?.array
    else {
      throw StoreError("the snapshot \(name) of the practice account cannot be understood")
    }
    return SnapshotHeader(
      number: number, time: Timestamp(milliseconds: Int64(time)), blobs: Set(blobs.compactMap(\.string)))
  }
}

/// What must be known of a snapshot without reading it.
struct SnapshotHeader {
  /// Grows from snapshot to snapshot.
  var number: Int
  /// The account's time when it was taken.
  var time: Timestamp
  /// The names of the bytes that it needs.
  var blobs: Set<String>
}

extension AccountState {
  /// The names of all bytes that objects and uploads are made of.
  var blobs: Set<String> {
    var names: Set<String> = []
    for bucket in s3.buckets.values {
      for version in bucket.objects.values.joined() { if let blob = version.blob { names.insert(blob) } }
      for upload in bucket.uploads.values { names.formUnion(upload.parts.values.map(\.blob)) }
    }
    return names
  }
}
