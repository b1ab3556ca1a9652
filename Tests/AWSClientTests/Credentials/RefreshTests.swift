import SigV4
import Synchronization
import TestKit
import Testing
import Wire

@testable import AWSClient

/// Gives keys that the test makes up; counts how often it is asked, and can be held.
private final class Mint: CredentialProvider {
  let method = "mint"
  private struct State {
    var count = 0
    var end: Timestamp?
    var error: AWSError?
    var isHeld = false
    var held: [CheckedContinuation<Void, Never>] = []
  }
  private let state = Mutex(State())

  init(until end: Timestamp?) { state.withLock { $0.end = end } }

  var count: Int { state.withLock { $0.count } }
  var isAsked: Bool { state.withLock { !$0.held.isEmpty } }

  func set(until end: Timestamp?, failing error: AWSError? = nil, held: Bool = false) {
    state.withLock {
      $0.end = end
      $0.error = error
      $0.isHeld = held
    }
  }

  func release() {
    let held = state.withLock { state in
      state.isHeld = false
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.resume() }
  }

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let goesOn = state.withLock { state in
        state.count += 1
        if state.isHeld { state.held.append(continuation) }
        return !state.isHeld
      }
      if goesOn { continuation.resume() }
    }
    if Task.isCancelled { throw .cancelled }
    let (count, end, error) = state.withLock { ($0.count, $0.end, $0.error) }
    if let error { throw error }
    return Credentials(accessKeyID: "KEY\(count)", secretAccessKey: "hidden", expiration: end)
  }
}

@Suite struct RefreshTests {
  private static func minutes(_ count: Double) -> Timestamp { noon.adding(seconds: count * 60) }

  private func subject(_ mint: Mint, _ world: World) -> RefreshingCredentials {
    RefreshingCredentials(
      mint,
      CredentialServices(
        transport: world.network, clock: { world.now }, seams: ClientSeams(),
        send: { (_) throws(AWSError) in throw .noRegion }))
  }

  @Test func `Keys are asked for once, and again from fifteen minutes before their end`() async throws {
    let world = World()
    let mint = Mint(until: RefreshTests.minutes(60))
    let subject = subject(mint, world)
    for (minute, key) in [(0.0, "KEY1"), (44.9, "KEY1"), (45.1, "KEY2")] {
      world.now = RefreshTests.minutes(minute)
      if minute > 45 { mint.set(until: RefreshTests.minutes(105)) }
      #expect(try await subject.credentials().accessKeyID == key)
    }
    #expect(mint.count == 2)
  }

  @Test func `Keys without an end are never asked for again`() async throws {
    let world = World()
    let mint = Mint(until: nil)
    let subject = subject(mint, world)
    _ = try await subject.credentials()
    world.now = RefreshTests.minutes(1e6)
    #expect(try await subject.credentials().accessKeyID == "KEY1")
  }

  @Test func `A failure is put up with until ten minutes before the end`() async throws {
    let world = World()
    let mint = Mint(until: RefreshTests.minutes(60))
    let subject = subject(mint, world)
    _ = try await subject.credentials()
    mint.set(until: nil, failing: .noRegion)
    world.now = RefreshTests.minutes(49.9)
    #expect(try await subject.credentials().accessKeyID == "KEY1")
    world.now = RefreshTests.minutes(50.1)
    await #expect(throws: AWSError.self) { try await subject.credentials() }
  }

  @Test func `Keys that have ended already are refused`() async throws {
    let subject = subject(Mint(until: RefreshTests.minutes(-1)), World())
    await #expect {
      _ = try await subject.credentials()
    } throws: { error in
      (error as? AWSError)?.message
        == "Credentials were refreshed, but the refreshed credentials are still expired."
    }
  }

  @Test func `One asks; the others go on with the old keys while they may`() async throws {
    let world = World()
    let mint = Mint(until: RefreshTests.minutes(60))
    let subject = subject(mint, world)
    _ = try await subject.credentials()
    world.now = RefreshTests.minutes(46)
    mint.set(until: RefreshTests.minutes(106), held: true)
    let first = Task { try await subject.credentials().accessKeyID }
    while !mint.isAsked { await Task.yield() }
    #expect(try await subject.credentials().accessKeyID == "KEY1")
    mint.release()
    #expect(try await first.value == "KEY2")
    #expect(try await subject.credentials().accessKeyID == "KEY2")
    #expect(mint.count == 2)
  }

  @Test func `One asks; the others wait where there is nothing to go on with`() async throws {
    let mint = Mint(until: RefreshTests.minutes(60))
    let subject = subject(mint, World())
    mint.set(until: RefreshTests.minutes(60), held: true)
    let tasks = (0..<8).map { _ in Task { try await subject.credentials().accessKeyID } }
    while !mint.isAsked { await Task.yield() }
    mint.release()
    for task in tasks { #expect(try await task.value == "KEY1") }
    #expect(mint.count == 1)
  }

  @Test func `Whoever is cancelled leaves the asking to another`() async throws {
    let mint = Mint(until: RefreshTests.minutes(60))
    let subject = subject(mint, World())
    mint.set(until: RefreshTests.minutes(60), held: true)
    let first = Task { try await subject.credentials().accessKeyID }
    while !mint.isAsked { await Task.yield() }
    let second = Task { try await subject.credentials().accessKeyID }
    let third = Task { try await subject.credentials().accessKeyID }
    third.cancel()
    await #expect(throws: AWSError.self) { try await third.value }
    first.cancel()
    mint.release()
    await #expect(throws: AWSError.self) { try await first.value }
    #expect(try await second.value.hasPrefix("KEY"))
  }
}
