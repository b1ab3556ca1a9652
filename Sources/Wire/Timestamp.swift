/// A point in time: microseconds since 1970-01-01T00:00:00Z, leap seconds ignored (POSIX time).
///
/// AWS sends milliseconds; servers that stand in for it send microseconds, which is what Python's `datetime` and so the
/// AWS CLI keep. Formats are those of the Smithy `timestampFormat` trait and of SigV4.
package struct Timestamp: Hashable, Sendable, Comparable {
  /// Microseconds since the epoch.
  package var microseconds: Int64

  package init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// Values outside about 292,000 years are clamped.
  package init(milliseconds: Int64) {
    microseconds = scaled(milliseconds)
  }

  /// Rounds to the nearest microsecond; values outside about 285,000 years are clamped, what is no number is zero.
  package init(seconds: Double) {
    let scaled = (seconds * 1_000_000).rounded()
    microseconds = scaled.isNaN ? 0 : Int64(exactly: max(-9e18, min(9e18, scaled))) ?? 0
  }

  /// Whole milliseconds since the epoch: what is below them falls away (towards the past). Setting it leaves none.
  package var milliseconds: Int64 {
    get { floorDivide(microseconds, 1000) }
    set { microseconds = scaled(newValue) }
  }

  /// Seconds since the epoch, with the microseconds as fraction.
  package var seconds: Double { Double(microseconds) / 1_000_000 }

  package static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

  /// This point in time, moved by `seconds`.
  package func adding(seconds: Double) -> Timestamp {
    let (sum, overflows) = microseconds.addingReportingOverflow(Timestamp(seconds: seconds).microseconds)
    return Timestamp(microseconds: overflows ? (seconds < 0 ? .min : .max) : sum)
  }
}

/// `{"milliseconds": 1795450247123}`, with a member `microseconds` (0-999) beside it only where there are any: files
/// of milliseconds stay as they are.
extension Timestamp: Codable {
  private enum CodingKeys: String, CodingKey {
    case milliseconds, microseconds
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(milliseconds: try container.decode(Int64.self, forKey: .milliseconds))
    microseconds = microseconds.addingClamped(
      try container.decodeIfPresent(Int64.self, forKey: .microseconds) ?? 0)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(milliseconds, forKey: .milliseconds)
    let rest = floorRemainder(microseconds, 1000)
    if rest != 0 { try container.encode(rest, forKey: .microseconds) }
  }
}

extension Timestamp {
  /// Year, month 1-12, day 1-31, hour, minute, second, microsecond, weekday 0 = Sunday; all in UTC.
  package struct Parts: Hashable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int
    /// 0-999,999.
    package var microsecond: Int
    package var weekday: Int

    /// 0-999.
    package var millisecond: Int { microsecond / 1000 }
  }

  /// The civil date and time in UTC (proleptic Gregorian calendar).
  package var parts: Parts {
    let totalSeconds = floorDivide(microseconds, 1_000_000)
    let days = floorDivide(totalSeconds, 86_400)
    let ofDay = Int(totalSeconds - days * 86_400)
    // Days to civil date: shift the year to begin in March, count in 400-year eras.
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let weekday = (days + 4) - floorDivide(days + 4, 7) * 7
    return Parts(
      year: Int(year), month: Int(month), day: Int(day), hour: ofDay / 3600, minute: ofDay / 60 % 60,
      second: ofDay % 60, microsecond: Int(floorRemainder(microseconds, 1_000_000)),
      weekday: Int(weekday))
  }

  /// The point in time of a civil date in UTC; month and day need not be in range. Years outside about 285,000 are
  /// clamped.
  package init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0,
    microsecond: Int = 0
  ) {
    let y = Int64(max(-285_000, min(285_000, year))) - (month <= 2 ? 1 : 0)
    let era = floorDivide(y, 400)
    let yearOfEra = y - era * 400
    let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    let ofDay = Int64(hour * 3600 + minute * 60 + second)
    self.init(microseconds: (days * 86_400 + ofDay) * 1_000_000 + Int64(millisecond * 1000 + microsecond))
  }
}

private func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
  let quotient = a / b
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
}

private func floorRemainder(_ a: Int64, _ b: Int64) -> Int64 {
  let rest = a % b
  return rest < 0 ? rest + b : rest
}

/// Milliseconds as microseconds, clamped.
private func scaled(_ milliseconds: Int64) -> Int64 {
  let (product, overflows) = milliseconds.multipliedReportingOverflow(by: 1000)
  return overflows ? (milliseconds < 0 ? .min : .max) : product
}

extension Int64 {
  fileprivate func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? (other < 0 ? .min : .max) : sum
  }
}
