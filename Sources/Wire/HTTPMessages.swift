/// The body of a request or response.
package enum Body: Hashable, Sendable {
  case bytes([UInt8])
  /// A file that is streamed from `offset`, `length` bytes long; never read whole into memory.
  case file(path: String, offset: UInt64, length: UInt64)

  package static let empty = Body.bytes([])

  /// The length in bytes.
  package var count: UInt64 {
    switch self {
    case .bytes(let bytes): UInt64(bytes.count)
    case .file(_, _, let length): length
    }
  }
}

/// An HTTP request. `path` and `query` are percent-encoded, just as they are sent.
package struct HTTPRequest: Hashable, Sendable {
  /// Upper case: `GET`, `PUT`, ...
  package var method: String
  /// `http` or `https`.
  package var scheme: String
  /// Host with the port if it is not the scheme's own: `127.0.0.1:8080`.
  package var host: String
  /// Absolute and percent-encoded: `/bucket/a%20key`. Never empty.
  package var path: String
  /// Percent-encoded, without the question mark; empty if there is none.
  package var query: String
  package var headers: Headers
  package var body: Body

  package init(
    method: String, scheme: String = "https", host: String, path: String = "/", query: String = "",
    headers: Headers = [:], body: Body = .empty
  ) {
    self.method = method
    self.scheme = scheme
    self.host = host
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// The absolute URL.
  package var url: String {
    "\(scheme)://\(host)\(path)" + (query.isEmpty ? "" : "?\(query)")
  }
}

/// An HTTP response. A response without a body has `.empty`.
package struct HTTPResponse: Hashable, Sendable {
  package var status: Int
  package var headers: Headers
  package var body: Body

  package init(status: Int, headers: Headers = [:], body: Body = .empty) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
