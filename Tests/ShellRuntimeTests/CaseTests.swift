import ShellRuntime
import Testing

@Suite("A script prints and returns what the table says")
struct CaseTests {
  @Test("in our shell", arguments: Case.all)
  func ours(_ row: Case) async throws {
    let outcome = try await withDirectory { await liveSession($0).outcome(row.script) }
    #expect(outcome.output == row.output, "\(row)\n\(outcome.errors)")
    #expect(outcome.status == row.status, "\(row)\n\(outcome.errors)")
  }

  @Test("in bash, and in dash where the row is POSIX", arguments: Case.all.filter { !$0.judges.isEmpty })
  func others(_ row: Case) async throws {
    for shell in row.judges {
      let outcome = try await judge(shell, row.script)
      #expect(outcome.output == row.output, "\(shell) \(row)")
      #expect(outcome.status == row.status, "\(shell) \(row)")
    }
  }

  @Test("and there are rows")
  func rows() {
    #expect(Case.all.count > 260)
    #expect(Case.all.allSatisfy { !$0.judges.isEmpty || !($0.difference ?? "").isEmpty })
  }
}
