import Foundation
import OrderedJSON
import Testing

@testable import AWSClient

/// Python's `configparser` as the judge, used as botocore uses it: thousands of small files, read by both.
@Suite(.enabled(if: python != nil, "there is no python3: INI files are not judged"))
struct INIFileJudgeTests {
  @Test func `files mean what they mean to configparser`() throws {
    var writer = FileWriter(seed: 20_261_123)
    let texts = (0..<4000).map { _ in writer.file() } + Self.chosen
    let verdicts = try judge(texts)
    #expect(verdicts.count == texts.count)
    #expect(
      verdicts.contains { $0 == .null } && verdicts.contains { $0["nested"] != nil || $0 != .null })
    for (text, verdict) in zip(texts, verdicts) {
      #expect(reading(of: text) == verdict, "\(text.debugDescription)")
    }
  }

  private static let chosen = [
    "[a]\nk = 1\n[a]\nl = 2", "[a]\nk = 1\nK: 2", "[DEFAULT]\nk = 1\n[a]\n[b]\nk = 2", "[ a ]\nk=1",
    "[a]b]\nk=1",
    "[]\nk=1", "[a]\ns3 =\n\n  A = b=c\n  d=e\n\n", "[a]\ns3 =\n  plain",
    "[a]\nk = 1\n  2\n    3\n # no\n  4\n\n5 = 6",
    "  [a]\n  k = 1\n  l = 2\n m = 3", "[a]\r\nk = 1\r\n", "[a]\rk = 1\r", "\u{FEFF}[a]\nk = 1",
    "[a]\nk = a ; no comment",
    "[a]\n[b]\n  k = 1\n    l = 2", "[a]\nk = 1\n  [b]\nl = 2", "[a]\n= 1", "[a]\nk", "k = 1", "",
    "#", "[a]\nk =\n\t\n\tv=1",
  ]

  /// Sections by name, their values, nested ones as objects; null for a file that is refused.
  private func reading(of text: String) -> JSON {
    guard let file = try? INIFile(text) else { return .null }
    var out = JSONObject()
    for section in file.sections {
      var values = JSONObject()
      for (key, value) in section.values {
        values[key] =
          section.nested[key].map { .object(JSONObject($0.map { ($0.key, .string($0.value)) })) }
          ?? .string(value)
      }
      out[section.name] = .object(values)
    }
    return .object(out)
  }

  private func judge(_ texts: [String]) throws -> [JSON] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    process.arguments = ["-c", Self.program]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let asked = JSON.array(texts.map { .string($0) }).text()
    input.fileHandleForWriting.write(Data(asked.utf8))
    try input.fileHandleForWriting.close()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try #require(JSON.parse(bytes: Array(answer)).array)
  }

  /// What botocore's `configloader.py` does with a file.
  private static let program = """
    import configparser, io, json, sys
    def nested(value):
        pairs = [line.strip().split("=", 1) for line in value.splitlines() if line.strip()]
        return {key.strip(): rest.strip() for key, rest in pairs}
    def read(text):
        parser = configparser.RawConfigParser()
        try:
            parser.read_file(io.StringIO(text, newline=None))
            found = {name: dict(parser.items(name)) for name in parser.sections()}
            return {name: {key: nested(value) if value.startswith("\\n") else value for key, value in values.items()}
                    for name, values in found.items()}
        except (configparser.Error, ValueError):
            return None
    json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
    """
}

private let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

/// Writes files of a few lines, most of them nearly right.
private struct FileWriter {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func pick<T>(_ choices: [T]) -> T {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return choices[Int(truncatingIfNeeded: state >> 33) % choices.count]
  }

  mutating func file() -> String {
    var text = pick(["[default]\n", "[default]\n", "", "# a\n", "[DEFAULT]\n", "\n"])
    for _ in 0..<pick([1, 3, 5, 8]) { text += line() + pick(["\n", "\n", "\n", "\r\n"]) }
    return text
  }

  private mutating func line() -> String {
    let indent = pick(["", "", "", "  ", "  ", "    ", "\t"])
    switch pick([0, 1, 1, 1, 1, 2, 3, 4, 5]) {
    case 0:
      return indent
        + pick([
          "[profile a]", "[profile \"a b\"]", "[b]", "[sso-session c]", "[DEFAULT]", "[x] y", "[z",
        ])
    case 1:
      let key = pick(["region", "output", "s3", "Key", "key", "k1", "k2", "k3", "k 4", "ünï"])
      return indent + key + pick([" = ", "=", ": ", " =", " "])
        + pick(["", "", "v", "a b", "x=y", "é # c", "[q]", "  v  "])
    case 2: return indent + pick(["# comment", "; comment", "#", ";"])
    case 3: return indent
    case 4: return "  " + pick(["a = b", "a=b=c", "A = B", "plain", "c:d", "[e]", "="])
    default: return pick(["    deep = x", "word", "=", ":", "]", "\u{00A0}", "a\u{301} = b"])
    }
  }
}
