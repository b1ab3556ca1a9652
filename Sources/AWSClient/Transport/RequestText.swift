import Wire

/// Why a request cannot be sent as it is; nil if it can. Line ends and blanks in the wrong place would forge
/// headers or another request (RFC 9112, section 11.1).
func refusal(of request: HTTPRequest) -> String? {
  if request.scheme != "http" && request.scheme != "https" {
    return "Unsupported URL scheme: \"\(request.scheme)\"; it must be http or https."
  }
  if request.method.isEmpty || !request.method.utf8.allSatisfy(isTokenByte) {
    return "The request's method is no HTTP method."
  }
  if request.host.isEmpty || !request.host.utf8.allSatisfy(isHostByte) {
    return "The endpoint's host is not valid: a host name or address, and a port if it has one."
  }
  if !request.path.hasPrefix("/") || !isURLText(request.path + request.query)
    || request.path.utf8.contains(0x3F)
  {
    return "The request's path or query holds characters that must be percent-encoded."
  }
  for header in request.headers {
    guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte) else {
      return "A header's name holds characters that no header's name may hold."
    }
    guard !header.value.utf8.contains(where: { $0 < 32 && $0 != 9 || $0 == 127 }) else {
      return "The value of the header \(header.name) holds control characters or line ends."
    }
  }
  return nil
}

private func isHostByte(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x5B, 0x5D, 0x25: true
  default: false
  }
}

private func isURLText(_ text: String) -> Bool {
  !text.utf8.contains { $0 <= 32 || $0 == 127 || $0 == 0x23 }
}

/// The URL as texts show it: no query, nothing before an `@` in the host.
func shownURL(of request: HTTPRequest) -> String {
  let host = request.host.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
  return "\(request.scheme)://\(host)\(request.path)"
}

/// A sentence of libcurl's or the system's without what must not be shown: the query, credentials in headers,
/// and the proxy's user and password.
func redacted(_ text: String, _ request: HTTPRequest, _ proxy: ProxySettings.Proxy?) -> String {
  var secrets = [request.query]
  if let user = proxy?.user, let password = proxy?.password {
    secrets += ["\(user):\(password)", password]
  }
  for name in ["Authorization", "X-Amz-Security-Token", "Proxy-Authorization"] {
    secrets += request.headers.values(name)
  }
  var text = text
  // The longer first: one may be part of another.
  for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) where !secret.isEmpty {
    text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
  }
  return text
}
