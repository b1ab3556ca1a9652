/// What a request may weigh.
enum HTTPLimits {
  /// The longest body. Clients send larger objects in parts; a single PutObject of more is refused.
  static let body = 64 << 20

  /// Names of this machine that a client may have connected by; anything else is somebody else's page.
  static func isLocal(host: String) -> Bool {
    var name = host.lowercased()
    if name.hasPrefix("[") {
      guard let end = name.firstIndex(of: "]") else { return false }
      return name[...end] == "[::1]"
    }
    if let colon = name.firstIndex(of: ":") { name = String(name[..<colon]) }
    return name == "127.0.0.1" || name == "localhost" || name.hasSuffix(".localhost")
  }
}
