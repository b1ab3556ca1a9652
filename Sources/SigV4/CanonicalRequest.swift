import Wire

/// A request in the one form that both sides hash.
package struct CanonicalRequest: Hashable, Sendable {
  package var method: String
  package var path: String
  package var query: String
  /// Lower-case names with their values, in the order they are signed.
  package var headers: [Headers.Field]
  package var payloadHash: String

  /// `host;x-amz-date`
  package var signedHeaders: String { headers.map(\.name).joined(separator: ";") }

  /// The lines that are hashed.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The same as bytes.
  var bytes: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(
      headers.reduce(256 + path.utf8.count + query.utf8.count) {
        $0 + 2 * $1.name.utf8.count + $1.value.utf8.count + 3
      })
    func line(_ text: String, _ end: UInt8 = 0x0A) {
      out.append(contentsOf: text.utf8)
      out.append(end)
    }
    line(method)
    line(path)
    line(query)
    for field in headers {
      line(field.name, 0x3A)
      line(field.value)
    }
    out.append(0x0A)
    for (position, field) in headers.enumerated() {
      if position > 0 { out.append(0x3B) }
      out.append(contentsOf: field.name.utf8)
    }
    out.append(0x0A)
    out.append(contentsOf: payloadHash.utf8)
    return out
  }
}

/// Headers that proxies and HTTP libraries change, add or drop, so that nobody signs them (botocore's list).
package let unsignedHeaders: Set<String> = [
  "authorization", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
  "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
]

/// The canonical request that a signer makes of `request`: every header is signed but the `unsignedHeaders`.
package func canonicalRequest(_ request: HTTPRequest, in context: SigningContext) -> CanonicalRequest {
  var entries: [Headers.Field] = []
  entries.reserveCapacity(request.headers.fields.count + 1)
  var hasHost = false
  for field in request.headers.fields {
    let name = field.name.lowercased()
    if unsignedHeaders.contains(name) { continue }
    if name == "host" { hasHost = true }
    // Kept sorted by name, those of one name in the order they came: the fields are few.
    var position = entries.count
    while position > 0, precedes(name, entries[position - 1].name) { position -= 1 }
    entries.insert(Headers.Field(name, folded(field.value)), at: position)
  }
  if !hasHost {
    let position = entries.firstIndex { precedes("host", $0.name) } ?? entries.count
    entries.insert(Headers.Field("host", folded(canonicalHost(request))), at: position)
  }
  return CanonicalRequest(
    method: request.method.uppercased(),
    path: canonicalPath(
      request.path, normalizes: context.normalizesPath, doubleEncodes: context.doubleEncodesPath),
    query: canonicalQuery(request.query),
    headers: merged(entries),
    payloadHash: request.headers["x-amz-content-sha256"] ?? context.payload.text(of: request.body))
}

/// Several fields of one name become one, their values joined with commas.
private func merged(_ sorted: [Headers.Field]) -> [Headers.Field] {
  guard zip(sorted, sorted.dropFirst()).contains(where: { $0.name == $1.name }) else { return sorted }
  var out: [Headers.Field] = []
  for field in sorted {
    if let last = out.last, last.name == field.name {
      out[out.count - 1].value += "," + field.value
    } else {
      out.append(field)
    }
  }
  return out
}

/// The path as it is signed. Normalised as RFC 3986 section 5.2.4 removes dots, with empty segments too.
package func canonicalPath(_ path: String, normalizes: Bool, doubleEncodes: Bool) -> String {
  if path.isEmpty || path == "/" { return "/" }
  let path = normalizes ? withoutDotSegments(path) : path
  return doubleEncodes ? percentEncoded(path, keepingSlash: true) : path
}

private func withoutDotSegments(_ path: String) -> String {
  var kept: [Substring] = []
  for segment in path.split(separator: "/") where segment != "." {
    if segment != ".." {
      kept.append(segment)
    } else if !kept.isEmpty {
      kept.removeLast()
    }
  }
  let isDirectory = path.utf8.last == 0x2F && !kept.isEmpty
  return "/" + kept.joined(separator: "/") + (isDirectory ? "/" : "")
}

