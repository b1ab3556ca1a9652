/// What a request may weigh.
enum HTTPLimits {
  /// The longest body that is held in memory; a longer one goes to a file where the account has a folder.
  static let memory = 1 << 20
  /// The longest body of an account without a folder. Clients send larger objects in parts.
  static let bodyWithoutFolder = 64 << 20
  /// The longest body: S3's 5 GiB of one PutObject, and what aws-chunked adds to it.
  static let body = (5 << 30) + (64 << 20)

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
