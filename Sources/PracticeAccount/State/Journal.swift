import Digests

/// The form of the file that is only ever added to: a line a record, `CRC32C SPACE JSON`. A line that a crash
/// cut short is the last one and does not count; damage before it is damage.
package enum Journal {
  /// One record as a line.
  package static func line(_ record: [UInt8]) -> [UInt8] {
    Array(sum(record).utf8) + [0x20] + record + [0x0A]
  }

  /// The records of a journal, oldest first, and whether a torn last line was left out.
  ///
  /// - Throws: `StoreError` if anything but the last line is damaged.
  package static func records(_ bytes: [UInt8]) throws(StoreError) -> (
    records: [ArraySlice<UInt8>], isTorn: Bool
  ) {
    var records: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A)
      let line = bytes[start..<(end ?? bytes.count)]
      guard let end, line.count > 9, line[start + 8] == 0x20,
        line.prefix(8).elementsEqual(sum(line.dropFirst(9)).utf8)
      else {
        let isLast = end == nil || end == bytes.count - 1
        guard isLast else {
          throw StoreError("the practice account's journal is damaged in record \(records.count + 1)")
        }
        return (records, true)
      }
      records.append(line.dropFirst(9))
      start = end + 1
    }
    return (records, false)
  }

  private static func sum(_ bytes: some Sequence<UInt8>) -> String {
    let text = String(crc32c(bytes), radix: 16)
    return String(repeating: "0", count: max(0, 8 - text.count)) + text
  }
}
