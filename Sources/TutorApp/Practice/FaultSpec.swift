import OrderedJSON
import PracticeAccount

/// Something that goes wrong on purpose, as it is typed.
package enum FaultSpec {
  /// A spec as an order takes it; nil if it is none.
  package static func json(_ spec: String) -> JSON? { FaultRule(spec: spec)?.json }

  /// The grammar, for messages.
  package static let grammar =
    "KIND[:SERVICE[:OPERATION]][,after=N][,times=N][,seconds=S]; kinds: "
    + FaultRule.Kind.allCases.map(\.rawValue).joined(separator: ", ") + " (delay needs seconds)"
}

extension FaultRule {
  /// Reads what is typed: `KIND[:SERVICE[:OPERATION]][,after=N][,times=N][,seconds=S]`, as in
  /// `throttle:kms:CreateKey,times=3`. Nil for anything else.
  init?(spec: String) {
    let parts = spec.split(separator: ",", omittingEmptySubsequences: false)
    let place = (parts.first ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (1...3).contains(place.count), let kind = Kind(rawValue: place[0]), !place.contains("") else {
      return nil
    }
    self.init(kind, service: place.count > 1 ? place[1] : "*", operation: place.count > 2 ? place[2] : "*")
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2, let number = Double(pair[1]), number >= 0, number <= 1_000_000 else {
        return nil
      }
      switch pair[0] {
      case "after" where number == number.rounded(): after = Int(number)
      case "times" where number == number.rounded() && number > 0: times = Int(number)
      case "seconds": seconds = number
      default: return nil
      }
    }
    if kind == .delay, seconds == 0 { return nil }
  }
}

/// Reads a span as it is typed: `90s`, `10m`, `2h`, `3d`, `1h30m`; a bare number is seconds. Nil for anything else, and
/// for nothing.
package func seconds(ofSpan text: String) -> Double? {
  if let bare = Int(text) { return bare > 0 ? Double(bare) : nil }
  let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
  var total = 0.0
  var digits = ""
  for character in text {
    if character.isASCII, character.isNumber {
      digits.append(character)
    } else {
      guard let unit = units[character], let count = Double(digits) else { return nil }
      total += count * unit
      digits = ""
    }
  }
  return digits.isEmpty && total > 0 ? total : nil
}
