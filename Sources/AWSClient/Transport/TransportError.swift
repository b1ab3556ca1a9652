/// Why no response came back, or none that can be used.
package struct TransportError: Error, Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case nameNotResolved, connectionRefused, notConnected, proxy, tls, connectTimeout, readTimeout
    /// Closed or reset before a whole response head came, or reset within the body.
    case connectionClosed
    /// The body is shorter than the response's head or framing promised.
    case truncated
    /// What came is no HTTP response.
    case malformedResponse
    /// The body does not fit the checksum that came with it.
    case checksumMismatch
    case headersTooLarge, bodyTooLarge, file, invalidRequest, cancelled, other
  }

  /// What a `tls` fault was about.
  package enum TLSFault: String, Hashable, Sendable {
    /// Signed by nobody who is trusted here: self-signed, or by an unknown authority.
    case untrusted
    case expired, notYetValid, wrongHost
    /// The other side does not speak TLS, or no common version of it.
    case noTLS
    /// The file of trusted certificates cannot be read.
    case unusableBundle
    case other
  }

  package var kind: Kind
  package var tlsFault: TLSFault?
  /// The URL without its query (a query may hold a signature) and without user and password.
  package var url: String
  /// The library's or system's own words; never holds header values, query values or a proxy's password.
  package var detail: String
  /// False only if it is certain that no byte of the request left.
  package var requestMayHaveArrived: Bool

  package init(
    kind: Kind, url: String, detail: String, requestMayHaveArrived: Bool, tlsFault: TLSFault? = nil
  ) {
    self.kind = kind
    self.url = url
    self.detail = detail
    self.requestMayHaveArrived = requestMayHaveArrived
    self.tlsFault = tlsFault
  }

  /// The AWS CLI's sentence (botocore `exceptions.py`) where it has one.
  package var message: String {
    switch kind {
    case .nameNotResolved, .connectionRefused, .notConnected:
      "Could not connect to the endpoint URL: \"\(url)\""
    case .proxy: "Failed to connect to proxy URL: \(detail)"
    case .connectTimeout: "Connect timeout on endpoint URL: \"\(url)\""
    case .readTimeout: "Read timeout on endpoint URL: \"\(url)\""
    case .connectionClosed:
      "Connection was closed before we received a valid response from endpoint URL: \"\(url)\"."
    case .truncated: "An error occurred while reading from response stream: \(detail)"
    case .malformedResponse: "The answer of \(url) is not valid HTTP: \(detail)"
    case .tls: "SSL validation failed for \(url) \(detail)"
    case .headersTooLarge: "The head of the response from \(url) is too large: \(detail)"
    case .bodyTooLarge: "The response from \(url) is too large: \(detail)"
    case .checksumMismatch, .file, .invalidRequest, .other: detail
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
    case .proxy: "Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY: the proxy's address, and its user and password."
    case .tls: (tlsFault ?? .other).advice
    case .connectTimeout, .readTimeout:
      "The service did not answer in time. Try again, or raise the time-out."
    case .connectionClosed: "The connection broke. Whether the service acted on the request is not known."
    case .truncated: "The connection broke before the whole response was here. Try again."
    case .malformedResponse: "Check the endpoint's host and port: something else than the service answered."
    case .checksumMismatch: "What arrived is not what was stored. Nothing was kept; try again."
    case .headersTooLarge: "Check the endpoint's host and port."
    case .bodyTooLarge: "Save the response to a file instead."
    case .file: "Check the file's path, its rights and the space on the disk."
    case .invalidRequest: "Check the endpoint URL and the values given."
    case .cancelled: "Run it again if it was not meant to stop."
    case .other: "Try again."
    }
  }

  /// True for faults that pass by themselves, as AWS's standard retry mode has it.
  package var isTransient: Bool {
    switch kind {
    case .nameNotResolved, .connectionRefused, .notConnected, .proxy, .connectTimeout, .readTimeout,
      .connectionClosed, .truncated, .malformedResponse:
      true
    default: false
    }
  }
}

extension TransportError.TLSFault {
  /// What to do about it.
  var advice: String {
    switch self {
    case .untrusted:
      "Nobody who is trusted here vouches for the server. If a proxy of your network signs its own certificates, "
        + "name its CA bundle with AWS_CA_BUNDLE or --ca-bundle."
    case .expired: "The server's certificate has expired. Check this computer's clock and the endpoint."
    case .notYetValid: "The server's certificate is not valid yet. Check this computer's clock."
    case .wrongHost: "The server's certificate belongs to another host. Check the endpoint's spelling."
    case .noTLS: "The other side does not speak TLS. Check the endpoint's port, and https against http."
    case .unusableBundle:
      "The file of trusted certificates cannot be read. Check AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE and --ca-bundle."
    case .other:
      "The server's certificate is not trusted. Check the clock, the endpoint, and the CA bundle."
    }
  }
}
