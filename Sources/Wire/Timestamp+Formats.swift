extension Timestamp {
  /// `2026-11-23T16:10:47Z`, or with what there is below the second: `2026-11-23T16:10:47.123Z`, or six digits if there are
  /// microseconds (Smithy `date-time`).
  package var iso8601: String {
    let p = parts
    return "\(date(p))T\(time(p))\(fraction(p.microsecond))Z"
  }

  /// Seconds since the epoch as a decimal number: `1795450247`, `1795450247.123`, or six digits if there are microseconds
  /// (Smithy `epoch-seconds`).
  package var epochSeconds: String {
    let whole = microseconds.magnitude / 1_000_000
    let rest = Int(microseconds.magnitude % 1_000_000)
    return (microseconds < 0 ? "-" : "") + String(whole) + fraction(rest)
  }

  /// Python's `isoformat()` of a time in UTC, which is how the AWS CLI shows it:
  /// `2026-11-23T16:10:43.123000+00:00`, without the fraction if it is zero.
  package var isoformat: String {
    let p = parts
    let fraction = p.microsecond == 0 ? "" : "." + padded(p.microsecond, 6)
    return "\(date(p))T\(time(p))\(fraction)+00:00"
  }

  /// `.123`, `.123456`, or nothing.
  private func fraction(_ microsecond: Int) -> String {
    if microsecond == 0 { return "" }
    return microsecond % 1000 == 0 ? "." + padded(microsecond / 1000, 3) : "." + padded(microsecond, 6)
  }

  /// `Mon, 23 Nov 2026 16:10:47 GMT` (Smithy `http-date`, RFC 9110 section 5.6.7).
  package var httpDate: String {
    let p = parts
    let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][p.weekday]
    return "\(weekday), \(padded(p.day, 2)) \(monthNames[p.month - 1]) \(padded(p.year, 4)) \(time(p)) GMT"
  }

  /// `20261123T161047Z` (SigV4's `x-amz-date`).
  package var amzDate: String {
    let p = parts
    guard (0...9999).contains(p.year) else {
      return "\(amzDay)T\(padded(p.hour, 2))\(padded(p.minute, 2))\(padded(p.second, 2))Z"
    }
    // Every signature has one: written byte by byte.
    var out: [UInt8] = []
    out.reserveCapacity(16)
    for pair in [p.year / 100, p.year % 100, p.month, p.day] { append(pair, to: &out) }
    out.append(0x54)
    for pair in [p.hour, p.minute, p.second] { append(pair, to: &out) }
    out.append(0x5A)
    return String(decoding: out, as: UTF8.self)
  }

  /// Two digits.
  private func append(_ pair: Int, to out: inout [UInt8]) {
    out.append(UInt8(truncatingIfNeeded: 0x30 + pair / 10))
    out.append(UInt8(truncatingIfNeeded: 0x30 + pair % 10))
  }

  /// `20261123` (SigV4's credential scope).
  package var amzDay: String {
    let p = parts
    return padded(p.year, 4) + padded(p.month, 2) + padded(p.day, 2)
  }

  /// Reads ISO 8601 (`2026-11-23T16:10:47.123Z`, an offset, a date alone, or the basic form of SigV4),
  /// an HTTP date, or seconds since the epoch. Nil if it is none of these.
  package init?(parsing text: String) {
    if let seconds = Double(text), seconds.isFinite {
      self.init(seconds: seconds)
      return
    }
    guard let read = text.contains(",") ? Timestamp.readHTTPDate(text) : Timestamp.readISO8601(text) else {
      return nil
    }
    self = read
  }

  private static func readISO8601(_ text: String) -> Timestamp? {
    var rest = Substring(text)
    func digits(_ count: Int) -> Int? {
      let head = rest.prefix(count)
      guard head.count == count, head.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
      rest = rest.dropFirst(count)
      return Int(head)
    }
    func skip(_ character: Character) {
      if rest.first == character { rest = rest.dropFirst() }
    }
    guard let year = digits(4) else { return nil }
    skip("-")
    guard let month = digits(2), (1...12).contains(month) else { return nil }
    skip("-")
    guard let day = digits(2), (1...31).contains(day) else { return nil }
    guard let separator = rest.first else { return Timestamp(year: year, month: month, day: day) }
    guard separator == "T" || separator == "t" || separator == " " else { return nil }
    rest = rest.dropFirst()
    guard let hour = digits(2), hour < 24 else { return nil }
    skip(":")
    guard let minute = digits(2), minute < 60 else { return nil }
    skip(":")
    let second = digits(2) ?? 0
    var microsecond = 0
    if rest.first == "." {
      let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(fraction.count + 1)
      microsecond = Int((fraction + "000000").prefix(6)) ?? 0
    }
    var offset = 0
    if let sign = rest.first, sign == "+" || sign == "-" {
      rest = rest.dropFirst()
      guard let hours = digits(2) else { return nil }
      skip(":")
      offset = (hours * 60 + (digits(2) ?? 0)) * (sign == "-" ? -60 : 60)
    } else if rest.first == "Z" || rest.first == "z" {
      rest = rest.dropFirst()
    }
    guard rest.isEmpty else { return nil }
    return Timestamp(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second - offset,
      microsecond: microsecond)
  }

  private static func readHTTPDate(_ text: String) -> Timestamp? {
    let words = text.split(separator: " ")
    guard words.count >= 5, let day = Int(words[1]), (1...31).contains(day), let year = Int(words[3]),
      (0...9999).contains(year), let month = monthNames.firstIndex(of: String(words[2]))
    else { return nil }
    let clock = words[4].split(separator: ":").map { Double($0) ?? .nan }
    guard clock.count == 3, clock.allSatisfy({ $0.isFinite && $0 >= 0 && $0 < 61 }) else { return nil }
    let midnight = Timestamp(year: year, month: month + 1, day: day)
    return midnight.adding(seconds: clock[0] * 3600 + clock[1] * 60 + clock[2])
  }

  private func date(_ p: Parts) -> String { "\(padded(p.year, 4))-\(padded(p.month, 2))-\(padded(p.day, 2))" }

  private func time(_ p: Parts) -> String {
    "\(padded(p.hour, 2)):\(padded(p.minute, 2)):\(padded(p.second, 2))"
  }
}

private let monthNames = [
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
]

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(abs(number))
  return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
}
