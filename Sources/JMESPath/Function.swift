import OrderedJSON

/// A function of the language: what it takes and what it does.
struct Function: Sendable {
  /// The types that each parameter may be, as messages list them; empty for any. `array-number` is an array of
  /// numbers. `expref` is an expression reference.
  let parameters: [[String]]
  /// Whether the last parameter may be given more than once.
  var isVariadic = false
  let body: @Sendable (Evaluator, [Argument]) throws(JMESPathError) -> JSON
}

/// What a function is given.
enum Argument: Sendable {
  case value(JSON)
  case reference(Node)

  /// The value; null for a reference, which the type check lets pass only where it is wanted.
  var json: JSON {
    if case .value(let value) = self { value } else { .null }
  }

  var list: [JSON] { json.array ?? [] }
  var string: String { json.string ?? "" }
  var node: Node {
    if case .reference(let node) = self { node } else { .current }
  }

  /// The type's name in JMESPath.
  var typeName: String {
    guard case .value(let value) = self else { return "expref" }
    return jmespathType(value)
  }

  var pythonText: String {
    guard case .value(let value) = self else { return "<jmespath.visitor._Expression object>" }
    return JMESPath.pythonText(value)
  }
}

func jmespathType(_ value: JSON) -> String {
  switch value {
  case .null: "null"
  case .bool: "boolean"
  case .number: "number"
  case .string: "string"
  case .array: "array"
  case .object: "object"
  }
}

extension Evaluator {
  func call(_ name: String, _ nodes: [Node], _ current: JSON) throws(JMESPathError) -> JSON {
    var arguments: [Argument] = []
    for node in nodes {
      if case .expressionReference(let inner) = node.kind {
        arguments.append(.reference(inner))
      } else {
        arguments.append(.value(try value(node, current)))
      }
    }
    guard let function = functions[name] else {
      throw error(.unknownFunction, "Unknown function: \(name)()")
    }
    let wanted = function.parameters.count
    guard function.isVariadic ? arguments.count >= wanted : arguments.count == wanted else {
      let atLeast = function.isVariadic ? "at least " : ""
      throw error(
        .arity,
        "Expected \(atLeast)\(wanted) argument\(wanted == 1 ? "" : "s") for function \(name)(), "
          + "received \(arguments.count)")
    }
    for (argument, types) in zip(arguments, function.parameters) where !types.isEmpty {
      try check(argument, types, name)
    }
    return try function.body(self, arguments)
  }

  private func check(_ argument: Argument, _ types: [String], _ name: String) throws(JMESPathError) {
    let split = types.map { $0.split(separator: "-", maxSplits: 1).map(String.init) }
    guard split.contains(where: { $0[0] == argument.typeName }) else {
      throw typeError(name, argument.pythonText, types, argument.typeName)
    }
    // Arrays may name the type of their elements; the first element settles which of several it is.
    let elementTypes = split.compactMap { $0.count == 2 ? $0[1] : nil }
    guard let first = argument.list.first, !elementTypes.isEmpty else { return }
    let allowed = elementTypes.count == 1 ? elementTypes[0] : jmespathType(first)
    for element in argument.list
    where jmespathType(element) != allowed || !elementTypes.contains(allowed) {
      throw typeError(name, pythonText(element), types, pythonTypeName(element))
    }
  }

  func typeError(_ name: String, _ value: String, _ types: [String], _ actual: String) -> JMESPathError {
    let list = types.map { "'\($0)'" }.joined(separator: ", ")
    return error(
      .type,
      "In function \(name)(), invalid type for value: \(value), expected one of: [\(list)], "
        + "received: \"\(actual)\"")
  }

  /// The key of each element, all of `types`; numbers and strings together cannot be ordered.
  func keys(
    _ reference: Node, _ elements: [JSON], _ types: [String], _ name: String
  ) throws(JMESPathError) -> [JSON] {
    var keys: [JSON] = []
    for element in elements {
      let key = try value(reference, element)
      guard types.contains(jmespathType(key)) else {
        throw typeError(name, pythonText(key), types, jmespathType(key))
      }
      if let first = keys.first, jmespathType(first) != jmespathType(key) {
        throw notOrdered(name == "max_by" ? ">" : "<", key, first)
      }
      keys.append(key)
    }
    return keys
  }
}
