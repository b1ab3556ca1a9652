import Wire

/// The functions of endpoint rules (Smithy, "Rules engine standard library" and the AWS additions to it).
enum RuleFunctions {
  /// Every function that `call` knows.
  static let names: Set = [
    "isSet", "not", "booleanEquals", "stringEquals", "getAttr", "substring", "uriEncode", "parseURL",
    "isValidHostLabel", "aws.isVirtualHostableS3Bucket", "aws.partition", "aws.parseArn", "coalesce", "ite",
    "split",
  ]

  static func call(
    _ name: String, _ arguments: [RuleValue], _ partitions: Partitions
  ) throws(EndpointError) -> RuleValue {
    func argument(_ index: Int) -> RuleValue { index < arguments.count ? arguments[index] : .none }
    switch name {
    case "isSet": return .bool(argument(0) != .none)
    case "not": return .bool(!argument(0).holds)
    case "booleanEquals": return .bool(argument(0) == argument(1))
    case "stringEquals": return .bool(argument(0) == argument(1))
    case "getAttr": return argument(1).string.map { argument(0).attribute($0) } ?? .none
    case "substring":
      guard let text = argument(0).string, let start = argument(1).int, let stop = argument(2).int else {
        return .none
      }
      return substring(text, start, stop, fromEnd: argument(3).bool ?? false).map { .string($0) } ?? .none
    case "uriEncode": return argument(0).string.map { .string(percentEncoded($0)) } ?? .none
    case "parseURL": return argument(0).string.map { parseURL($0) } ?? .none
    case "isValidHostLabel":
      return .bool(argument(0).string.map { isHostLabel($0, subdomains: argument(1).bool ?? false) } ?? false)
    case "aws.isVirtualHostableS3Bucket":
      return .bool(
        argument(0).string.map { isVirtualHostable($0, subdomains: argument(1).bool ?? false) } ?? false)
    case "aws.partition": return partition(argument(0).string ?? "", partitions)
    case "aws.parseArn": return argument(0).string.map { parseARN($0) } ?? .none
    case "coalesce": return arguments.first { $0 != .none } ?? .none
    case "ite": return argument(0).holds ? argument(1) : argument(2)
    case "split":
      guard let text = argument(0).string, let separator = argument(1).string, !separator.isEmpty else {
        return .none
      }
      let limit = argument(2).int ?? 0
      return .array(parts(text, separator, limit).map { .string($0) })
    default: throw EndpointError("The endpoint rules call \(name), which is unknown.")
    }
  }

  /// Characters `start` to `stop`, counted from the end if asked; nil outside the text or for text that is not ASCII.
  static func substring(_ text: String, _ start: Int, _ stop: Int, fromEnd: Bool) -> String? {
    let bytes = Array(text.utf8)
    guard start >= 0, start < stop, stop <= bytes.count, bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    let range = fromEnd ? bytes.count - stop..<bytes.count - start : start..<stop
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// A label of RFC 1123: letters, digits and, inside, hyphens; at most 63.
  static func isHostLabel(_ text: String, subdomains: Bool) -> Bool {
    if subdomains {
      return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
        isHostLabel(String($0), subdomains: false)
      }
    }
    let bytes = Array(text.utf8)
    guard (1...63).contains(bytes.count), bytes.first != 0x2D, bytes.last != 0x2D else { return false }
    return bytes.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: true
      default: false
      }
    }
  }

  /// Whether a bucket's name may be part of a host name.
  static func isVirtualHostable(_ bucket: String, subdomains: Bool) -> Bool {
    guard bucket.utf8.count >= 3, !bucket.utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5A }), !isIPv4(bucket)
    else {
      return false
    }
    return isHostLabel(bucket, subdomains: subdomains)
  }

  /// Four numbers of one to three digits.
  static func isIPv4(_ host: some StringProtocol) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
      }
  }

  static func parseURL(_ text: String) -> RuleValue {
    guard let url = URLParts(text) else { return .none }
    return .record([
      "scheme": .string(url.scheme), "authority": .string(url.authority), "path": .string(url.path),
      "normalizedPath": .string(url.path.hasSuffix("/") ? url.path : url.path + "/"), "isIp": .bool(url.isIP),
    ])
  }

  private static func partition(_ region: String, _ partitions: Partitions) -> RuleValue {
    guard let found = partitions.partition(of: region) else { return .none }
    return .record([
      "name": .string(found.name), "dnsSuffix": .string(found.dnsSuffix),
      "dualStackDnsSuffix": .string(found.dualStackDnsSuffix), "supportsFIPS": .bool(found.supportsFIPS),
      "supportsDualStack": .bool(found.supportsDualStack),
      "implicitGlobalRegion": .string(found.implicitGlobalRegion),
    ])
  }

  private static func parseARN(_ text: String) -> RuleValue {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, !parts[2].isEmpty, !parts[5].isEmpty else {
      return .none
    }
    let resource = parts[5].split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "/" }
    return .record([
      "partition": .string(String(parts[1])), "service": .string(String(parts[2])),
      "region": .string(String(parts[3])), "accountId": .string(String(parts[4])),
      "resourceId": .array(resource.map { .string(String($0)) }),
    ])
  }

  private static func parts(_ text: String, _ separator: String, _ limit: Int) -> [String] {
    var out: [String] = []
    var rest = Substring(text)
    while limit <= 0 || out.count < limit - 1 {
      guard let found = range(of: separator, in: rest) else { break }
      out.append(String(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return out + [String(rest)]
  }

  private static func range(of needle: String, in text: Substring) -> Range<Substring.Index>? {
    var start = text.startIndex
    while start < text.endIndex {
      if text[start...].hasPrefix(needle) {
        return start..<text.index(start, offsetBy: needle.count)
      }
      start = text.index(after: start)
    }
    return nil
  }
}

/// An absolute http or https URL without a query.
struct URLParts: Hashable, Sendable {
  var scheme: String
  /// Host and port.
  var authority: String
  /// Empty, or with a slash in front.
  var path: String

  init?(_ text: String) {
    guard let mark = text.firstIndex(of: ":"), text[mark...].hasPrefix("://") else { return nil }
    scheme = text[..<mark].lowercased()
    guard scheme == "http" || scheme == "https" else { return nil }
    let rest = text[text.index(mark, offsetBy: 3)...]
    guard !rest.contains("?"), !rest.contains("#") else { return nil }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    authority = String(rest[..<slash])
    path = String(rest[slash...])
    guard !authority.isEmpty else { return nil }
    let afterBracket = authority.lastIndex(of: "]").map { authority[$0...] } ?? authority[...]
    if let colon = afterBracket.lastIndex(of: ":") {
      guard let port = Int(afterBracket[afterBracket.index(after: colon)...]), (0...65535).contains(port)
      else {
        return nil
      }
    }
  }

  /// The host without its port.
  var host: String {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
    return String(authority.prefix { $0 != ":" })
  }

  var isIP: Bool { host.hasPrefix("[") || RuleFunctions.isIPv4(host) }
}
