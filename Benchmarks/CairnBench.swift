// cairn-bench: times the rooms from inside, each beside a yardstick of the same run, because milliseconds of another
// machine say nothing and a ratio does. `scripts/bench` builds it and calls it; docs/TESTING.md says which is which.
// It asserts nothing and is no part of the program that is installed.

/// The benchmarks by the word that runs them.
let benchmarks: [(word: String, run: @Sendable () async throws -> Void)] = [
  ("sign", benchSigning),
  ("models", benchModelLoad),
  ("calls", benchCalls),
  ("transfer", benchTransfer),
  ("practice", benchPractice),
]

@main
struct CairnBench {
  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    let known = benchmarks.map(\.word)
    guard !words.isEmpty, words.allSatisfy(known.contains) else {
      print("cairn-bench \(known.joined(separator: "|")) ...")
      return
    }
    for (word, run) in benchmarks where words.contains(word) { try await run() }
  }
}
