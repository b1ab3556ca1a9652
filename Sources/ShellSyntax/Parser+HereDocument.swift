extension Parser {
  /// Reads the delimiter after `<<` or `<<-` and puts the body in line for the next newline.
  mutating func parseHereDocument(stripsTabs: Bool, operatorAt key: Int) throws(ShellSyntaxError) -> (
    Word, HereDocument?
  ) {
    let start = index
    let word = try parseWord()
    var isQuoted = false
    var delimiter = ""
    for part in word.parts {
      switch part {
      case .literal(let text): delimiter += text
      case .escaped(let text), .singleQuoted(let text), .ansiQuoted(let text, _):
        delimiter += text
        isQuoted = true
      case .doubleQuoted: isQuoted = true; delimiter += Word(parts: [part], range: word.range).constant ?? ""
      default: delimiter += text(start, index)
      }
    }
    if let known = documents[key] {
      pending.append(
        .init(key: key, delimiter: delimiter, isQuoted: isQuoted, stripsTabs: stripsTabs, range: word.range))
      return (word, known)
    }
    pending.append(
      .init(key: key, delimiter: delimiter, isQuoted: isQuoted, stripsTabs: stripsTabs, range: word.range))
    return (word, nil)
  }

  /// Reads the bodies named on the line just ended.
  mutating func readPendingDocuments() throws(ShellSyntaxError) {
    let waiting = pending
    pending = []
    for document in waiting {
      var body: [UInt8] = []
      var places: [Int] = []
      var isClosed = false
      while !atEnd {
        if document.stripsTabs { while byte == .tab { index += 1 } }
        let start = index
        while let next = byte, next != .newline { index += 1 }
        let line = text(start, index)
        if line == document.delimiter {
          if !atEnd { index += 1 }
          isClosed = true
          break
        }
        if !atEnd { index += 1 }
        body += bytes[start..<index]
        places += (start..<index).map(outer)
      }
      if !isClosed {
        // The last line of `$(cat <<EOF ... EOF)` may carry the parenthesis; bash takes it with a warning. We ask
        // for the line, because what is meant can be seen only by a person.
        throw ShellSyntaxError(
          kind: .incomplete,
          message: "The here-document `<<\(document.delimiter)` never ends: write a line that holds "
            + "\(document.delimiter) alone, with no blank before or after it.",
          construct: "here-document", range: document.range)
      }
      if documents[document.key] != nil { continue }
      places.append(outer(index))
      let parts: [WordPart]
      if document.isQuoted {
        parts = body.isEmpty ? [] : [.literal(String(decoding: body, as: UTF8.self))]
      } else {
        parts = try Parser.documentParts(of: body, origin: places, lines: lines, nesting: nesting + 1)
      }
      documents[document.key] = HereDocument(
        delimiter: document.delimiter, isQuoted: document.isQuoted, body: parts)
    }
  }

  /// At the end of the text no here-document may be waiting for its body.
  mutating func finishDocuments() throws(ShellSyntaxError) {
    if !pending.isEmpty { try readPendingDocuments() }
  }
}
