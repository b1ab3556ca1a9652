import SigV4
import Wire

/// A raw request: a line of method and target, header lines, an empty line, a body. Whoever signed it is known by the
/// secret `secret`; a body in chunks is read with the chunks' signatures.
func readSignature(_ bytes: borrowing [UInt8]) {
  let request = rawRequest(copy bytes)
  guard let parsed = try? Authorization.parse(request) else { return }
  let now = Timestamp(milliseconds: 1_700_000_000_000)
  for moment in [now, parsed.date] {
    try? verify(request, secret: "secret", parsed: parsed, now: moment, maximumSkew: 900)
  }
  if case .bytes(let body) = request.body {
    _ = try? decodeChunks(body, signer: ChunkSigner(secret: "secret", parsed: parsed))
  }
  let context = SigningContext(region: parsed.region, service: parsed.service, date: parsed.date)
  let credentials = Credentials(accessKeyID: parsed.accessKeyID, secretAccessKey: "secret", sessionToken: nil)
  var unsigned = request
  unsigned.headers["Authorization"] = nil
  _ = signed(unsigned, with: credentials, in: context)
}

/// `METHOD /path?query`, `Name: value` lines, an empty line, the body; lines end in LF, a CR before it is dropped.
func rawRequest(_ bytes: [UInt8]) -> HTTPRequest {
  let (head, body) = headAndBody(bytes)
  let first =
    head.first.map { $0.split(separator: " ", omittingEmptySubsequences: false).map(String.init) } ?? []
  let target = first.count > 1 ? first[1] : "/"
  let mark = target.firstIndex(of: "?")
  var request = HTTPRequest(
    method: first.first ?? "GET", host: "example.amazonaws.com",
    path: mark.map { String(target[..<$0]) } ?? target,
    query: mark.map { String(target[target.index(after: $0)...]) } ?? "", headers: headers(head.dropFirst()),
    body: .bytes(body))
  request.host = request.headers["Host"] ?? request.host
  return request
}

/// Lines up to the first empty one, and what follows it.
func headAndBody(_ bytes: [UInt8]) -> (head: [String], body: [UInt8]) {
  var head: [String] = []
  var rest = bytes[...]
  while let end = rest.firstIndex(of: 0x0A) {
    let line = rest[..<end].last == 0x0D ? rest[..<end].dropLast() : rest[..<end]
    rest = rest[(end + 1)...]
    if line.isEmpty { break }
    head.append(String(decoding: line, as: UTF8.self))
  }
  return (head, Array(rest))
}

func headers(_ lines: some Sequence<String>) -> Headers {
  var headers = Headers()
  for line in lines {
    guard let colon = line.firstIndex(of: ":") else { continue }
    headers.add(String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
  }
  return headers
}
