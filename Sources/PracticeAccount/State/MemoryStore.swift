import Synchronization
import Wire

/// An account that ends with its process.
package final class MemoryStore: AccountStore {
  private struct Content {
    var state: [UInt8]?
    var bytes: [String: [UInt8]] = [:]
  }

  private let content = Mutex(Content())

  package init() {}

  package func load() -> [UInt8]? { content.withLock { $0.state } }
  package func save(_ state: [UInt8]) { content.withLock { $0.state = state } }
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
}
