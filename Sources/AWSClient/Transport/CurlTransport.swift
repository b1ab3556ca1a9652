import Wire

/// The live transport: one libcurl multi handle on one thread of its own.
///
/// Connections are kept and reused by every call of the process that goes through the same transport
/// (`CurlTransport.shared` unless a test wants its own). Cancellation takes effect within a wake-up. Any number of
/// transfers run at once, each with at most 1 MiB of buffers; HTTP/1.1 as the AWS CLI speaks it.
package final class CurlTransport: Transport {
  /// The process's transport.
  package static let shared = CurlTransport()

  private let engine: CurlEngine

  package init() {
    engine = CurlEngine()
    engine.start()
  }

  deinit {
    engine.stop()
  }

  /// Connections opened so far; a test of reuse asks for it.
  package var connectionsOpened: Int { engine.connectionsOpened }

  package func send(_ request: HTTPRequest, _ options: SendOptions) async throws(TransportError)
    -> HTTPResponse
  {
    let transfer = CurlTransfer(request, options)
    if let fault = transfer.prepare() { throw fault }
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        transfer.begin(continuation)
        engine.add(transfer)
      }
    } onCancel: {
      engine.cancel(transfer)
    }
    return try result.get()
  }
}
