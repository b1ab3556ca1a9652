import AWSClient
import LabEngine
import PracticeAccount
import Synchronization
import Wire

/// How fast the practice account's time passes while somebody waits for it.
package enum Pace: Sendable, Hashable {
  /// A wait is over at once: nobody is watching.
  case instant
  /// So many seconds of the account in one second of ours.
  case times(Double)
}

/// The practice account's time. Waiting moves it forward.
package struct PracticeTime: AccountClock {
  let account: PracticeAccount
  let pace: Pace
  private let told: LastTold
  private let waits = Waits()

  package init(account: PracticeAccount, pace: Pace) {
    self.account = account
    self.pace = pace
    told = LastTold(remark: account.remarks().last?.number ?? 0, denial: account.denials().last?.number ?? 0)
  }

  package var now: Timestamp { account.clock.now }

  package func wait(seconds: Double) async throws {
    if case .times(let factor) = pace {
      await waits.wait(seconds: seconds / factor, until: now.adding(seconds: seconds))
    }
    try Task.checkCancellation()
    try account.clock.advance(seconds: seconds)
  }

  /// How much of the account's time passes at once, in seconds.
  private static let skipped = 600.0

  package func skip() { waits.skip(to: now.adding(seconds: Self.skipped)) }

  package func remarks() async -> [String] {
    await told.new(of: account)
  }
}

/// The waits that are under way, and up to which time of the account nobody wants to wait.
private final class Waits: Sendable {
  private struct State {
    var sleeping: [Int: Task<Void, Never>] = [:]
    var next = 0
    var skipsTo: Timestamp?
  }

  private let state = Mutex(State())

  /// - Parameter end: the account's time when it will be over.
  func wait(seconds: Double, until end: Timestamp) async {
    let sleep = Task { _ = try? await Task.sleep(for: .seconds(seconds)) }
    let number: Int? = state.withLock { state in
      if let skipsTo = state.skipsTo, end <= skipsTo { return nil }
      state.next += 1
      state.sleeping[state.next] = sleep
      return state.next
    }
    guard let number else {
      sleep.cancel()
      return
    }
    await withTaskCancellationHandler {
      await sleep.value
    } onCancel: {
      sleep.cancel()
    }
    state.withLock { $0.sleeping[number] = nil }
  }

  func skip(to time: Timestamp) {
    let sleeping = state.withLock { state in
      state.skipsTo = time
      return state.sleeping.values.map { $0 }
    }
    for task in sleeping { task.cancel() }
  }
}

/// The numbers of what was passed on last.
private actor LastTold {
  private var remark: Int
  private var denial: Int

  init(remark: Int, denial: Int) {
    self.remark = remark
    self.denial = denial
  }

  /// New remarks; after them, for each right that was refused, what each policy said of it.
  func new(of account: PracticeAccount) -> [String] {
    let remarks = account.remarks(since: remark)
    if let last = remarks.last { remark = last.number }
    let denials = account.denials().filter { $0.number > denial }
    if let last = denials.last { denial = last.number }
    var told: Set<String> = []
    // What a service was refused that works by itself is in a remark of its own.
    let asked = denials.filter { !$0.denial.principal.contains("/AWSServiceRoleFor") }
    let explanations = asked.flatMap { DenialText.short($0.denial) }.filter { told.insert($0).inserted }
    return remarks.map(\.text) + explanations.prefix(DenialText.mostLines)
  }
}

/// A live account's time: the wall clock.
package struct WallTime: AccountClock {
  package init() {}

  package var now: Timestamp { ClientSeams.systemClock() }

  package func wait(seconds: Double) async throws {
    try await Task.sleep(for: .seconds(seconds))
  }

  package func remarks() async -> [String] { [] }

  /// Nobody can hurry AWS.
  package func skip() {}
}
