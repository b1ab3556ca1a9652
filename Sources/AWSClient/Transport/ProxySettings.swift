import Wire

/// Which proxy a request goes through, by the environment's `<scheme>_proxy` and `no_proxy` variables.
///
/// Lower case wins over upper case, and an empty lower-case variable takes the upper-case one away (Python
/// `urllib.request.getproxies_environment`, which botocore asks).
package struct ProxySettings: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// A proxy, its credentials apart from its address.
  struct Proxy: Hashable, Sendable {
    /// Scheme, host and port: `http://proxy.example:3128`.
    var url: String
    var user: String?
    var password: String?

    /// For texts; botocore masks credentials the same way.
    var masked: String {
      guard user != nil, let start = url.firstRange(of: "://") else { return url }
      return url[..<start.upperBound] + "***:***@" + url[start.upperBound...]
    }
  }

  package static let none = ProxySettings(environment: [:])

  private var urls: [String: String] = [:]
  private var exceptions: String?

  package init(environment: [String: String]) {
    var found: [String: String] = [:]
    for (name, value) in environment where !value.isEmpty {
      let folded = name.lowercased()
      if folded.hasSuffix("_proxy") { found[String(folded.dropLast(6))] = value }
    }
    // A web server would hand a client's `Proxy:` header to a CGI program as HTTP_PROXY (CVE-2016-1000110).
    if environment["REQUEST_METHOD"] != nil { found["http"] = nil }
    for (name, value) in environment where name.hasSuffix("_proxy") {
      found[String(name.lowercased().dropLast(6))] = value.isEmpty ? nil : value
    }
    exceptions = found.removeValue(forKey: "no")
    urls = found.filter { $0.key == "http" || $0.key == "https" }
  }

  /// A proxy's URL may hold a password, so no value is shown.
  package var description: String { urls.isEmpty ? "no proxies" : "proxies for \(urls.keys.sorted())" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// The proxy for a request; nil if it goes straight to its host.
  ///
  /// A proxy on another host cannot reach this one's loopback, so requests to it never take one.
  func proxy(scheme: String, host: String) -> Proxy? {
    guard let url = urls[scheme], !isLoopback(host), !isException(host) else { return nil }
    return Proxy(url)
  }

  /// `no_proxy`: `*` alone, or host names and domains by suffix, with or without the port. No address ranges.
  private func isException(_ host: String) -> Bool {
    guard let exceptions else { return false }
    if exceptions == "*" { return true }
    let host = host.lowercased()
    let name = withoutPort(host)
    return exceptions.split(separator: ",").contains { entry in
      let words = entry.split(whereSeparator: \.isWhitespace)
      guard words.count == 1, let word = words.first else { return false }
      let wanted = word.drop { $0 == "." }.lowercased()
      guard !wanted.isEmpty else { return false }
      return name == wanted || host == wanted || name.hasSuffix("." + wanted) || host.hasSuffix("." + wanted)
    }
  }
}

extension ProxySettings.Proxy {
  /// Reads a proxy's URL; one without a scheme is an `http` one (botocore `ProxyConfiguration`).
  init(_ text: String) {
    var rest = text[...]
    var scheme = "http"
    if let mark = rest.firstRange(of: "://") {
      scheme = rest[..<mark.lowerBound].lowercased()
      rest = rest[mark.upperBound...]
    } else if rest.hasPrefix("//") {
      rest = rest.dropFirst(2)
    }
    rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if let at = rest.lastIndex(of: "@") {
      let halves = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      user = percentDecoded(String(halves.first ?? ""))
      password = percentDecoded(halves.count > 1 ? String(halves[1]) : "")
      rest = rest[rest.index(after: at)...]
    }
    // curl's own default is 1080; urllib3 takes the scheme's.
    let bracket = rest.lastIndex(of: "]") ?? rest.startIndex
    let port = rest[bracket...].contains(":") ? "" : scheme == "https" ? ":443" : ":80"
    url = "\(scheme)://\(rest)\(port)"
  }
}

/// Whether a host, with or without a port, is this machine's loopback (RFC 6890, RFC 6761).
func isLoopback(_ host: String) -> Bool {
  let name = withoutPort(host.lowercased())
  return name.hasPrefix("127.") || name == "[::1]" || name == "localhost" || name.hasSuffix(".localhost")
}

private func withoutPort(_ host: String) -> String {
  guard let colon = host.lastIndex(of: ":"), host[host.index(after: colon)...].allSatisfy(\.isNumber),
    !host[colon...].contains("]")
  else { return host }
  return String(host[..<colon])
}
