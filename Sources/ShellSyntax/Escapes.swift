/// Resolves backslash escapes as `$'...'`, `printf` and `echo -e` know them. An unknown one stays as it is.
///
/// - Parameter octalNeedsZero: `echo -e` and `%b` take octal digits after `\0` only, and may stop the output at `\c`,
///   which comes back as U+E000 for the caller to cut at; `$'...'` takes `\123`.
package func unescaped(_ text: String, octalNeedsZero: Bool) -> String {
  let input = Array(text.utf8)
  var output: [UInt8] = []
  var index = 0
  func number(_ from: Int, _ limit: Int, _ radix: UInt32) -> (value: UInt32, end: Int) {
    var value: UInt32 = 0
    var at = from
    while at < input.count, at - from < limit, let digit = UnicodeScalar(input[at]).digit, digit < radix {
      value = value &* radix &+ digit
      at += 1
    }
    return (value, at)
  }
  while index < input.count {
    guard input[index] == .backslash, index + 1 < input.count else {
      output.append(input[index])
      index += 1
      continue
    }
    let letter = input[index + 1]
    index += 2
    if let simple = simpleEscapes[letter] {
      output.append(simple)
      continue
    }
    switch letter {
    case UInt8(ascii: "c"):
      if octalNeedsZero { return String(decoding: output, as: UTF8.self) + "\u{E000}" }
      guard index < input.count else { break }
      output.append(input[index] & 0x1F)
      index += 1
    case UInt8(ascii: "x"):
      let (value, end) = number(index, 2, 16)
      if end == index { output += [.backslash, letter] } else { output.append(UInt8(value & 0xFF)) }
      index = end
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      let (value, end) = number(index, letter == UInt8(ascii: "u") ? 4 : 8, 16)
      if end == index {
        output += [.backslash, letter]
      } else {
        output += Array(String(UnicodeScalar(value).map(Character.init) ?? "\u{FFFD}").utf8)
      }
      index = end
    case UInt8(ascii: "0") where octalNeedsZero:
      let (value, end) = number(index, 3, 8)
      output.append(UInt8(value & 0xFF))
      index = end
    case UInt8(ascii: "0")...UInt8(ascii: "7") where !octalNeedsZero:
      let (value, end) = number(index - 1, 3, 8)
      output.append(UInt8(value & 0xFF))
      index = end
    default: output += [.backslash, letter]
    }
  }
  return String(decoding: output, as: UTF8.self)
}

private let simpleEscapes: [UInt8: UInt8] = [
  UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13, UInt8(ascii: "a"): 7,
  UInt8(ascii: "b"): 8,
  UInt8(ascii: "f"): 12, UInt8(ascii: "v"): 11, UInt8(ascii: "e"): 27, UInt8(ascii: "E"): 27,
  UInt8(ascii: "\\"): 92, UInt8(ascii: "'"): 39, UInt8(ascii: "\""): 34, UInt8(ascii: "?"): 63,
]

extension UnicodeScalar {
  /// The value of an ASCII digit or letter in bases up to 36.
  fileprivate var digit: UInt32? {
    switch value {
    case 48...57: value - 48
    case 65...90: value - 55
    case 97...122: value - 87
    default: nil
    }
  }
}
