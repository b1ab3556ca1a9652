import Foundation
import Glibc
import ShellSyntax
import TestKit
import Testing

/// Blocks of shell from public labs, one JSON object a line, in `../shared/corpus/blocks.jsonl` or beside
/// `CONFORMANCE_DIR`. They are measured with, never shipped.
enum Corpus {
  static let path: String? = {
    let beside = conformanceDirectory.map { $0 + "/../corpus/blocks.jsonl" }
    return beside.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
  }()

  static let lab: String? = {
    let beside = conformanceDirectory.map { $0 + "/../lab/source-lab.md" }
    return beside.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
  }()

  static func blocks() throws -> [String] {
    try contents(of: path ?? "").split(separator: "\n").compactMap {
      let row = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      return row?["src"] as? String
    }
  }

  /// The fenced bash blocks of the source lab.
  static func labBlocks() throws -> [String] {
    try contents(of: lab ?? "").components(separatedBy: "```bash\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
  }

  /// What we refuse and bash lets pass, by the start of the block, with the reason.
  static let differences: [(start: String, reason: String)] = [
    (
      "aws lambda update-function-configuration \\\n  --function-name <<function-name>>",
      "bash takes `<<function-name>>` for a here-document without an end and warns; we ask for the end"
    )
  ]
}

/// Does `bash -n` accept the script?
func bashAccepts(_ script: String) throws -> Bool {
  let file = NSTemporaryDirectory() + "syntax-" + UUID().uuidString
  try script.write(toFile: file, atomically: true, encoding: .utf8)
  defer { try? FileManager.default.removeItem(atPath: file) }
  let line = "exec bash -n '\(file)' > /dev/null 2>&1"
  var words: [UnsafeMutablePointer<CChar>?] = (["sh", "-c", line] as [String]).map { strdup($0) }
  words.append(nil)
  defer { for word in words { free(word) } }
  var process = pid_t()
  let started = posix_spawn(&process, "/bin/sh", nil, nil, &words, environ)
  try #require(started == 0)
  var code: Int32 = 0
  waitpid(process, &code, 0)
  return code == 0
}

@Suite("Blocks of public labs")
struct CorpusTests {
  @Test("parse where bash accepts them and not where it does not", .enabled(if: Corpus.path != nil))
  func agrees() throws {
    let blocks = try Corpus.blocks()
    var parsed = 0
    for block in blocks {
      var refusal: ShellSyntaxError?
      do {
        _ = try parse(block)
        parsed += 1
      } catch {
        refusal = error
      }
      if Corpus.differences.contains(where: { block.hasPrefix($0.start) }) {
        #expect(refusal != nil)
        continue
      }
      #expect(
        try bashAccepts(block) == (refusal == nil), "\(refusal.map(String.init(describing:)) ?? "")\n\(block)"
      )
    }
    #expect(blocks.count > 800)
    #expect(Double(parsed) >= 0.99 * Double(blocks.count))
  }

  @Test("print as scripts that print the same", .enabled(if: Corpus.path != nil))
  func fixpoint() throws {
    for block in try Corpus.blocks() {
      guard let script = try? parse(block) else { continue }
      let once = Printer.source(of: script)
      let again = try parse(once)
      #expect(Printer.source(of: again) == once)
      #expect(try bashAccepts(once))
    }
  }

  @Test("of the source lab all parse, statement by statement", .enabled(if: Corpus.lab != nil))
  func lab() throws {
    let blocks = try Corpus.labBlocks()
    #expect(blocks.count == 8)
    for block in blocks {
      let script = try parse(block)
      for statement in script.statements {
        let text = script.text(of: statement.range)
        #expect(try parse(text + "\n").statements.count == 1, "\(text)")
      }
      let once = Printer.source(of: script)
      #expect(Printer.source(of: try parse(once)) == once)
    }
  }
}
