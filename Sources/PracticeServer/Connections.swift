import NIOCore
import Synchronization

/// Which connections are open, and whether each is in the middle of an answer: what a graceful stop needs.
final class Connections: Sendable {
  private struct State {
    var isDraining = false
    var busy: Set<ObjectIdentifier> = []
    var open: [ObjectIdentifier: any Channel] = [:]
  }

  private let listener: any Channel
  private let state = Mutex(State())

  init(listener: any Channel) {
    self.listener = listener
  }

  func opened(_ channel: any Channel) {
    let isLate = state.withLock { state in
      state.open[ObjectIdentifier(channel)] = channel
      return state.isDraining
    }
    if isLate { channel.close(promise: nil) }
  }

  func closed(_ channel: any Channel) {
    state.withLock { state in
      state.open[ObjectIdentifier(channel)] = nil
      state.busy.remove(ObjectIdentifier(channel))
    }
  }

  func began(_ channel: any Channel) {
    state.withLock { _ = $0.busy.insert(ObjectIdentifier(channel)) }
  }

  /// - Returns: whether the connection may serve another request.
  func ended(_ channel: any Channel) -> Bool {
    state.withLock { state in
      state.busy.remove(ObjectIdentifier(channel))
      return !state.isDraining
    }
  }

  /// Closes the listener and every idle connection; busy ones close themselves after their answer, or are closed
  /// after `grace`: a client that sends half a request, or reads half an answer, must not keep the server.
  func drain(grace: TimeAmount) async {
    let idle = state.withLock { state in
      state.isDraining = true
      return state.open.filter { !state.busy.contains($0.key) }.values.map { $0 }
    }
    try? await listener.close()
    for channel in idle { channel.close(promise: nil) }
    listener.eventLoop.scheduleTask(in: grace) { [self] in
      for channel in state.withLock({ Array($0.open.values) }) { channel.close(promise: nil) }
    }
  }
}
