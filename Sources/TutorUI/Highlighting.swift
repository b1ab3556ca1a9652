import Cells

/// The lines of a piece of code, lightly coloured. Languages it does not know stay plain. It is a reader's aid, not
/// a parser: the shell's own parser decides what runs.
func highlighted(_ code: String, language: String) -> [StyledText] {
  let text: StyledText =
    switch language {
    case "bash", "sh", "shell", "zsh", "console", "shell-session": highlightShell(code)
    case "json", "jsonc": highlightJSON(code)
    default: StyledText(code, Style(.codeText))
    }
  var lines = [StyledText()]
  for run in text.runs {
    for (index, piece) in run.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if index > 0 { lines.append(StyledText()) }
      lines[lines.count - 1].append(String(piece), run.style)
    }
  }
  return lines
}

/// Walks over code, taking pieces with a role.
private struct Painter {
  let characters: [Character]
  var index = 0
  var result = StyledText()

  init(_ code: String) {
    characters = Array(code)
  }

  var current: Character? { index < characters.count ? characters[index] : nil }

  func peek(_ offset: Int = 1) -> Character? {
    characters.indices.contains(index + offset) ? characters[index + offset] : nil
  }

  mutating func take(_ count: Int, _ role: Role) {
    let end = min(characters.count, index + count)
    result.append(String(characters[index..<end]), Style(role))
    index = end
  }

  /// Takes characters while they satisfy, at least one.
  mutating func take(_ role: Role, while satisfies: (Character) -> Bool) {
    var end = index + 1
    while end < characters.count, satisfies(characters[end]) { end += 1 }
    take(end - index, role)
  }
}

private let shellKeywords: Set<String> = [
  "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "in", "function",
  "export", "local", "set", "unset", "return", "exit",
]

private func highlightShell(_ code: String) -> StyledText {
  var painter = Painter(code)
  var isCommandStart = true
  var inDoubleQuotes = false
  while let character = painter.current {
    if inDoubleQuotes {
      switch character {
      case "\"":
        painter.take(1, .string)
        inDoubleQuotes = false
      case "\\": painter.take(2, .string)
      case "$": takeVariable(&painter, otherwise: .string)
      default: painter.take(.string) { !"\"\\$".contains($0) }
      }
      continue
    }
    let atWord = painter.index == 0 || " \t\n;|&()".contains(painter.characters[painter.index - 1])
    switch character {
    case "#" where atWord: painter.take(.comment) { $0 != "\n" }
    case "'":
      painter.take(.string) { $0 != "'" }
      painter.take(1, .string)
      isCommandStart = false
    case "\"":
      painter.take(1, .string)
      inDoubleQuotes = true
      isCommandStart = false
    case "$":
      takeVariable(&painter, otherwise: .operator)
      isCommandStart = painter.current == nil ? isCommandStart : painter.characters[painter.index - 1] == "("
    case "\\": painter.take(2, .operator)
    case "\n":
      let continues = painter.index > 0 && painter.characters[painter.index - 1] == "\\"
      painter.take(1, .codeText)
      if !continues { isCommandStart = true }
    case "|", "&", ";", "(", ")", "{", "}":
      painter.take(1, .operator)
      isCommandStart = character != ")" && character != "}"
    case "<", ">": painter.take(.operator) { "<>&-".contains($0) }
    case " ", "\t": painter.take(.codeText) { $0 == " " || $0 == "\t" }
    default:
      takeWord(&painter, isCommandStart: &isCommandStart)
    }
  }
  return painter.result
}

private func takeVariable(_ painter: inout Painter, otherwise role: Role) {
  let next = painter.peek()
  if next == "{" {
    painter.take(.variable) { $0 != "}" && $0 != "\n" }
    painter.take(painter.current == "}" ? 1 : 0, .variable)
  } else if next == "(" {
    painter.take(2, .operator)
  } else if let next, next.isLetter || next == "_" {
    painter.take(.variable) { $0.isLetter || $0.isNumber || $0 == "_" }
  } else if let next, next.isNumber || "?@*#$!".contains(next) {
    painter.take(2, .variable)
  } else {
    painter.take(1, role)
  }
}

private func takeWord(_ painter: inout Painter, isCommandStart: inout Bool) {
  var end = painter.index + 1
  while end < painter.characters.count, !" \t\n;|&()<>'\"$\\=".contains(painter.characters[end]) { end += 1 }
  let word = String(painter.characters[painter.index..<end])
  let next = end < painter.characters.count ? painter.characters[end] : nil
  if isCommandStart, next == "=" {
    painter.take(word.count, .variable)
    painter.take(1, .operator)
  } else if isCommandStart, shellKeywords.contains(word) {
    painter.take(word.count, .keyword)
    isCommandStart = !["for", "case", "export", "local", "in"].contains(word)
    if word == "export" || word == "local" { isCommandStart = true }
  } else if isCommandStart, !word.hasPrefix("=") {
    painter.take(word.count, .keyword)
    isCommandStart = false
  } else if word.hasPrefix("-") {
    painter.take(word.count, .code)
  } else {
    painter.take(max(1, word.count), .codeText)
    isCommandStart = false
  }
}

private func highlightJSON(_ code: String) -> StyledText {
  var painter = Painter(code)
  while let character = painter.current {
    switch character {
    case "\"":
      var end = painter.index + 1
      while end < painter.characters.count, painter.characters[end] != "\"" {
        end += painter.characters[end] == "\\" ? 2 : 1
      }
      end = min(painter.characters.count, end + 1)
      var after = end
      while after < painter.characters.count, painter.characters[after].isWhitespace { after += 1 }
      let isKey = after < painter.characters.count && painter.characters[after] == ":"
      painter.take(end - painter.index, isKey ? .json : .string)
    case "{", "}", "[", "]", ":", ",": painter.take(1, .operator)
    case "-", "0"..."9": painter.take(.number) { $0.isNumber || "+-.eE".contains($0) }
    case "a"..."z": painter.take(.keyword) { $0.isLetter }
    default: painter.take(1, .codeText)
    }
  }
  return painter.result
}
