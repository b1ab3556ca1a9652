import Cells
import Lessons

/// Turns inline Markdown into styled text, and collects the addresses that the text itself does not show.
struct InlineText {
  let symbols: Symbols
  /// The addresses in the order of their numbers, from 1.
  private(set) var links: [String] = []

  init(symbols: Symbols) {
    self.symbols = symbols
  }

  mutating func text(_ inlines: [Inline], _ style: Style = .plain, depth: Int = 0) -> StyledText {
    var result = StyledText()
    guard depth < 64 else { return result }
    for inline in inlines {
      switch inline {
      case .text(let words): result.append(words.replacingNewlines, style)
      case .code(let code): result.append(code.replacingNewlines, Style(.code, style.attributes))
      case .emphasis(let inner): result.append(text(inner, emphasised(style), depth: depth + 1))
      case .strong(let inner): result.append(text(inner, style.adding(.bold), depth: depth + 1))
      case .strikethrough(let inner): result.append(text(inner, style.adding(.strike), depth: depth + 1))
      case .link(let inner, let url, _):
        let label = text(inner, Style(.link, style.attributes), depth: depth + 1)
        result.append(label)
        if !url.isEmpty, !url.hasPrefix("#"), label.text != url, "mailto:" + label.text != url {
          result.append(" [\(number(of: url))]", Style(.muted))
        }
      case .image(let alt, let url):
        result.append("[picture: \(alt.isEmpty ? url : alt)]", Style(.muted, style.attributes))
      case .softBreak: result.append(" ", style)
      case .lineBreak: result.append("\n", style)
      case .footnoteReference(let label): result.append("[\(label)]", Style(.muted))
      }
    }
    return result
  }

  private func emphasised(_ style: Style) -> Style {
    style.role == .plain ? Style(.emphasis, style.attributes) : style.adding(.italic)
  }

  private mutating func number(of url: String) -> Int {
    if let known = links.firstIndex(of: url) { return known + 1 }
    links.append(url)
    return links.count
  }
}

extension String {
  /// A newline within a text run means no more than a blank.
  fileprivate var replacingNewlines: String {
    contains(where: \.isNewline) ? String(map { $0.isNewline ? " " : $0 }) : self
  }
}
