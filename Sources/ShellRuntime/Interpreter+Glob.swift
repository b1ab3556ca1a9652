extension Interpreter {
  /// The file names that a field's live characters match, sorted by bytes; nil where there are none, so that the word
  /// stays as it is. (`--query Reservations[*].Instances[0]` depends on that.)
  func glob(_ field: [Segment]) -> [String]? {
    guard field.contains(where: { !$0.isQuoted && $0.text.utf8.contains { "*?[".utf8.contains($0) } }) else {
      return nil
    }
    let components = components(field)
    guard components.contains(where: { !Pattern($0).isLiteral }) else { return nil }
    var found = [""]
    if field.first?.text.hasPrefix("/") ?? false { found = ["/"] }
    for (number, component) in components.enumerated() {
      if component.isEmpty { continue }
      let isLast = number == components.count - 1
      found = found.flatMap { matches(component, in: $0, isLast: isLast) }
      if found.isEmpty { return state.nullGlob ? [] : nil }
    }
    if components.last?.isEmpty ?? false { found = found.filter { isDirectory($0) } }
    if found.isEmpty { return state.nullGlob ? [] : nil }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The field cut at its slashes.
  private func components(_ field: [Segment]) -> [[Segment]] {
    var components: [[Segment]] = [[]]
    for segment in field {
      let pieces = segment.text.split(separator: "/", omittingEmptySubsequences: false)
      for (number, piece) in pieces.enumerated() {
        if number > 0 { components.append([]) }
        if !piece.isEmpty {
          components[components.count - 1].append(Segment(text: String(piece), isQuoted: segment.isQuoted))
        }
      }
    }
    return components
  }

  private func matches(_ component: [Segment], in folder: String, isLast: Bool) -> [String] {
    let pattern = Pattern(component)
    let text = component.reduce("") { $0 + $1.text }
    let tail = isLast ? "" : "/"
    if pattern.isLiteral {
      let path = folder + text
      return context.files.status(of: absolute(path), followingLinks: false) == nil ? [] : [path + tail]
    }
    let place = absolute(folder.isEmpty ? "." : folder)
    let directory = place.hasSuffix("/.") ? String(place.dropLast(2)) : place
    let trimmed = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    guard let names = try? context.files.names(in: trimmed.isEmpty ? "/" : trimmed) else { return [] }
    let showsHidden = text.hasPrefix(".")
    return names.filter { ($0.hasPrefix(".") ? showsHidden : true) && pattern.matches($0) }
      .map { folder + $0 + tail }
      .filter { isLast || isDirectory($0) }
  }

  private func isDirectory(_ path: String) -> Bool {
    let place = absolute(path)
    let trimmed = place.count > 1 && place.hasSuffix("/") ? String(place.dropLast()) : place
    return context.files.status(of: trimmed, followingLinks: true)?.kind == .directory
  }
}
