/// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored (POSIX time).
///
/// Formats are those of the Smithy `timestampFormat` trait and of SigV4.
package struct Timestamp: Hashable, Sendable, Comparable, Codable {
  package var milliseconds: Int64

  package init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Rounds to the nearest millisecond; values outside about 292 million years are clamped.
  package init(seconds: Double) {
    let scaled = (seconds * 1000).rounded()
    milliseconds = scaled.isNaN ? 0 : Int64(exactly: max(-9e18, min(9e18, scaled))) ?? 0
  }

  /// Seconds since the epoch, with the milliseconds as fraction.
  package var seconds: Double { Double(milliseconds) / 1000 }

  package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

  /// This point in time, moved by `seconds`.
  package func adding(seconds: Double) -> Timestamp {
    Timestamp(milliseconds: milliseconds &+ Timestamp(seconds: seconds).milliseconds)
  }
}

extension Timestamp {
  /// Year, month 1-12, day 1-31, hour, minute, second, millisecond, weekday 0 = Sunday; all in UTC.
  package struct Parts: Hashable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int
    package var millisecond: Int
    package var weekday: Int
  }

  /// The civil date and time in UTC (proleptic Gregorian calendar).
  package var parts: Parts {
    let totalSeconds = floorDivide(milliseconds, 1000)
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
      second: ofDay % 60, millisecond: Int(milliseconds - totalSeconds * 1000), weekday: Int(weekday))
  }

  /// The point in time of a civil date in UTC; month and day need not be in range.
  package init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0
  ) {
    let y = Int64(year) - (month <= 2 ? 1 : 0)
    let era = floorDivide(y, 400)
    let yearOfEra = y - era * 400
    let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    let ofDay = Int64(hour * 3600 + minute * 60 + second)
    self.init(milliseconds: (days * 86_400 + ofDay) * 1000 + Int64(millisecond))
  }
}

private func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
  let quotient = a / b
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
}
