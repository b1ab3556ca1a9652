/// `--exclude` and `--include`: the last pattern that fits decides (AWS CLI reference, `s3`, "Use of Exclude and
/// Include Filters").
struct S3Filter: Hashable {
  struct Pattern: Hashable {
    var includes: Bool
    /// With the source's root before it.
    var text: String
  }

  var patterns: [Pattern] = []

  /// `root` is the directory, or `bucket/prefix`, that the patterns are relative to.
  init(_ given: [ParsedArguments.Appended], root: String) {
    patterns = given.map { option in
      let joined =
        option.value.hasPrefix("/") ? option.value : root + (root.hasSuffix("/") ? "" : "/") + option.value
      return Pattern(includes: option.name == "--include", text: joined)
    }
  }

  func keeps(_ path: String) -> Bool {
    var result = true
    for pattern in patterns where matchesGlob(path, pattern.text) { result = pattern.includes }
    return result
  }
}

/// Python's `fnmatch`: `*` also matches slashes.
func matchesGlob(_ text: String, _ pattern: String) -> Bool {
  let text = Array(text.unicodeScalars)
  let pattern = Array(pattern.unicodeScalars)
  var t = 0
  var p = 0
  var star: (pattern: Int, text: Int)?
  while t < text.count {
    if p < pattern.count, pattern[p] == "*" {
      star = (p, t)
      p += 1
      continue
    }
    if p < pattern.count, let next = matchOne(text[t], pattern, p) {
      t += 1
      p = next
      continue
    }
    guard let last = star else { return false }
    star = (last.pattern, last.text + 1)
    p = last.pattern + 1
    t = last.text + 1
  }
  while p < pattern.count, pattern[p] == "*" { p += 1 }
  return p == pattern.count
}

/// The index behind the pattern's element at `p` if it takes the scalar.
private func matchOne(_ scalar: Unicode.Scalar, _ pattern: [Unicode.Scalar], _ p: Int) -> Int? {
  if pattern[p] == "?" { return p + 1 }
  guard pattern[p] == "[" else { return pattern[p] == scalar ? p + 1 : nil }
  var i = p + 1
  let negated = i < pattern.count && pattern[i] == "!"
  if negated { i += 1 }
  let start = i
  if i < pattern.count, pattern[i] == "]" { i += 1 }
  while i < pattern.count, pattern[i] != "]" { i += 1 }
  // A bracket that nothing closes stands for itself.
  guard i < pattern.count else { return scalar == "[" ? p + 1 : nil }
  var found = false
  var j = start
  while j < i {
    if j + 2 < i, pattern[j + 1] == "-" {
      if pattern[j] <= scalar, scalar <= pattern[j + 2] { found = true }
      j += 3
    } else {
      if pattern[j] == scalar { found = true }
      j += 1
    }
  }
  return found != negated ? i + 1 : nil
}
