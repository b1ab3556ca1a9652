extension JSON {
  /// The JSON text.
  ///
  /// Without `indent` compact, as Python's `json.dumps(separators=(",", ":"))`; with `indent: 4` just what the
  /// AWS CLI v2 prints (`json.dumps(indent=4, ensure_ascii=False)`, no newline at the end).
  /// `ensureASCII` writes every character beyond ASCII as `\uXXXX`, as Python does by default.
  package func text(indent: Int? = nil, ensureASCII: Bool = false) -> String {
    var printer = JSONPrinter(indent: indent, ensureASCII: ensureASCII)
    printer.print(self, level: 0)
    return String(decoding: printer.out, as: UTF8.self)
  }
}

private struct JSONPrinter {
  let indent: Int?
  let ensureASCII: Bool
  var out: [UInt8] = []

  init(indent: Int?, ensureASCII: Bool) {
    self.indent = indent
    self.ensureASCII = ensureASCII
  }

  mutating func print(_ value: JSON, level: Int) {
    switch value {
    case .null: out += Array("null".utf8)
    case .bool(let value): out += Array((value ? "true" : "false").utf8)
    case .number(let number): out += Array(number.text.utf8)
    case .string(let text): print(text)
    case .array(let elements):
      guard !elements.isEmpty else {
        out += [0x5B, 0x5D]
        return
      }
      out.append(0x5B)
      for (position, element) in elements.enumerated() {
        if position > 0 { out.append(0x2C) }
        newline(level + 1)
        print(element, level: level + 1)
      }
      newline(level)
      out.append(0x5D)
    case .object(let members):
      guard !members.isEmpty else {
        out += [0x7B, 0x7D]
        return
      }
      out.append(0x7B)
      for (position, member) in members.enumerated() {
        if position > 0 { out.append(0x2C) }
        newline(level + 1)
        print(member.key)
        out.append(0x3A)
        if indent != nil { out.append(0x20) }
        print(member.value, level: level + 1)
      }
      newline(level)
      out.append(0x7D)
    }
  }

  private mutating func newline(_ level: Int) {
    guard let indent else { return }
    out.append(0x0A)
    out.append(contentsOf: repeatElement(0x20, count: max(0, indent * level)))
  }

  private mutating func print(_ text: String) {
    out.append(0x22)
    if ensureASCII {
      for unit in text.utf16 {
        if unit < 0x7F { escape(UInt8(unit)) } else { escape(unit) }
      }
    } else {
      for byte in text.utf8 { escape(byte) }
    }
    out.append(0x22)
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0x22: out += [0x5C, 0x22]
    case 0x5C: out += [0x5C, 0x5C]
    case 0x08: out += [0x5C, 0x62]
    case 0x0C: out += [0x5C, 0x66]
    case 0x0A: out += [0x5C, 0x6E]
    case 0x0D: out += [0x5C, 0x72]
    case 0x09: out += [0x5C, 0x74]
    case 0..<0x20: escape(UInt16(byte))
    default: out.append(byte)
    }
  }

  private mutating func escape(_ unit: UInt16) {
    let hex = String(unit, radix: 16)
    out += Array(("\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex).utf8)
  }
}