/// The parameters sorted by the bytes of their encoded names, then values. What is encoded stays as it is;
/// bytes that may not stand in a query at all are encoded.
package func canonicalQuery(_ query: String) -> String {
  guard !query.isEmpty else { return "" }
  return joined(queryPairs(query).map { (legal($0.name), legal($0.value)) })
}

/// The parameters decoded and encoded anew, as AWS does it; a `+` is a space or itself.
func recodedQuery(_ query: String, plusIsSpace: Bool) -> String {
  func recoded(_ text: String) -> String { percentEncoded(percentDecoded(text, plusIsSpace: plusIsSpace)) }
  return joined(
    queryPairs(query).filter { !$0.name.isEmpty || !$0.value.isEmpty }.map {
      (recoded($0.name), recoded($0.value))
    })
}

func queryPairs(_ query: String) -> [(name: String, value: String)] {
  query.split(separator: "&", omittingEmptySubsequences: false).map { pair in
    let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return (String(halves[0]), halves.count > 1 ? String(halves[1]) : "")
  }
}

private func joined(_ pairs: [(String, String)]) -> String {
  pairs.sorted { a, b in a.0 == b.0 ? precedes(a.1, b.1) : precedes(a.0, b.0) }
    .map { "\($0)=\($1)" }.joined(separator: "&")
}

/// Encodes what RFC 3986 does not let stand in a query: controls, spaces, quotes, anything beyond ASCII.
private func legal(_ text: String) -> String {
  guard text.utf8.contains(where: isIllegal) else { return text }
  var out = ""
  for scalar in text.unicodeScalars {
    out += String(scalar).utf8.contains(where: isIllegal) ? percentEncoded(String(scalar)) : String(scalar)
  }
  return out
}

private func isIllegal(_ byte: UInt8) -> Bool {
  byte <= 0x20 || byte >= 0x7F || "\"<>\\^`{|}".utf8.contains(byte)
}

/// The values under each of the (lower-case) names, white space folded, several joined with commas in the
/// order they came. A name without a value gives an empty one; `host` falls back to the URL's.
func canonicalHeaders(_ names: [String], of request: HTTPRequest) -> [Headers.Field] {
  names.map { name in
    var values = request.headers.values(name)
    if values.isEmpty, name == "host" { values = [canonicalHost(request)] }
    return Headers.Field(name, values.map(folded).joined(separator: ","))
  }
}

/// What an HTTP client sends as `Host`: lower case, without the scheme's own port.
private func canonicalHost(_ request: HTTPRequest) -> String {
  let host = request.host.lowercased()
  let port = request.scheme.lowercased() == "https" ? ":443" : ":80"
  return host.hasSuffix(port) ? String(host.dropLast(port.utf8.count)) : host
}

/// Runs of white space become one space, none is left at the ends.
private func folded(_ value: String) -> String {
  if isFolded(value.utf8) { return value }
  return foldedScalars(value)
}

/// Whether nothing is to be folded: printable ASCII with single spaces between words.
private func isFolded(_ bytes: String.UTF8View) -> Bool {
  bytes.withContiguousStorageIfAvailable { bytes in
    var previous: UInt8 = 0x20
    for byte in bytes {
      guard byte > 0x1F, byte < 0x7F, byte != 0x20 || previous != 0x20 else { return false }
      previous = byte
    }
    return previous != 0x20 || bytes.isEmpty
  } ?? false
}

private func foldedScalars(_ value: String) -> String {
  value.unicodeScalars.split { $0.properties.isWhitespace || (0x1C...0x1F).contains($0.value) }
    .map { String($0) }.joined(separator: " ")
}

/// Order by bytes, whatever the language.
func precedes(_ a: String, _ b: String) -> Bool {
  a.utf8.lexicographicallyPrecedes(b.utf8)
}
