import Glibc
import ShellSyntax

extension Builtin {
  /// bash's: `-n`, `-e`, `-E`.
  @Sendable static func echo(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    var words = call.arguments[...]
    var endsLine = true
    var escapes = false
    while let word = words.first, word.utf8.count > 1, word.hasPrefix("-"),
      word.dropFirst().allSatisfy({ "neE".contains($0) })
    {
      for letter in word.dropFirst() {
        switch letter {
        case "n": endsLine = false
        case "e": escapes = true
        default: escapes = false
        }
      }
      words = words.dropFirst()
    }
    var text = words.joined(separator: " ")
    if escapes {
      text = unescaped(text, octalNeedsZero: true)
      if text.hasSuffix("\u{E000}") {
        text = String(text.dropLast())
        endsLine = false
      }
    }
    if endsLine { text += "\n" }
    try shell.write(Array(text.utf8), for: "echo")
    return 0
  }

  @Sendable static func printf(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    var arguments = call.arguments[...]
    var variable: String?
    if arguments.first == "-v", arguments.count >= 2 {
      variable = arguments.dropFirst().first
      arguments = arguments.dropFirst(2)
    }
    if arguments.first == "--" { arguments = arguments.dropFirst() }
    guard let format = arguments.popFirst() else {
      shell.complain("printf: usage: printf [-v var] format [arguments]")
      return 2
    }
    var formatter = Formatter(shell: shell, format: Array(format.utf8), arguments: arguments)
    formatter.run()
    if let variable {
      guard Interpreter.isName(variable) else {
        shell.complain("printf: `\(variable)': not a valid identifier")
        return 2
      }
      try shell.set(variable, String(decoding: formatter.output, as: UTF8.self))
    } else {
      try shell.write(formatter.output, for: "printf")
    }
    return formatter.failed ? 1 : 0
  }

  /// One run of `printf`: the format is used again while it consumes arguments.
  private struct Formatter {
    let shell: Interpreter
    let format: [UInt8]
    var arguments: ArraySlice<String>
    var output: [UInt8] = []
    var failed = false
    private var stops = false

    init(shell: Interpreter, format: [UInt8], arguments: ArraySlice<String>) {
      self.shell = shell
      self.format = format
      self.arguments = arguments
    }

    mutating func run() {
      repeat {
        let before = arguments.count
        once()
        if stops || arguments.count == before { break }
      } while !arguments.isEmpty
    }

    private mutating func once() {
      var index = 0
      while index < format.count, !stops {
        let byte = format[index]
        if byte == 92 {
          var end = min(index + 2, format.count)
          // Take in what belongs to \x, \u and octal escapes.
          while end < format.count, end < index + 10,
            isEscapeDigit(format[index + 1], format[end], end - index)
          { end += 1 }
          let text = String(decoding: format[index..<end], as: UTF8.self)
          if text.hasPrefix("\\c") { stops = true; return }
          output += Array(unescaped(text, octalNeedsZero: false).utf8)
          index = end
        } else if byte == 37 {
          index = directive(index + 1)
        } else {
          output.append(byte)
          index += 1
        }
      }
    }

    private func isEscapeDigit(_ letter: UInt8, _ byte: UInt8, _ count: Int) -> Bool {
      let isHex = (byte >= 48 && byte <= 57) || (byte | 0x20 >= 97 && byte | 0x20 <= 102)
      switch letter {
      case UInt8(ascii: "x"): return isHex && count < 4
      case UInt8(ascii: "u"): return isHex && count < 6
      case UInt8(ascii: "U"): return isHex && count < 10
      case 48...55: return byte >= 48 && byte <= 55 && count < 4
      default: return false
      }
    }

    private mutating func next() -> String? { arguments.popFirst() }

    /// From after `%`; gives where the format goes on.
    private mutating func directive(_ start: Int) -> Int {
      var index = start
      var flags = ""
      while index < format.count, "-+ #0".utf8.contains(format[index]) {
        flags.append(Character(UnicodeScalar(format[index])))
        index += 1
      }
      var width = size(&index) ?? 0
      if width < 0 {
        flags += "-"
        width = 0 &- width
      }
      var precision: Int?
      if index < format.count, format[index] == 46 {
        index += 1
        precision = size(&index) ?? 0
      }
      while index < format.count, "hlLqjzt".utf8.contains(format[index]), index + 1 < format.count,
        format[index] != UInt8(ascii: "q") || "diouxX".utf8.contains(format[index + 1])
      {
        index += 1
      }
      guard index < format.count else {
        shell.complain("printf: `%': missing format character")
        failed = true
        stops = true
        return index
      }
      let letter = Character(UnicodeScalar(format[index]))
      convert(letter, flags, min(width, 10_000), precision.flatMap { $0 < 0 ? nil : min($0, 10_000) })
      return index + 1
    }

    private mutating func size(_ index: inout Int) -> Int? {
      if index < format.count, format[index] == 42 {
        index += 1
        return Int(max(-10_000, min(10_000, number(next() ?? ""))))
      }
      var digits = ""
      while index < format.count, format[index] >= 48, format[index] <= 57 {
        digits.append(Character(UnicodeScalar(format[index])))
        index += 1
      }
      return digits.isEmpty ? nil : Int(digits) ?? 10_000
    }

