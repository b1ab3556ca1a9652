// PracticeServer: the practice account on a loopback port.
//
// One HTTP/1.1 listener on 127.0.0.1, built on SwiftNIO, that turns bytes into
// `HTTPRequest`, asks `PracticeAccount.respond(to:)`, and turns the answer into bytes.
//
// Decisions:
// - It knows HTTP and nothing of AWS. Signatures, services and errors are the account's.
// - Loopback only, and the Host header must say so: a web page in the learner's browser
//   must not be able to reach the account by a name that resolves to 127.0.0.1 (DNS
//   rebinding).
// - One request at a time per connection, as HTTP/1.1 orders answers; connections are
//   independent of each other.
// - The account does no I/O; whatever of it touches the machine is here: `DirectoryStore` (a
//   folder on disk), `SystemClock`, and the `PracticeAccount.init` that takes a folder.
// - A request's body is held in memory while it is small and in a file of the account's folder then;
//   answers are streamed from the account's files and never held whole.
// - A fault that a scenario asks for (an answer that never comes, or half of it) happens here, on
//   the connection.

import NIOCore
import NIOHTTP1
import NIOPosix
import PracticeAccount
import Wire

/// A running server. Values of it share one listener.
package struct PracticeServer: Sendable {
  /// The port it listens on.
  package let port: Int
  private let account: PracticeAccount
  private let group: MultiThreadedEventLoopGroup
  private let connections: Connections
  private let accepting: Task<Void, Never>

  /// `http://127.0.0.1:PORT`
  package var endpointURL: String { "http://127.0.0.1:\(port)" }

  /// `export AWS_...` lines for other clients.
  package var exportLines: String { account.exportLines(endpointURL: endpointURL) }

  /// Listens on 127.0.0.1; port 0 takes a free one.
  ///
  /// - Parameter control: how the account's owner reaches it beside its services; nil: not at all.
  /// - Throws: `ServerError` if the port cannot be had.
  package static func start(
    account: PracticeAccount, port: Int = 0, control: ControlChannel? = nil
  ) async throws -> PracticeServer {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let listener: NIOAsyncChannel<Connection.HTTPChannel, Never>
    do {
      listener = try await ServerBootstrap(group: group)
        .serverChannelOption(ChannelOptions.backlog, value: 128)
        .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
        // Who has said all and says so still wants the answer.
        .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
        .bind(host: "127.0.0.1", port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline(
              withPipeliningAssistance: false, withErrorHandling: true)
            return try Connection.HTTPChannel(wrappingChannelSynchronously: channel)
          }
        }
    } catch {
      try? await group.shutdownGracefully()
      throw ServerError("cannot listen on 127.0.0.1:\(port): \(error)")
    }
    let connections = Connections(listener: listener.channel)
    let accepting = Task {
      await withDiscardingTaskGroup { tasks in
        do {
          try await listener.executeThenClose { clients in
            for try await client in clients {
              tasks.addTask {
                await Connection(
                  channel: client, account: account, folder: account.folder, connections: connections,
                  control: control
                ).serve()
              }
            }
          }
        } catch {
          // The listener is closed; what is being answered goes on to its end.
        }
      }
    }
    return PracticeServer(
      port: listener.channel.localAddress?.port ?? port, account: account, group: group,
      connections: connections,
      accepting: accepting)
  }

  /// Stops: no new connections, idle ones closed, requests in progress answered if they are done with in
  /// `seconds`. Returns when all is over.
  package func stop(within seconds: Double = 5) async {
    await connections.drain(grace: .milliseconds(Int64(max(0, min(seconds, 3600)) * 1000)))
    await accepting.value
    try? await group.shutdownGracefully()
  }

  private init(
    port: Int, account: PracticeAccount, group: MultiThreadedEventLoopGroup, connections: Connections,
    accepting: Task<Void, Never>
  ) {
    self.port = port
    self.account = account
    self.group = group
    self.connections = connections
    self.accepting = accepting
  }
}

/// The server could not start.
package struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String

  init(_ description: String) {
    self.description = description
  }
}
