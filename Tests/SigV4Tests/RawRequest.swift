import Foundation
import Wire

/// The folders inside a folder, sorted.
func folders(_ path: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  return names.sorted().map { "\(path)/\($0)" }.filter {
    FileManager.default.fileExists(atPath: "\($0)/\($0.split(separator: "/").last ?? "").req")
      || FileManager.default.fileExists(atPath: "\($0)/request.txt")
  }
}

/// Reads a request as the suites write it: lines, header values that go on in indented lines, then the body.
func rawRequest(_ text: String) -> HTTPRequest? {
  let unified = text.replacingOccurrences(of: "\r\n", with: "\n")
  let halves = unified.components(separatedBy: "\n\n")
  var lines = halves[0].components(separatedBy: "\n")
  let first = lines.removeFirst()
  guard let methodEnd = first.firstIndex(of: " "), let targetEnd = first.lastIndex(of: " ") else {
    return nil
  }
  let target = first[first.index(after: methodEnd)..<targetEnd]
  var headers = Headers()
  var fields: [Headers.Field] = []
  for line in lines where !line.isEmpty {
    if line.hasPrefix(" "), let last = fields.popLast() {
      fields.append(Headers.Field(last.name, last.value + "\n" + line))
    } else if let colon = line.firstIndex(of: ":") {
      fields.append(Headers.Field(String(line[..<colon]), String(line[line.index(after: colon)...])))
    }
  }
  headers = Headers(fields)
  let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
  return HTTPRequest(
    method: String(first[..<methodEnd]), host: headers["Host"] ?? "", path: parts[0],
    query: parts.count > 1 ? parts[1] : "", headers: headers,
    body: .bytes(Array(halves.dropFirst().joined(separator: "\n\n").utf8)))
}
