import Digests
import Wire

/// Sends one HTTP request and returns its response: the seam between the client core and the network.
///
/// A response of any status is a response; redirects are not followed. `CurlTransport` is the live one.
package protocol Transport: Sendable {
  /// - Throws: `TransportError` if no whole response came back. Cancelling the task breaks the request off.
  func send(_ request: HTTPRequest, _ options: SendOptions) async throws(TransportError) -> HTTPResponse
}

extension Transport {
  /// Sends with the default options: the response in memory, AWS CLI's time-outs.
  package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    try await send(request, SendOptions())
  }
}

/// How one request is to be sent.
package struct SendOptions: Hashable, Sendable {
  /// Where a response's body goes.
  package enum Destination: Hashable, Sendable {
    /// Into memory, refused beyond `limit` bytes.
    case memory(limit: Int)
    /// Into the file at `path` if the status is 2xx (a longer error body than 1 MiB is refused); otherwise into
    /// memory. What stands there is overwritten, so name a place beside the final one and rename afterwards: a
    /// regular file is removed if the transfer fails. The response's body is then `.file`.
    case file(path: String)
  }

  /// A checksum that a response may carry in a header: Base64 of the digest of its body.
  package struct ExpectedChecksum: Hashable, Sendable {
    package var header: String
    package var algorithm: DigestAlgorithm

    package init(header: String, algorithm: DigestAlgorithm) {
      self.header = header
      self.algorithm = algorithm
    }
  }

  package var destination = Destination.memory(limit: 64 << 20)
  /// Checksums to look for in a response of status 200; the first that is there is verified while the body comes
  /// in. One with a hyphen (`abc=-3`) is made of a multipart object's parts and says nothing of the whole.
  package var expectedChecksums: [ExpectedChecksum] = []
  /// Set: the body goes out `aws-chunked` with its checksum behind it, made while it is read. The request's
  /// headers must say so (`BodyChecksum`).
  package var trailer: ExpectedChecksum?
  /// True where a second sending could do harm (a create without idempotency token): the transport must not
  /// repeat it by itself on another connection either.
  package var sendsOnce = false
  /// Seconds until a connection must stand (AWS CLI: `--cli-connect-timeout`, 60).
  package var connectTimeout = 60.0
  /// Seconds without a byte in either direction after which the call is given up (`--cli-read-timeout`, 60); 0: never.
  package var readTimeout = 60.0
  /// Seconds for the whole exchange; 0: no bound.
  package var totalTimeout = 0.0
  /// Seconds that a body waits for `100 Continue` if the request has `Expect` (botocore: 1).
  package var expectTimeout = 1.0
  /// False: `--no-verify-ssl`.
  package var verifiesTLS = true
  /// Path of a file of trusted certificates (`--ca-bundle`); nil: the system's.
  package var caBundle: String?
  package var proxies = ProxySettings.none

  package init() {}
}
