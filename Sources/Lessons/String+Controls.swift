extension String {
  /// The text with control characters made visible, so that no lesson and no output drives the terminal. Newlines and
  /// tabs stay; the others become Unicode's control pictures, those of C1 (U+0080 to U+009F) the replacement character.
  package var withoutControls: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    return String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          switch scalar.value {
          case _ where !scalar.isControl: scalar
          case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "?"
          case 0x7F: "\u{2421}"
          default: "\u{FFFD}"
          }
        }))
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool {
    switch value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F..<0xA0: true
    default: false
    }
  }
}
