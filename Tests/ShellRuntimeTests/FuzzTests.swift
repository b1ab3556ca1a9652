import ShellRuntime
import ShellSyntax
import Testing

/// A small generator, the same on every run (splitmix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Pieces of shell in which nothing loops for ever or starts a program.
let shellPieces = [
  "a", "b=1", "$a", "${a}", "${a:-x}", "${#a}", "${a%b}", "${a/b/c}", "${a:1:2}", "${a[@]}", "$(", ")", "`",
  "'", "\"",
  " ", " ", " ", "\n", ";", "&&", "||", "|", "&", "!", "{", "}", "(", "((", "))", "[[", "]]", "if ", "then ",
  "fi",
  "for i in 1 2", "do ", "done", "case x in", "esac", ";;", "echo", "f()", "<<E\n", "\nE\n", "<<<", ">", "<",
  "2>&1",
  "\\", "#", "*", "?", "[a-z]", "~", "{1,2}", "{1..3}", "$((", "1+", "a=(1 2)", "export ", "local ", "$@",
  "$?",
  "printf %d ", "read ", "test ", "[ ", " ]", "é", "=~", "==", "set -e", "shift", "return", "unset ", "eval ",
  "trap ",
]

@Suite("Nothing traps")
struct FuzzTests {
  @Test("on token soup, parsed and run in memory", arguments: 0..<8)
  func soup(_ seed: UInt64) async {
    var random = Seeded(state: seed)
    let files = MemoryFileAccess(directories: ["/lab"])
    struct Nothing: ProcessPolicy {
      func verdict(for program: String, argv: [String]) async -> Verdict { .refuse(reason: "fuzz") }
    }
    let session = ShellSession(
      environment: [:], workingDirectory: "/lab", commands: NoCommands(), processes: Nothing(), files: files,
      sleep: { _ in })
    for _ in 0..<400 {
      let count = Int.random(in: 1...14, using: &random)
      let script = (0..<count).map { _ in shellPieces.randomElement(using: &random) ?? "" }.joined()
      guard let program = try? parse(script) else { continue }
      _ = await session.run(program, output: Transcript())
    }
  }
}
