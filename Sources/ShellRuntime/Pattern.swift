/// A shell pattern (POSIX 2.13): `*`, `?`, `[...]`.
struct Pattern {
  enum Element {
    case scalar(UnicodeScalar)
    /// `?`
    case any
    /// `*`
    case many
    case set(Set)
  }

  struct Set {
    var isNegated = false
    var ranges: [ClosedRange<UInt32>] = []
    var classes: [String] = []

    func contains(_ scalar: UnicodeScalar) -> Bool {
      let isIn =
        ranges.contains { $0.contains(scalar.value) } || classes.contains { Set.isMember(scalar, of: $0) }
      return isIn != isNegated
    }

    private static func isMember(_ scalar: UnicodeScalar, of name: String) -> Bool {
      let properties = scalar.properties
      switch name {
      case "alpha": return properties.isAlphabetic
      case "digit": return ("0"..."9").contains(scalar)
      case "alnum": return properties.isAlphabetic || ("0"..."9").contains(scalar)
      case "upper": return properties.isUppercase
      case "lower": return properties.isLowercase
      case "space": return properties.isWhitespace
      case "blank": return scalar == " " || scalar == "\t"
      case "punct": return scalar.value > 32 && scalar.value < 127 && !isMember(scalar, of: "alnum")
      case "xdigit": return Character(scalar).isHexDigit && scalar.isASCII
      case "cntrl": return scalar.value < 32 || scalar.value == 127
      case "print": return scalar.value >= 32 && scalar.value != 127
      case "graph": return scalar.value > 32 && scalar.value != 127
      default: return false
      }
    }
  }

  private(set) var elements: [Element] = []

  init(_ segments: [Segment]) {
    var live: [(scalar: UnicodeScalar, isQuoted: Bool)] = []
    for segment in segments { live += segment.text.unicodeScalars.map { ($0, segment.isQuoted) } }
    var place = 0
    while place < live.count {
      let (scalar, isQuoted) = live[place]
      place += 1
      if isQuoted {
        elements.append(.scalar(scalar))
        continue
      }
      switch scalar {
      case "*": elements.append(.many)
      case "?": elements.append(.any)
      case "\\" where place < live.count:
        elements.append(.scalar(live[place].scalar))
        place += 1
      case "[":
        if let (set, end) = Self.set(live, place) {
          elements.append(.set(set))
          place = end
        } else {
          elements.append(.scalar(scalar))
        }
      default: elements.append(.scalar(scalar))
      }
    }
  }

  /// A bracket expression whose `[` stands before `start`, and where it ends.
  private static func set(_ live: [(scalar: UnicodeScalar, isQuoted: Bool)], _ start: Int) -> (Set, Int)? {
    var set = Set()
    var place = start
    if place < live.count, live[place].scalar == "!" || live[place].scalar == "^", !live[place].isQuoted {
      set.isNegated = true
      place += 1
    }
    let first = place
    while place < live.count {
      let (scalar, isQuoted) = live[place]
      if scalar == "]", !isQuoted, place > first { return (set, place + 1) }
      if scalar == "[", !isQuoted, place + 1 < live.count, live[place + 1].scalar == ":",
        let end = (place + 2..<live.count).first(where: { live[$0].scalar == ":" }), end + 1 < live.count,
        live[end + 1].scalar == "]"
      {
        set.classes.append(String(String.UnicodeScalarView(live[(place + 2)..<end].map(\.scalar))))
        place = end + 2
        continue
      }
      var low = scalar
      if scalar == "\\", !isQuoted, place + 1 < live.count {
        place += 1
        low = live[place].scalar
      }
      if place + 2 < live.count, live[place + 1].scalar == "-", !live[place + 1].isQuoted,
        live[place + 2].scalar != "]" || live[place + 2].isQuoted
      {
        let high = live[place + 2].scalar
        if low <= high { set.ranges.append(low.value...high.value) }
        place += 3
      } else {
        set.ranges.append(low.value...low.value)
        place += 1
      }
    }
    return nil
  }

  /// True where nothing in it is live.
  var isLiteral: Bool {
    elements.allSatisfy { if case .scalar = $0 { true } else { false } }
  }

  func matches(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    return matches(scalars[...])
  }

  /// Does it match all of `text`? A star that failed is tried one character longer: only the last star ever is.
  func matches(_ text: ArraySlice<UnicodeScalar>) -> Bool {
    var element = 0
    var place = text.startIndex
    var star: (element: Int, place: Int)?
    while true {
      if element < elements.count, case .many = elements[element] {
        star = (element, place)
        element += 1
        continue
      }
      if place == text.endIndex { return element == elements.count }
      if element < elements.count, fits(elements[element], text[place]) {
        element += 1
        place += 1
        continue
      }
      guard let last = star else { return false }
      star = (last.element, last.place + 1)
      element = last.element + 1
      place = last.place + 1
    }
  }

  private func fits(_ element: Element, _ scalar: UnicodeScalar) -> Bool {
    switch element {
    case .scalar(let wanted): wanted == scalar
    case .any: true
    case .many: false
    case .set(let set): set.contains(scalar)
    }
  }

  /// The end of the longest (or shortest) match that begins at `start`; nil where there is none.
  func matchEnd(_ text: [UnicodeScalar], from start: Int, longest: Bool = true) -> Int? {
    if isLiteral {
      let end = start + elements.count
      return end <= text.count && matches(text[start..<end]) ? end : nil
    }
    let ends = longest ? Array((start...text.count).reversed()) : Array(start...text.count)
    return ends.first { matches(text[start..<$0]) }
  }

  /// The start of the longest (or shortest) match that ends with the text.
  func matchStart(_ text: [UnicodeScalar], longest: Bool) -> Int? {
    let starts = longest ? Array(0...text.count) : Array((0...text.count).reversed())
    return starts.first { matches(text[$0...]) }
  }
}
