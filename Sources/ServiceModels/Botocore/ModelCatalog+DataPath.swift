extension ModelCatalog {
  /// Where the user keeps models of their own: the directories that `AWS_DATA_PATH` names, then `~/.aws/models`
  /// (botocore, `loaders.py`).
  ///
  /// - Parameters:
  ///   - environment: gives `AWS_DATA_PATH`, colon-separated, in which `$NAME`, `${NAME}` and a leading `~` stand for
  ///     what a shell would take them for; a name that is not set stays as it is written.
  ///   - home: the user's home directory; without it there is no `~`.
  package static func dataPath(environment: [String: String], home: String?) -> [String] {
    var directories: [String] = []
    for entry in (environment["AWS_DATA_PATH"] ?? "").split(separator: ":") {
      let path = withVariables(String(entry), environment)
      if let home, path == "~" || path.hasPrefix("~/") {
        directories.append(home + path.dropFirst())
      } else {
        directories.append(path)
      }
    }
    if let home { directories.append(home + "/.aws/models") }
    return directories
  }

  /// `text` with `$NAME` and `${NAME}` replaced, as Python's `os.path.expandvars` does it.
  private static func withVariables(_ text: String, _ environment: [String: String]) -> String {
    var out = ""
    var rest = Substring(text)
    while let mark = rest.firstIndex(of: "$") {
      out += rest[..<mark]
      rest = rest[rest.index(after: mark)...]
      var name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      var end = name.endIndex
      if rest.first == "{", let close = rest.firstIndex(of: "}") {
        name = rest[rest.index(after: rest.startIndex)..<close]
        end = rest.index(after: close)
      }
      if let value = environment[String(name)] {
        out += value
        rest = rest[end...]
      } else {
        out += "$"
      }
    }
    return out + rest
  }
}
