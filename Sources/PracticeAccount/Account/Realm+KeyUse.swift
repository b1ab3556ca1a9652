import Wire

/// When access keys were last used. Kept in memory and written down along with the next change, so that reading stays
/// free of writing; AWS is late with it as well (IAM user guide, "Finding unused credentials").
extension Realm {
  func noteUse(ofKey id: String, _ region: String, _ service: String) {
    keyUses[id] = IAMKeyUse(time: now, region: region, service: service)
    // Only keys that exist get here, but accounts come and go.
    if keyUses.count > 10_000 { keyUses = [id: IAMKeyUse(time: now, region: region, service: service)] }
  }

  func lastUse(ofKey id: String) -> IAMKeyUse? { keyUses[id] ?? current.keyUses[id] }

  /// Takes what was noted into the state that is about to be saved. Uses within a minute at the same place are one.
  func writeDownKeyUses() {
    guard !keyUses.isEmpty else { return }
    for (id, use) in keyUses {
      if let old = current.keyUses[id], old.region == use.region, old.service == use.service,
        use.time < old.time.adding(seconds: 60)
      {
        continue
      }
      current.keyUses[id] = use
    }
    // Of keys that are long gone nobody asks.
    if current.keyUses.count > 20_000 { current.keyUses.removeFirst(current.keyUses.count - 20_000) }
    keyUses = [:]
  }
}
