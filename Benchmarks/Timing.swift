import Glibc

// What every benchmark times and reports with. Wall time by the monotonic clock, in nanoseconds as `Double`; the
// minimum and the median are what a ratio is built from, because a machine under load only ever adds.

/// The monotonic clock now, in nanoseconds.
func nanoseconds() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Double(now.tv_sec) * 1e9 + Double(now.tv_nsec)
}

/// The wall time of each of `runs` runs of `body`, in nanoseconds and in the order they ran.
func measured(_ runs: Int, _ body: () throws -> Void) rethrows -> [Double] {
  var times: [Double] = []
  times.reserveCapacity(runs)
  for _ in 0..<runs {
    let begin = nanoseconds()
    try body()
    times.append(nanoseconds() - begin)
  }
  return times
}

/// The same for a body that waits.
func measured(_ runs: Int, _ body: () async throws -> Void) async rethrows -> [Double] {
  var times: [Double] = []
  times.reserveCapacity(runs)
  for _ in 0..<runs {
    let begin = nanoseconds()
    try await body()
    times.append(nanoseconds() - begin)
  }
  return times
}

/// Runs two bodies in turns, so that load on the machine falls on both. A body should take 100 ns at least: put a loop
/// into it and divide, or the clock is what is timed.
func measuredInTurns(_ runs: Int, _ first: () throws -> Void, _ second: () throws -> Void) rethrows -> (
  first: [Double], second: [Double]
) {
  var times: (first: [Double], second: [Double]) = ([], [])
  for _ in 0..<runs {
    times.first += try measured(1, first)
    times.second += try measured(1, second)
  }
  return times
}

/// One line of a table: what was timed and its times, or a figure that stands for itself.
struct Row {
  let name: String
  let times: [Double]
  /// Said at the end of the line: a ratio and its bound, a throughput, a count.
  let note: String

  init(_ name: String, _ times: [Double], note: String = "") {
    self.name = name
    self.times = times
    self.note = note
  }

  /// A line without times.
  init(_ name: String, note: String) { self.init(name, [], note: note) }

  /// The same row with each time divided by what one run did: `Row("sign", times).each(1000)`.
  func each(_ count: Int) -> Row { Row(name, times.map { $0 / Double(max(count, 1)) }, note: note) }

  var minimum: Double { times.min() ?? .nan }
  var maximum: Double { times.max() ?? .nan }
  var median: Double {
    let sorted = times.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}

/// `ratio` in words beside its bound: "1.42 (at most 2: held)". Nothing exits with a failure: a machine under load is
/// no bug.
func ratio(_ ratio: Double, atMost bound: Double) -> String {
  "\(fixed(ratio, 3)) (at most \(fixed(bound, 1)): \(ratio <= bound ? "held" : "NOT held"))"
}

func ratio(_ ratio: Double, atLeast bound: Double) -> String {
  "\(fixed(ratio, 3)) (at least \(fixed(bound, 1)): \(ratio >= bound ? "held" : "NOT held"))"
}

/// Prints a title and the rows: minimum, median and maximum, in the unit that suits the median.
func printTable(_ title: String, _ rows: [Row]) {
  let width = max(44, rows.map(\.name.count).max() ?? 0)
  print("\(padded(title, to: width)) \(left("min")) \(left("median")) \(left("max"))")
  for row in rows {
    guard !row.times.isEmpty else {
      print("\(padded(row.name, to: width)) \(row.note)")
      continue
    }
    let times = [row.minimum, row.median, row.maximum].map { left(duration($0)) }.joined(separator: " ")
    print("\(padded(row.name, to: width)) \(times)\(row.note.isEmpty ? "" : "  \(row.note)")")
  }
}

/// A duration with its unit, three figures and more: "812 ns", "16.4 us", "2.10 ms", "1.25 s".
func duration(_ nanoseconds: Double) -> String {
  switch nanoseconds {
  case ..<1e3: "\(fixed(nanoseconds, 0)) ns"
  case ..<1e6: "\(fixed(nanoseconds / 1e3, 2)) us"
  case ..<1e9: "\(fixed(nanoseconds / 1e6, 2)) ms"
  default: "\(fixed(nanoseconds / 1e9, 2)) s"
  }
}

/// `value` with so many digits after the point.
func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "-" }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let scaled = Int64((abs(value) * scale).rounded())
  let sign = value < 0 && scaled != 0 ? "-" : ""
  guard digits > 0 else { return "\(sign)\(scaled)" }
  let unit = Int64(scale)
  let fraction = String(scaled % unit)
  return "\(sign)\(scaled / unit).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
}

/// The largest resident set of this process so far, in MiB (`getrusage`; Linux counts in KiB).
func peakMemory() -> Double {
  var usage = rusage()
  getrusage(RUSAGE_SELF.rawValue, &usage)
  return Double(usage.ru_maxrss) / 1024
}

private func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

private func left(_ text: String) -> String { String(repeating: " ", count: max(0, 10 - text.count)) + text }
