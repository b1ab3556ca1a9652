import ShellSyntax

/// The info string of a fence: a language and attributes.
///
/// Attributes are read from braces (`bash {id=create-key timeout=60}`, Runme's `sh { name=x }` and
/// `sh {"id":"x"}`) and, as eks-workshop writes them, bare after the language (`bash timeout=120`).
struct FenceInfo: Hashable {
  var language = ""
  var attributes: [String: String] = [:]

  init(_ info: String) {
    let text = info.drop(while: \.isWhitespace)
    language = text.prefix { !$0.isWhitespace && $0 != "{" && $0 != "," && $0 != ":" }.lowercased()
    var rest = text.dropFirst(language.count)
    guard !rest.hasPrefix("{{") else { return }  // Killercoda's `{{exec}}` says nothing we need
    while let next = rest.first {
      if next.isWhitespace || "{},".contains(next) {
        rest = rest.dropFirst()
        continue
      }
      let key = Self.word(&rest, until: "=:{},")
      guard let separator = rest.first, separator == "=" || separator == ":", !key.isEmpty else {
        if key.isEmpty { rest = rest.dropFirst() } else if attributes[key] == nil { attributes[key] = "" }
        continue
      }
      rest = rest.dropFirst()
      attributes[key] = Self.word(&rest, until: "{},")
    }
  }

  /// A bare or quoted word.
  private static func word(_ rest: inout Substring, until stops: String) -> String {
    rest = rest.drop(while: \.isWhitespace)
    if let quote = rest.first, quote == "\"" || quote == "'" {
      let body = rest.dropFirst()
      let word = body.prefix { $0 != quote }
      rest = body.dropFirst(word.count).dropFirst()
      return String(word)
    }
    let word = rest.prefix { !$0.isWhitespace && !stops.contains($0) }
    rest = rest.dropFirst(word.count)
    return String(word)
  }
}

extension CodeBlock {
  /// A block as the Markdown has it; `Lesson.parse` gives it its id and says whether the path runs it.
  init(info: FenceInfo, text: String, lines: ClosedRange<Int>, firstTextLine: Int) {
    let isShell =
      ShellBlocks.languages.contains(info.language)
      || (info.language.isEmpty && ShellBlocks.looksLikeShell(text))
    let runs = !["no", "false", "never"].contains(info.attributes["run"] ?? "")
    id = info.attributes["id"] ?? info.attributes["name"] ?? ""
    language = info.language
    self.text = text
    role = info.attributes["file"] != nil ? .file : isShell && runs ? .shell : .text
    script = role == .shell ? ShellBlocks.script(in: text) : ""
    isOptional = info.attributes["optional"].map { $0 != "false" } ?? false
    attributes = info.attributes
    self.lines = lines
    self.firstTextLine = firstTextLine
  }
}
