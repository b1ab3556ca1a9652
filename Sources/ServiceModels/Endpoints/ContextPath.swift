import OrderedJSON

/// What the models' `operationContextParams` use of JMESPath, evaluated on an operation's input: names, dots, `[*]`,
/// `[]`, multi-select lists and `keys(...)`. JMESPath whole is another room; endpoint rules need this much of it.
struct ContextPath: Hashable, Sendable {
  private enum Step: Hashable, Sendable {
    case member(String)
    /// `[*]`
    case project
    /// `[]`
    case flatten
    /// `[a.b, c.d]`
    case select([ContextPath])
    /// `keys(a.b)`
    case keys(ContextPath)
  }

  private var steps: [Step] = []
  /// Selections within selections; AWS's have one.
  private static let maximumDepth = 8

  /// Nil for what is beyond the expressions above.
  init?(_ text: String) {
    var rest = Substring(text)
    guard let path = ContextPath(&rest, depth: 0), rest.isEmpty else { return nil }
    self = path
  }

  private init?(_ rest: inout Substring, depth: Int) {
    guard depth < Self.maximumDepth else { return nil }
    var needsDot = false
    while let first = rest.first, first != ",", first != "]", first != ")" {
      if rest.hasPrefix("[*]") {
        steps.append(.project)
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("[]") {
        steps.append(.flatten)
        rest = rest.dropFirst(2)
      } else {
        if needsDot {
          guard first == "." else { return nil }
          rest = rest.dropFirst()
        }
        guard let step = ContextPath.step(&rest, depth) else { return nil }
        steps.append(step)
      }
      needsDot = true
    }
    guard !steps.isEmpty else { return nil }
  }

  private static func step(_ rest: inout Substring, _ depth: Int) -> Step? {
    if rest.first == "[" {
      rest = rest.dropFirst()
      var chosen: [ContextPath] = []
      repeat {
        rest = rest.drop { $0 == " " || $0 == "," }
        guard let path = ContextPath(&rest, depth: depth + 1) else { return nil }
        chosen.append(path)
      } while rest.first == ","
      guard rest.first == "]" else { return nil }
      rest = rest.dropFirst()
      return .select(chosen)
    }
    let name = rest.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
    guard !name.isEmpty else { return nil }
    rest = rest[name.endIndex...]
    guard rest.first == "(" else { return .member(String(name)) }
    rest = rest.dropFirst()
    guard name == "keys", let path = ContextPath(&rest, depth: depth + 1), rest.first == ")" else {
      return nil
    }
    rest = rest.dropFirst()
    return .keys(path)
  }

  /// What the path finds; nil for nothing.
  func value(in input: Value) -> Value? {
    var values = [input]
    var isProjection = false
    for step in steps {
      switch step {
      case .member(let name): values = values.compactMap { $0[name] }
      case .project:
        values = values.flatMap { $0.list ?? [] }
        isProjection = true
      case .flatten:
        let items = isProjection ? values : values.flatMap { $0.list ?? [] }
        values = items.flatMap { $0.list ?? [$0] }
        isProjection = true
      case .select(let paths):
        values = values.map { value in .list(paths.compactMap { $0.value(in: value) }) }
      case .keys(let path):
        values = values.compactMap { value in
          path.value(in: value)?.object.map { .list($0.names.map { .string($0) }) }
        }
      }
    }
    return isProjection ? .list(values) : values.first
  }
}
