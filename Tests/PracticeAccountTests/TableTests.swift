import PracticeAccount
import TestKit
import Testing

/// `docs/PRACTICE-ACCOUNT.md` names what is built, no less and no more.
struct TableTests {
  /// `service operation` of every row, in the order of the page, and the row's other cells.
  private func rows() throws -> [(name: String, cells: [String])] {
    let page = try contents(of: repositoryRoot + "/docs/PRACTICE-ACCOUNT.md")
    var service: Substring?
    var rows: [(name: String, cells: [String])] = []
    for line in page.split(separator: "\n") {
      if line.hasPrefix("#") {
        service = line.hasPrefix("### ") ? line.split(separator: "`").dropFirst().first : nil
      } else if let service, line.hasPrefix("| `") {
        let cells = line.split(separator: "|", omittingEmptySubsequences: false)
          .dropFirst().dropLast().map { String($0.trimmingPrefix { $0 == " " }) }
        let operation = try #require(line.split(separator: "`").dropFirst().first, "\(line)")
        rows.append(("\(service) \(operation)", Array(cells.dropFirst())))
      }
    }
    return rows
  }

  @Test func everyOperationHasOneRowAndEveryRowAnOperation() throws {
    let built = PracticeAccount.operations.flatMap { service, operations in
      operations.map { "\(service) \($0)" }
    }
    let rows = try rows().map(\.name)
    #expect(Set(built).subtracting(rows).sorted() == [], "without a row")
    #expect(Set(rows).subtracting(built).sorted() == [], "without an operation")
    #expect(rows.count == built.count)
  }

  @Test func everyRowNamesItsSource() throws {
    for row in try rows() {
      #expect(row.cells.count == 3, "\(row.name)")
      #expect(row.cells.last?.hasPrefix("API") == true, "\(row.name)")
    }
  }
}
