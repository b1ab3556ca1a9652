import CCurl
import Glibc
import Synchronization

/// The thread that drives libcurl, and its inbox. All handles are touched by that thread alone.
// @unchecked: `live` belongs to the engine's thread; `multi` is only woken from others, which libcurl allows.
final class CurlEngine: @unchecked Sendable {
  private struct Inbox {
    var additions: [CurlTransfer] = []
    var cancellations: [CurlTransfer] = []
    var stops = false
  }

  private let inbox = Mutex(Inbox())
  /// Whether there is something in the inbox.
  private let hasMail = Atomic<Bool>(false)
  /// Whether the thread waits in `poll`, or is about to: only then must it be woken.
  private let sleeps = Atomic<Bool>(false)
  private let opened = Atomic<Int>(0)
  private let multi: UnsafeMutableRawPointer?
  private var live: [ObjectIdentifier: CurlTransfer] = [:]

  private static let initialised: Bool = ccurl_global_init() == 0

  init() {
    multi = CurlEngine.initialised ? ccurl_multi_new() : nil
  }

  // Here and not at the thread's end: whoever stops the thread may be about to wake it.
  deinit {
    if let multi { ccurl_multi_free(multi) }
  }

  var connectionsOpened: Int { opened.load(ordering: .relaxed) }

  /// Starts the thread with every signal blocked: signals belong to the program's main thread.
  func start() {
    guard multi != nil else { return }
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<CurlEngine>.fromOpaque(pointer).takeRetainedValue().loop()
        return nil
      }, context.toOpaque())
    if status == 0 { pthread_detach(thread) } else { context.release() }
  }

  func stop() {
    inbox.withLock { $0.stops = true }
    deliver()
  }

  func add(_ transfer: CurlTransfer) {
    guard multi != nil else {
      transfer.fail(.other, "libcurl could not be initialised", mayHaveArrived: false)
      return
    }
    inbox.withLock { $0.additions.append(transfer) }
    deliver()
  }

  func cancel(_ transfer: CurlTransfer) {
    transfer.markCancelled()
    inbox.withLock { $0.cancellations.append(transfer) }
    deliver()
  }

  /// Tells the thread of what was put into the inbox. The order of the two flags is the reverse of the thread's own,
  /// so that one of both sides always sees the other's.
  private func deliver() {
    hasMail.store(true, ordering: .sequentiallyConsistent)
    if sleeps.exchange(false, ordering: .sequentiallyConsistent), let multi { ccurl_multi_wakeup(multi) }
  }

  private func loop() {
    guard let multi else { return }
    while true {
      if hasMail.exchange(false, ordering: .sequentiallyConsistent), readMail(multi) { break }
      _ = ccurl_multi_perform(multi)
      // DONE messages are drained before polling: a transfer that ended inside perform would otherwise wait
      // for the poll to time out. What ended may let others begin.
      if finishDone(multi), !live.isEmpty { continue }
      let wait = patience(multi)
      if wait > 0 { sleep(multi, wait) }
    }
    for transfer in Array(live.values) { abandon(transfer, .cancelled, multi) }
  }

  /// Begins and breaks off what the inbox says; true if the thread is to end.
  private func readMail(_ multi: UnsafeMutableRawPointer) -> Bool {
    let (additions, cancellations, stops) = inbox.withLock { box in
      let taken = (box.additions, box.cancellations, box.stops)
      box.additions = []
      box.cancellations = []
      return taken
    }
    for transfer in additions { begin(transfer, multi) }
    for transfer in cancellations { abandon(transfer, .cancelled, multi) }
    return stops
  }

  private func sleep(_ multi: UnsafeMutableRawPointer, _ milliseconds: Int32) {
    sleeps.store(true, ordering: .sequentiallyConsistent)
    if !hasMail.load(ordering: .sequentiallyConsistent) { ccurl_multi_poll(multi, milliseconds) }
    sleeps.store(false, ordering: .sequentiallyConsistent)
  }

  /// Gives up the transfers on which nothing has moved for too long, and says how many milliseconds the next of
  /// the others has; 0 if the loop should go round at once.
  private func patience(_ multi: UnsafeMutableRawPointer) -> Int32 {
    if live.isEmpty { return 60_000 }
    var wait: UInt64 = 1000
    var now: UInt64 = 0
    var silent: [CurlTransfer] = []
    for transfer in live.values {
      guard transfer.deadline != nil else { continue }
      if now == 0 { now = monotonicNow() }
      if transfer.isSilent(at: now) {
        silent.append(transfer)
      } else if let deadline = transfer.deadline {
        wait = min(wait, (deadline - min(now, deadline)) / 1_000_000 + 1)
      }
    }
    for transfer in silent { abandon(transfer, .readTimeout, multi) }
    return silent.isEmpty ? Int32(clamping: wait) : 0
  }

  private func begin(_ transfer: CurlTransfer, _ multi: UnsafeMutableRawPointer) {
    if transfer.isCancelled {
      transfer.fail(.cancelled, "", mayHaveArrived: false)
      return
    }
    guard let easy = transfer.makeHandle() else {
      transfer.fail(.other, "libcurl could not make a handle", mayHaveArrived: false)
      return
    }
    guard ccurl_easy_start(multi, easy) == 0 else {
      ccurl_easy_free(easy)
      transfer.fail(.other, "libcurl could not start the transfer", mayHaveArrived: false)
      return
    }
    transfer.easy = easy
    live[ObjectIdentifier(transfer)] = transfer
  }

  private func abandon(
    _ transfer: CurlTransfer, _ reason: TransportError.Kind, _ multi: UnsafeMutableRawPointer
  ) {
    guard live.removeValue(forKey: ObjectIdentifier(transfer)) != nil, let easy = transfer.easy else {
      return
    }
    // The caller goes on first: what libcurl has to tidy up is not his to wait for.
    let text = reason == .readTimeout ? "nothing came for \(transfer.options.readTimeout) seconds" : ""
    transfer.fail(reason, text, mayHaveArrived: transfer.sendings > 0)
    release(easy, of: transfer, multi)
  }

  private func finishDone(_ multi: UnsafeMutableRawPointer) -> Bool {
    var code: Int32 = 0
    var any = false
    while let easy = ccurl_multi_next_done(multi, &code) {
      any = true
      guard let context = ccurl_easy_context(easy) else { continue }
      let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
      let kept = live.removeValue(forKey: ObjectIdentifier(transfer))
      opened.add(ccurl_easy_connects(easy), ordering: .relaxed)
      let detail = code == 0 ? "" : String(cString: ccurl_easy_error(easy, code))
      let systemError = ccurl_easy_os_error(easy)
      let certificate = code == 0 ? 0 : ccurl_easy_verify_result(easy)
      release(easy, of: transfer, multi)
      kept?.finish(
        CurlFault(code: code, detail: detail, systemError: systemError, certificate: certificate))
    }
    return any
  }

  private func release(
    _ easy: UnsafeMutableRawPointer, of transfer: CurlTransfer, _ multi: UnsafeMutableRawPointer
  ) {
    ccurl_easy_stop(multi, easy)
    ccurl_easy_free(easy)
    transfer.easy = nil
  }
}
