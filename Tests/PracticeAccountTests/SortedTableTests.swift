import Testing

@testable import PracticeAccount

/// The table against a dictionary that is sorted anew each time.
struct SortedTableTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `it holds what a dictionary holds, in order`(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var table = SortedTable<Int, Int>()
    var twin: [Int: Int] = [:]
    for step in 0..<5000 {
      let key = chance.below(2000)
      if chance.below(3) == 0 {
        table[key] = nil
        twin[key] = nil
      } else {
        table[key] = step
        twin[key] = step
      }
    }
    #expect(table.count == twin.count)
    #expect(table.map(\.key) == twin.keys.sorted())
    for key in -1...2001 {
      #expect(table[key] == twin[key])
    }
    for key in stride(from: -1, through: 2001, by: 97) {
      #expect(Array(table.from(key).map(\.key)) == twin.keys.filter { $0 >= key }.sorted())
    }
    #expect(table.last?.key == twin.keys.max())
  }

  @Test func `a copy does not see later changes, and changes are counted from the last time`() {
    var table = SortedTable<Int, String>()
    for number in 0..<1000 { table[number] = "a" }
    table.forgetChanges()
    let copy = table
    table[500] = "b"
    table[2000] = "c"
    table[3] = nil
    #expect(table.changed == [3, 500, 2000])
    #expect(copy.changed.isEmpty)
    #expect(copy[500] == "a")
    #expect(copy.count == 1000)
    #expect(copy != table)
    table[500] = "a"
    table[2000] = nil
    table[3] = "a"
    #expect(copy == table)
  }
}
