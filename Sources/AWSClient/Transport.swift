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
    /// Into a new file at `path` if the status is 2xx (a longer error body than 1 MiB is cut off); otherwise into
    /// memory. The file is removed if the transfer fails. The response's body is then `.file`.
    case file(path: String)
  }

  package var destination = Destination.memory(limit: 64 << 20)
  /// True where a second sending could do harm (a create without idempotency token): the transport must not
  /// repeat it by itself on another connection either.
  package var sendsOnce = false
  /// Seconds until a connection must stand (AWS CLI: `--cli-connect-timeout`, 60).
  package var connectTimeout = 60.0
  /// Seconds without a byte in either direction after which the call is given up (`--cli-read-timeout`, 60); 0: never.
  package var readTimeout = 60.0
  /// Seconds for the whole exchange; 0: no bound.
  package var totalTimeout = 0.0
  package var verifiesTLS = true
  /// Path of a file of trusted certificates (`--ca-bundle`); nil: the system's.
  package var caBundle: String?

  package init() {}
}

/// Why no response came back.
package struct TransportError: Error, Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case nameNotResolved, connectionRefused, notConnected, tls, connectTimeout, readTimeout, connectionClosed
    case bodyTooLarge, file, invalidRequest, cancelled, other
  }

  package var kind: Kind
  /// The URL without its query (a query may hold a signature).
  package var url: String
  /// The library's or system's own words; never holds header values.
  package var detail: String
  /// False only if it is certain that no byte of the request left.
  package var requestMayHaveArrived: Bool

  package init(kind: Kind, url: String, detail: String, requestMayHaveArrived: Bool) {
    self.kind = kind
    self.url = url
    self.detail = detail
    self.requestMayHaveArrived = requestMayHaveArrived
  }

  /// The AWS CLI's sentence (botocore `exceptions.py`).
  package var message: String {
    switch kind {
    case .nameNotResolved, .connectionRefused, .notConnected:
      "Could not connect to the endpoint URL: \"\(url)\""
    case .connectTimeout: "Connect timeout on endpoint URL: \"\(url)\""
    case .readTimeout: "Read timeout on endpoint URL: \"\(url)\""
    case .connectionClosed:
      "Connection was closed before we received a valid response from endpoint URL: \"\(url)\"."
    case .tls: "SSL validation failed for \(url) \(detail)"
    case .bodyTooLarge: "The response from \(url) is too large: \(detail)"
    case .file, .invalidRequest, .other: detail
    case .cancelled: "The call was cancelled."
    }
  }

  /// What to do about it, for a reader who is not at home in networks.
  package var advice: String {
    switch kind {
    case .nameNotResolved:
      "The host's name is not known here. Check the Region's and the endpoint's spelling and the network connection."
    case .connectionRefused: "Nothing listens there. Check the endpoint's host and port."
    case .notConnected: "The host cannot be reached. Check the network connection and any proxy."
    case .tls: "The server's certificate is not trusted. Check the clock, the endpoint, and the CA bundle."
    case .connectTimeout, .readTimeout:
      "The service did not answer in time. Try again, or raise the time-out."
    case .connectionClosed: "The connection broke. Whether the service acted on the request is not known."
    case .bodyTooLarge: "Save the response to a file instead."
    case .file: "Check the file's path, its rights and the space on the disk."
    case .invalidRequest: "Check the endpoint URL."
    case .cancelled: "Run it again if it was not meant to stop."
    case .other: "Try again."
    }
  }

  /// True for faults that pass by themselves, as AWS's standard retry mode has it.
  package var isTransient: Bool {
    switch kind {
    case .nameNotResolved, .connectionRefused, .notConnected, .connectTimeout, .readTimeout,
      .connectionClosed:
      true
    default: false
    }
  }
}
