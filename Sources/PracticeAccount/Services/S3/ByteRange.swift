import ServiceModels
import Wire

/// `Range: bytes=...`, one range as S3 takes it (RFC 9110, section 14.1.2).
enum ByteRange {
  /// First and last byte; nil for what S3 ignores (another unit, several ranges, nonsense).
  ///
  /// - Throws: `InvalidRange` if it begins beyond the end.
  static func read(_ text: String, size: Int64) throws(ServiceFault) -> ClosedRange<Int64>? {
    guard text.hasPrefix("bytes="), !text.contains(",") else { return nil }
    let ends = text.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2 else { return nil }
    let first = Int64(ends[0])
    let last = Int64(ends[1])
    if ends[0].isEmpty {
      guard let last, last > 0, size > 0 else {
        if last == nil { return nil }
        throw unsatisfiable(text, size)
      }
      return max(0, size - last)...(size - 1)
    }
    guard let first, first >= 0, ends[1].isEmpty || last != nil, (last ?? first) >= first else { return nil }
    guard first < size else { throw unsatisfiable(text, size) }
    return first...min(last ?? size - 1, size - 1)
  }

  private static func unsatisfiable(_ text: String, _ size: Int64) -> ServiceFault {
    fault(
      "InvalidRange", "The requested range is not satisfiable", 416,
      ["RangeRequested": .string(text), "ActualObjectSize": .integer(size)])
  }
}

extension Body {
  /// A part of the body.
  func slice(_ start: UInt64, _ length: UInt64) -> Body {
    switch self {
    case .bytes(let bytes):
      let from = Swift.min(Int(clamping: start), bytes.count)
      let to = Swift.min(from + Int(clamping: length), bytes.count)
      return .bytes(Array(bytes[from..<to]))
    case .file(let path, let offset, _):
      return .file(path: path, offset: offset + start, length: length)
    }
  }
}
