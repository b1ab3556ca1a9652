import Glibc
import Wire

/// A question to a metadata service: plain HTTP to an address that never leaves the machine or its network.
struct MetadataRequest {
  var request: HTTPRequest
  /// The host alone, without port and brackets.
  let hostName: String

  /// Nil if `url` is no absolute http or https URL, or names a user before its host.
  init?(_ method: String, _ url: String, _ headers: Headers = [:]) {
    guard let colon = url.range(of: "://") else { return nil }
    let scheme = url[..<colon.lowerBound].lowercased()
    let rest = url[colon.upperBound...]
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    let authority = String(rest[..<end])
    guard scheme == "http" || scheme == "https", !authority.isEmpty,
      authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x40 && $0 != 0x5C })
    else { return nil }
    let target = rest[end...].prefix { $0 != "#" }
    guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts.first.map(String.init) ?? ""
    request = HTTPRequest(
      method: method, scheme: scheme, host: authority, path: path.isEmpty ? "/" : path,
      query: parts.count > 1 ? String(parts[1]) : "", headers: headers)
    hostName = MetadataRequest.hostName(authority)
  }

  private static func hostName(_ authority: String) -> String {
    if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }).lowercased() }
    return String(authority.prefix { $0 != ":" }).lowercased()
  }

  /// Asks once; a response of any status.
  func send(_ transport: any Transport, seconds: Double) async throws(TransportError) -> (
    status: Int, text: String
  ) {
    var options = SendOptions()
    options.connectTimeout = seconds
    options.readTimeout = seconds
    options.totalTimeout = 2 * seconds
    options.destination = .memory(limit: 1 << 20)
    let response = try await transport.send(request, options)
    guard case .bytes(let bytes) = response.body else { return (response.status, "") }
    return (response.status, String(decoding: bytes, as: UTF8.self))
  }
}

extension StringProtocol {
  /// Where `text` first stands.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}

/// The bytes of an IP address in its usual form; nil if the text is none. 4 or 16 of them.
func addressBytes(_ text: String) -> [UInt8]? {
  var four = in_addr()
  if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
  var sixteen = in6_addr()
  if inet_pton(AF_INET6, text, &sixteen) == 1 { return withUnsafeBytes(of: &sixteen) { Array($0) } }
  return nil
}
