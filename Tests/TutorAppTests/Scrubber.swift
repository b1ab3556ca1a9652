import Foundation

/// Makes what differs from run to run the same, without changing its width: ids count up in the order they are first
/// seen, digits of times become zeros.
struct Scrubber {
  private var seen: [String: Int] = [:]
  private let run: String

  /// - Parameter run: the run's id, whose random end becomes `xxxx`.
  init(run: String) {
    self.run = run
  }

  /// Same id, same substitute, over all texts of one scrubber.
  mutating func scrub(_ text: String) -> String {
    var text = text.replacingOccurrences(of: run, with: run.dropLast(4) + "xxxx")
    text.replace(/20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?/) { _ in "0000-00-00T00:00:00.000" }
    text.replace(/20[2-9]\d-\d\d-\d\d/) { _ in "0000-00-00" }
    text.replace(/\d\d:\d\d UTC/) { _ in "00:00 UTC" }
    text.replace(/\(\d+(?:\.\d)? [KM]iB\/s\)/) { _ in "(0 KiB/s)" }
    // UUIDs, Macie's 32 hexadecimal digits, IAM's unique ids.
    text.replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/) { match in
      "00000000-0000-0000-0000-" + ordinal(String(match.output), 12)
    }
    text.replace(/\b[0-9a-f]{32}\b/) { match in ordinal(String(match.output), 32) }
    text.replace(/\bA(?:RO|ID|KI|SI)A[A-Z2-7]{16,17}\b/) { match in
      match.output.prefix(4) + ordinal(String(match.output), match.output.count - 4)
    }
    return text
  }

  private mutating func ordinal(_ id: String, _ width: Int) -> String {
    let number = String(seen[id, default: seen.count + 1])
    seen[id] = Int(number)
    return String(repeating: "0", count: max(0, width - number.count)) + number
  }
}
