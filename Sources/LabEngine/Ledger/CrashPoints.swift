import Glibc
import Synchronization

/// Places where a process may die for the crash loop: before and after every durable boundary.
///
/// Off, a point costs one comparison. On, the `n`-th point reached ends the process as `kill -9` would.
package final class CrashPoints: Sendable {
  /// The exit status of a process that died at a point: that of one killed by signal 9.
  package static let status: Int32 = 137

  private let limit: Int
  private let count = Atomic<Int>(0)
  private let die: @Sendable () -> Void

  /// - Parameters:
  ///   - limit: the point to die at, from 1; 0 never.
  ///   - die: what dying is; a test's twin may do otherwise.
  package init(at limit: Int, die: @escaping @Sendable () -> Void = { _exit(CrashPoints.status) }) {
    self.limit = limit
    self.die = die
  }

  package static let off = CrashPoints(at: 0)

  /// From `CAIRN_CRASH_AT`; off if it is not set or no number.
  package convenience init(environment: [String: String]) {
    self.init(at: environment["CAIRN_CRASH_AT"].flatMap { Int($0) } ?? 0)
  }

  /// How many points have been reached; counted only when on.
  package var reached: Int { count.load(ordering: .relaxed) }

  /// A durable boundary: `intent` before and after it is written, `sent`, `outcome` written.
  package func point() {
    guard limit > 0 else { return }
    if count.wrappingAdd(1, ordering: .relaxed).newValue == limit { die() }
  }
}