    private mutating func convert(_ letter: Character, _ flags: String, _ width: Int, _ precision: Int?) {
      switch letter {
      case "%": output.append(37)
      case "s":
        let text = next() ?? ""
        pad(precision.map { String(text.unicodeScalars.prefix($0)) } ?? text, flags, width)
      case "c":
        pad(next().flatMap { $0.unicodeScalars.first.map { String(Character($0)) } } ?? "", flags, width)
      case "q": pad(shellQuoted(next() ?? ""), flags, width)
      case "b":
        var text = unescaped(next() ?? "", octalNeedsZero: true)
        if text.hasSuffix("\u{E000}") {
          text = String(text.dropLast())
          stops = true
        }
        pad(text, flags, width)
      case "d", "i":
        integer(number(next() ?? "0"), flags, width, precision, radix: 10, isSigned: true, isUpper: false)
      case "u":
        integer(number(next() ?? "0"), flags, width, precision, radix: 10, isSigned: false, isUpper: false)
      case "o":
        integer(number(next() ?? "0"), flags, width, precision, radix: 8, isSigned: false, isUpper: false)
      case "x", "X":
        integer(
          number(next() ?? "0"), flags, width, precision, radix: 16, isSigned: false, isUpper: letter == "X")
      case "e", "E", "f", "F", "g", "G", "a", "A": floating(letter, flags, width, precision)
      default:
        shell.complain("printf: `\(letter)': invalid format character")
        failed = true
        stops = true
      }
    }

    private mutating func pad(_ text: String, _ flags: String, _ width: Int) {
      let count = text.utf8.count
      let blanks = [UInt8](repeating: 32, count: max(0, width - count))
      output += flags.contains("-") ? Array(text.utf8) + blanks : blanks + Array(text.utf8)
    }

    /// A number as C reads it: 0x and 0 prefixes, and `'a` for a character's code.
    private mutating func number(_ text: String) -> Int64 {
      let trimmed = text.trimmed
      if trimmed.isEmpty { return 0 }
      if let quote = trimmed.first, quote == "'" || quote == "\"" {
        return Int64(trimmed.unicodeScalars.dropFirst().first?.value ?? 0)
      }
      let isNegative = trimmed.hasPrefix("-")
      var digits = trimmed.drop { $0 == "-" || $0 == "+" }
      var radix = 10
      if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
        radix = 16
        digits = digits.dropFirst(2)
      } else if digits.hasPrefix("0"), digits.count > 1 {
        radix = 8
      }
      let valid = digits.prefix { $0.isASCII && $0.hexDigitValue.map { $0 < radix } ?? false }
      if valid.isEmpty || valid.count < digits.count {
        shell.complain("printf: \(text): invalid number")
        failed = true
      }
      guard !valid.isEmpty else { return 0 }
      guard let value = Int64((isNegative ? "-" : "") + valid, radix: radix) else {
        if !isNegative, let unsigned = UInt64(valid, radix: radix) { return Int64(bitPattern: unsigned) }
        shell.complain("printf: warning: \(text): Numerical result out of range")
        return isNegative ? .min : .max
      }
      return value
    }

    private mutating func integer(
      _ value: Int64, _ flags: String, _ width: Int, _ precision: Int?, radix: Int, isSigned: Bool,
      isUpper: Bool
    ) {
      var digits =
        isSigned
        ? String(value.magnitude, radix: radix)
        : String(UInt64(bitPattern: value), radix: radix, uppercase: isUpper)
      if let precision { digits = String(repeating: "0", count: max(0, precision - digits.count)) + digits }
      var sign = ""
      if isSigned { sign = value < 0 ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "" }
      if flags.contains("#"), value != 0 {
        sign = radix == 16 ? (isUpper ? "0X" : "0x") : radix == 8 ? "0" : sign
      }
      if flags.contains("0"), !flags.contains("-"), precision == nil {
        digits = String(repeating: "0", count: max(0, width - digits.count - sign.count)) + digits
      }
      pad(sign + digits, flags, width)
    }

    private mutating func floating(_ letter: Character, _ flags: String, _ width: Int, _ precision: Int?) {
      let text = (next() ?? "0").trimmed
      var value = 0.0
      if !text.isEmpty {
        var end: UnsafeMutablePointer<CChar>?
        let consumed = text.withCString { start -> Int in
          value = strtod(start, &end)
          return end.map { $0 - UnsafeMutablePointer(mutating: start) } ?? 0
        }
        if consumed < text.utf8.count {
          shell.complain("printf: \(text): invalid number")
          failed = true
        }
      }
      let directive = "%\(flags)\(width > 0 ? String(width) : "")\(precision.map { ".\($0)" } ?? "")\(letter)"
      var buffer = [CChar](repeating: 0, count: 11_000)
      let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, directive, $0) }
      output += buffer.prefix(max(0, min(Int(count), buffer.count - 1))).map { UInt8(bitPattern: $0) }
    }

    /// `%q`: backslashes, as bash writes them.
    private func shellQuoted(_ text: String) -> String {
      if text.isEmpty { return "''" }
      if text.unicodeScalars.contains(where: { $0.value < 32 }) {
        let inner = text.unicodeScalars.map { scalar -> String in
          switch scalar {
          case "\n": "\\n"
          case "\t": "\\t"
          case "\r": "\\r"
          case "'": "\\'"
          case "\\": "\\\\"
          default: String(Character(scalar))
          }
        }
        return "$'" + inner.joined() + "'"
      }
      return text.unicodeScalars.map { scalar -> String in
        let isPlain =
          scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "_-./:=@%+".unicodeScalars.contains(scalar) || scalar.value > 127
        return (isPlain ? "" : "\\") + String(Character(scalar))
      }.joined()
    }
  }
}
