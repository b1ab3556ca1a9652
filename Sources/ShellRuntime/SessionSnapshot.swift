import ShellSyntax

/// What of a session outlives the process: plain values, the same for equal sessions.
package struct SessionSnapshot: Codable, Hashable, Sendable {
  package struct Variable: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable { case unset, scalar, indexed, associative }

    package var kind: Kind
    /// One for a scalar; in order for an array.
    package var values: [String]
    /// The indices of `values`, for arrays.
    package var keys: [String]
    package var isExported: Bool
    package var isReadOnly: Bool
    package var isInteger: Bool

    /// Is it an array?
    package var isArray: Bool { kind == .indexed || kind == .associative }
    /// What `$NAME` gives.
    package var value: String? {
      if let first = keys.firstIndex(of: "0"), isArray { return first < values.count ? values[first] : nil }
      return kind == .scalar ? values.first : nil
    }
  }

  package var variables: [String: Variable]
  /// Functions by name, each as shell that defines it.
  package var functions: [String: String]
  package var workingDirectory: String
  /// Names as `set -o` takes them, in order.
  package var options: [String]
  package var positional: [String]
  package var lastStatus: Int32
}

extension SessionSnapshot {
  init(_ state: ShellState) {
    variables = state.variables.mapValues { variable in
      let elements = variable.elements
      let kind: Variable.Kind =
        switch variable.value {
        case .unset: .unset
        case .scalar: .scalar
        case .indexed: .indexed
        case .associative: .associative
        }
      return Variable(
        kind: kind, values: elements.map(\.value), keys: kind == .scalar ? [] : elements.map(\.key),
        isExported: variable.isExported, isReadOnly: variable.isReadOnly, isInteger: variable.isInteger)
    }
    functions = state.functions.mapValues(\.source)
    workingDirectory = state.workingDirectory
    options = state.options.map(\.rawValue).sorted()
    positional = state.positional
    lastStatus = state.lastStatus
  }

  /// The state it tells of; a function whose source no longer parses is left out.
  var state: ShellState {
    var state = ShellState(workingDirectory: workingDirectory)
    for (name, saved) in variables {
      var variable: ShellRuntime.Variable
      switch saved.kind {
      case .unset: variable = .init(.unset)
      case .scalar: variable = .init(.scalar(saved.values.first ?? ""))
      case .indexed:
        var elements: [Int: String] = [:]
        for (key, value) in zip(saved.keys, saved.values) { if let key = Int(key) { elements[key] = value } }
        variable = .init(.indexed(elements))
      case .associative:
        let pairs = zip(saved.keys, saved.values)
        variable = .init(.associative(Dictionary(pairs) { $1 }, order: saved.keys))
      }
      variable.isExported = saved.isExported
      variable.isReadOnly = saved.isReadOnly
      variable.isInteger = saved.isInteger
      state.variables[name] = variable
    }
    for (name, source) in functions {
      guard let script = try? parse(source),
        case .function(let definition)? = script.statements.first?.first.commands.first?.body
      else { continue }
      state.functions[name] = Function(definition: definition, source: source)
    }
    state.options = Set(options.compactMap(Option.init(rawValue:)))
    state.positional = positional
    state.lastStatus = lastStatus
    return state
  }
}
