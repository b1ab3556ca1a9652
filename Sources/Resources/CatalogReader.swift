import JMESPath
import OrderedJSON

/// A place in a catalogue file, with typed access to what is there.
///
/// Every member of an entry is asked for by name; a member that nothing asks for is a spelling mistake and
/// refused.
struct CatalogEntry {
  let file: String
  let path: String
  let json: JSON
  /// The service of the file, for entries that name none.
  let service: String

  func error(_ message: String, at member: String? = nil) -> CatalogError {
    CatalogError(
      file: file, path: member.map { path.isEmpty ? $0 : "\(path).\($0)" } ?? path, message: message)
  }

  /// Refuses members other than these.
  func check(_ known: String...) throws(CatalogError) {
    guard let members = json.object else { throw error("an object is expected") }
    for key in members.keys where !known.contains(key) {
      throw error("there is no member of this name", at: key)
    }
  }

  func entry(_ name: String) -> CatalogEntry? {
    json[name].map {
      CatalogEntry(file: file, path: path.isEmpty ? name : "\(path).\(name)", json: $0, service: service)
    }
  }

  /// The elements of an array member; none if it is absent.
  func entries(_ name: String) throws(CatalogError) -> [CatalogEntry] {
    guard let list = entry(name) else { return [] }
    guard let elements = list.json.array else { throw list.error("an array is expected") }
    return elements.enumerated().map {
      CatalogEntry(file: file, path: "\(list.path)[\($0)]", json: $1, service: service)
    }
  }

  func string(_ name: String) throws(CatalogError) -> String {
    guard let text = try optionalString(name), !text.isEmpty else {
      throw error("a text is missing", at: name)
    }
    return text
  }

  func optionalString(_ name: String) throws(CatalogError) -> String? {
    guard let found = json[name] else { return nil }
    guard let text = found.string else { throw error("a text is expected", at: name) }
    return text
  }

  func strings(_ name: String) throws(CatalogError) -> [String] {
    var texts: [String] = []
    for element in try entries(name) {
      guard let text = element.json.string else { throw element.error("a text is expected") }
      texts.append(text)
    }
    return texts
  }

  func number(_ name: String) throws(CatalogError) -> Double? {
    guard let found = json[name] else { return nil }
    guard let number = found.double, number.isFinite else { throw error("a number is expected", at: name) }
    return number
  }

  func flag(_ name: String) throws(CatalogError) -> Bool {
    guard let found = json[name] else { return false }
    guard let flag = found.bool else { throw error("true or false is expected", at: name) }
    return flag
  }

  func patterns(_ name: String) throws(CatalogError) -> [ErrorPattern] {
    try strings(name).map(ErrorPattern.init)
  }

  /// A string is an expression; an object `{path, after}` cuts its value down.
  func expression() throws(CatalogError) -> Expression {
    let text: String
    var after: String?
    if json.object != nil {
      try check("path", "after")
      text = try string("path")
      after = try string("after")
    } else if let plain = json.string {
      text = plain
    } else {
      throw error("an expression is expected")
    }
    do {
      return Expression(path: try JMESPathExpression(text), after: after)
    } catch let problem {
      throw error("\(problem.message) in '\(text)'")
    }
  }

  func expression(_ name: String) throws(CatalogError) -> Expression {
    guard let found = try optionalExpression(name) else { throw error("an expression is missing", at: name) }
    return found
  }

  func optionalExpression(_ name: String) throws(CatalogError) -> Expression? {
    try entry(name)?.expression()
  }

  /// The members of an object, each an expression.
  func expressions(_ name: String) throws(CatalogError) -> [(name: String, expression: Expression)] {
    guard let found = entry(name) else { return [] }
    guard let members = found.json.object else { throw found.error("an object is expected") }
    var list: [(name: String, expression: Expression)] = []
    for key in members.keys {
      if let member = found.entry(key) { list.append((key, try member.expression())) }
    }
    return list
  }

  /// The template under `name`; an empty object if there is none.
  func template(_ name: String) throws(CatalogError) -> Template {
    guard let found = entry(name) else { return .object([]) }
    return try found.template()
  }

  func template() throws(CatalogError) -> Template {
    switch json {
    case .string(let text) where text.hasPrefix("="):
      let inner = CatalogEntry(
        file: file, path: path, json: .string(String(text.dropFirst())), service: service)
      return .expression(try inner.expression())
    case .array(let elements):
      var templates: [Template] = []
      for (index, element) in elements.enumerated() {
        templates.append(
          try CatalogEntry(file: file, path: "\(path)[\(index)]", json: element, service: service).template())
      }
      return .array(templates)
    case .object(let members):
      var fields: [Template.Field] = []
      for key in members.keys {
        if let member = entry(key) { fields.append(.init(name: key, template: try member.template())) }
      }
      return .object(fields)
    default:
      return .literal(json)
    }
  }
}
