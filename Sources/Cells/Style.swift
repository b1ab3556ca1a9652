/// What a piece of text is, not how it looks. A `Theme` decides on the colours.
package enum Role: String, Hashable, Sendable, CaseIterable {
  // Text.
  case plain, heading, subheading, emphasis, strong, link, muted
  // Code.
  case code, codeText, comment, string, keyword, variable, number, `operator`, json
  // State.
  case ok, warning, error, errorText, info, running
  // Callouts.
  case note, tip, important, caution
  // Furniture.
  case banner, bannerStrong, practice, live, badge, border, borderFocused, title, footer, footerKey, status
  case selection, current, scrollbar, overlay, overlayTitle, prompt
}

/// How a glyph is drawn beside its colours. States are never shown by colour alone.
package struct Attributes: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let bold = Attributes(rawValue: 1)
  package static let dim = Attributes(rawValue: 2)
  package static let italic = Attributes(rawValue: 4)
  package static let underline = Attributes(rawValue: 8)
  package static let reverse = Attributes(rawValue: 16)
  package static let strike = Attributes(rawValue: 32)

  /// The names of the attributes in the order of their bits, for dumps.
  package var names: [String] {
    let all: [(Attributes, String)] = [
      (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"), (.reverse, "reverse"),
      (.strike, "strike"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}

/// A role and the attributes added to what the theme gives it.
package struct Style: Hashable, Sendable {
  package var role: Role
  package var attributes: Attributes

  package init(_ role: Role, _ attributes: Attributes = []) {
    self.role = role
    self.attributes = attributes
  }

  package static let plain = Style(.plain)

  /// The same role with more attributes.
  package func adding(_ more: Attributes) -> Style { Style(role, attributes.union(more)) }
}
