import Glibc
import ProgressStore
import Testing

@Suite struct LockTests {
  let scratch: Scratch
  let store: ProgressStore

  init() throws {
    scratch = try Scratch()
    store = try ProgressStore.open(at: scratch.store)
  }

  /// A process that has ended.
  func deadHolder() throws -> LockHolder {
    var pid: pid_t = 0
    let words = ["/bin/true"]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    try #require(posix_spawn(&pid, words[0], nil, nil, &arguments, nil) == 0)
    arguments.forEach { free($0) }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    var holder = LockHolder.current(purpose: "run", at: 1)
    holder.pid = pid
    return holder
  }

  @Test func `a second process sees who holds the lock`() throws {
    let mine = LockHolder.current(purpose: "run", at: 5)
    let held = try store.acquireLock("r-1", holder: mine)
    let other = try ProgressStore.open(at: scratch.store)
    let error = #expect(throws: StoreError.self) { try other.acquireLock("r-1", holder: mine) }
    #expect(error == .locked(LockError(scope: "r-1", holder: mine)))
    #expect(error?.message.contains("process \(getpid())") == true)
    #expect(try other.lockHolder("r-1") == mine)
    try store.release(held)
    #expect(try other.lockHolder("r-1") == nil)
    #expect(try other.acquireLock("r-1", holder: mine).takenOverFrom == nil)
  }

  @Test func `runs are locked apart`() throws {
    let mine = LockHolder.current(purpose: "run", at: 5)
    _ = try store.acquireLock("r-1", holder: mine)
    _ = try store.acquireLock("r-2", holder: mine)
  }

  @Test func `a lock of a dead process is taken over by exactly one`() async throws {
    let dead = try deadHolder()
    #expect(!dead.isAlive)
    _ = try store.acquireLock("r-1", holder: dead)
    let path = scratch.store
    let taken = await withTaskGroup(of: LockHolder??.self) { group in
      for _ in 0..<8 {
        group.addTask {
          guard let store = try? ProgressStore.open(at: path) else { return nil }
          let lock = try? store.acquireLock("r-1", holder: .current(purpose: "run", at: 9))
          return lock.map { $0.takenOverFrom }
        }
      }
      return await group.reduce(into: [LockHolder?]()) { if let lock = $1 { $0.append(lock) } }
    }
    #expect(taken == [dead])
  }

  @Test func `a pid used again is not the holder`() {
    var holder = LockHolder.current(purpose: "run", at: 1)
    #expect(holder.isAlive)
    holder.processStart -= 1
    #expect(!holder.isAlive)
  }

  @Test func `a holder before a restart is dead, one on another host is not`() {
    var holder = LockHolder.current(purpose: "run", at: 1)
    holder.boot = "another boot"
    #expect(!holder.isAlive)
    holder.host = "elsewhere.example"
    #expect(holder.isAlive)
  }

  @Test func `a lock that was taken over is not given back by its old holder`() throws {
    let mine = LockHolder.current(purpose: "run", at: 5)
    let old = try store.acquireLock("r-1", holder: mine, isAlive: { _ in true })
    let new = try store.acquireLock("r-1", holder: mine, isAlive: { _ in false })
    try store.release(old)
    #expect(try store.lockHolder("r-1") == mine)
    try store.release(new)
    #expect(try store.lockHolder("r-1") == nil)
  }
}
