import Synchronization
import Wire

/// An account that ends with its process. All bytes are held in memory, however they came.
package final class MemoryStore: AccountStore {
  private struct Content {
    var state: [UInt8]?
    var journal: [UInt8] = []
    var bytes: [String: [UInt8]] = [:]
    var snapshots: [(name: String, bytes: [UInt8])] = []
  }

  private let content = Mutex(Content())

  package init() {}

  package func load() -> (state: [UInt8], journal: [UInt8])? {
    content.withLock { content in content.state.map { ($0, content.journal) } }
  }
  package func save(_ state: [UInt8]) {
    content.withLock {
      $0.state = state
      $0.journal = []
    }
  }
  package func append(_ line: [UInt8]) { content.withLock { $0.journal += line } }
  package func put(_ bytes: [UInt8], as name: String) { content.withLock { $0.bytes[name] = bytes } }
  package func body(_ name: String) -> Body? { content.withLock { $0.bytes[name].map(Body.bytes) } }
  package func bytes(_ name: String) throws(StoreError) -> [UInt8] {
    guard let bytes = content.withLock({ $0.bytes[name] }) else {
      throw StoreError("the practice account has no bytes named \(name)")
    }
    return bytes
  }
  package func remove(_ name: String) { content.withLock { $0.bytes[name] = nil } }
  package func names() -> [String] { content.withLock { Array($0.bytes.keys) } }

  package func saveSnapshot(_ bytes: [UInt8], as name: String) {
    content.withLock { content in
      content.snapshots.removeAll { $0.name == name }
      content.snapshots.append((name, bytes))
    }
  }
  package func snapshot(_ name: String) -> [UInt8]? {
    content.withLock { $0.snapshots.first { $0.name == name }?.bytes }
  }
  package func removeSnapshot(_ name: String) {
    content.withLock { $0.snapshots.removeAll { $0.name == name } }
  }
  package func snapshotNames() -> [String] { content.withLock { $0.snapshots.map(\.name) } }
}
