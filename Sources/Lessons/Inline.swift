/// Text within a line, as CommonMark and its GitHub extensions have it. Raw HTML tags are gone: `<br>` has become a
/// line break, `<img>` an image, and of the rest only the text is left.
package indirect enum Inline: Hashable, Sendable {
  case text(String)
  case code(String)
  case emphasis([Inline])
  case strong([Inline])
  case strikethrough([Inline])
  case link([Inline], url: String, title: String)
  case image(alt: String, url: String)
  /// A line end in the source that a renderer may turn into a space.
  case softBreak
  case lineBreak
  /// A reference to the `MarkdownBlock.Kind.footnote` of that label.
  case footnoteReference(String)
}

extension Sequence<Inline> {
  /// The words alone, with breaks as spaces and images as their alternative text.
  package var plainText: String {
    var text = ""
    for inline in self {
      switch inline {
      case .text(let words), .code(let words): text += words
      case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .link(let inner, _, _):
        text += inner.plainText
      case .image(let alt, _): text += alt
      case .softBreak, .lineBreak: text += " "
      case .footnoteReference: break
      }
    }
    return text
  }

  /// The text of every code span, in order.
  package var codeSpans: [String] {
    var spans: [String] = []
    for inline in self {
      switch inline {
      case .code(let text): spans.append(text)
      case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .link(let inner, _, _):
        spans += inner.codeSpans
      default: break
      }
    }
    return spans
  }
}
