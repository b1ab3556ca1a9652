import Glibc

/// State behind a lock, with waiting: a pthread mutex and condition.
///
/// Unchecked, because the compiler cannot see that `state` is only touched with the mutex held. pthread rather than
/// `Synchronization.Mutex` because threads wait here, and because the thread sanitizer understands it.
final class Monitor<State>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var state: State

  init(_ state: sending State) {
    self.state = state
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func withLock<T>(_ body: (inout State) throws -> T) rethrows -> T {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Changes the state and wakes every waiter.
  func update<T>(_ body: (inout State) -> T) -> T {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    pthread_cond_broadcast(condition)
    return body(&state)
  }

  /// Blocks this thread until `ready` gives a value.
  func wait<T>(_ ready: (inout State) -> T?) -> T {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let value = ready(&state) { return value }
      pthread_cond_wait(condition, mutex)
    }
  }

  /// The same for at most `seconds`; nil where time ran out.
  func wait<T>(seconds: Double, _ ready: (inout State) -> T?) -> T? {
    var until = timespec()
    clock_gettime(CLOCK_MONOTONIC, &until)
    let nanoseconds = Int(until.tv_nsec) + Int(seconds * 1e9)
    until.tv_sec += nanoseconds / 1_000_000_000
    until.tv_nsec = nanoseconds % 1_000_000_000
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let value = ready(&state) { return value }
      if pthread_cond_timedwait(condition, mutex, &until) == ETIMEDOUT { return ready(&state) }
    }
  }
}

/// Runs `body` on a new thread with a deep stack. SIGPIPE is blocked there, so that writing to a closed pipe is an
/// error to the writer and nothing to the process; children get their default back.
///
/// - Returns: false where the system gives no thread.
@discardableResult
func startThread(_ body: sending @escaping () -> Void) -> Bool {
  let box = Unmanaged.passRetained(ThreadBody(run: body))
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  pthread_attr_setstacksize(&attributes, 64 << 20)
  var thread = pthread_t()
  let code = pthread_create(
    &thread, &attributes,
    { argument in
      if let argument {
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, nil)
        Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
      }
      return nil
    }, box.toOpaque())
  if code != 0 { box.release() }
  return code == 0
}

private final class ThreadBody {
  let run: () -> Void
  init(run: @escaping () -> Void) { self.run = run }
}
