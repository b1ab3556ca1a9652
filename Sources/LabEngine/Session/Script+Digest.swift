import Digests
import ShellSyntax
import Wire

extension Script {
  /// A digest of the statements before the one at `index`, by which an edited block is told from the one that ran;
  /// empty if there are none.
  func digest(upTo index: Int) -> String {
    let passed = statements.prefix(index)
    return passed.isEmpty
      ? "" : hexEncoded(sha256(passed.map { text(of: $0.range) }.joined(separator: "\n").utf8))
  }
}
