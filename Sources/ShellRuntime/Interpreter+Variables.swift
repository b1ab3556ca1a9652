import Glibc
import ShellSyntax

/// An assignment after expansion.
struct ExpandedAssignment {
  enum Value {
    case scalar(String)
    case array([(index: String?, value: String)])
  }

  var name: String
  var index: String?
  var appends: Bool
  var value: Value

  /// As `set -x` and events show it.
  var text: String {
    let target = index.map { "\(name)[\($0)]" } ?? name
    switch value {
    case .scalar(let text): return "\(target)\(appends ? "+=" : "=")\(text.isEmpty ? "" : quoted(text))"
    case .array(let elements):
      let words = elements.map { ($0.index.map { "[\($0)]=" } ?? "") + quoted($0.value) }
      return "\(target)\(appends ? "+=" : "=")(\(words.joined(separator: " ")))"
    }
  }
}

/// A word quoted as bash's `%q` and traces quote it: only where it must be, in single quotes.
func quoted(_ text: String) -> String {
  if text.isEmpty { return "''" }
  let isPlain = text.utf8.allSatisfy { byte in
    (byte | 0x20 >= 97 && byte | 0x20 <= 122) || (byte >= 48 && byte <= 57)
      || "_-./:=@%+,".utf8.contains(byte)
  }
  if isPlain { return text }
  return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}

extension Interpreter {
  func expand(_ assignment: Assignment) throws -> ExpandedAssignment {
    let index = try assignment.index.map { try expandToString($0) }
    switch assignment.value {
    case .scalar(let word):
      return ExpandedAssignment(
        name: assignment.name, index: index, appends: assignment.appends,
        value: .scalar(try expandToString(word, isAssignment: true)))
    case .array(let elements):
      var list: [(index: String?, value: String)] = []
      for element in elements {
        if let index = element.index {
          list.append((try expandToString(index), try expandToString(element.value)))
        } else {
          list += try expand(element.value).map { (nil, $0) }
        }
      }
      return ExpandedAssignment(
        name: assignment.name, index: nil, appends: assignment.appends, value: .array(list))
    }
  }

  /// Gives a variable a scalar value.
  func set(_ name: String, _ value: String, tells: Bool = true) throws {
    try assign(
      ExpandedAssignment(name: name, index: nil, appends: false, value: .scalar(value)), tells: tells)
  }

  /// - Parameter tells: false for what does not outlive the command.
  func assign(_ assignment: ExpandedAssignment, tells: Bool = true) throws {
    let name = assignment.name
    var variable = state.variables[name] ?? Variable(.unset)
    if variable.isReadOnly {
      complain("\(name): readonly variable")
      throw Interrupt.discarded(1)
    }
    switch assignment.value {
    case .scalar(var text):
      if variable.isInteger { text = String(try integer(text)) }
      if let index = assignment.index {
        try setElement(&variable, index, text, appends: assignment.appends)
      } else if assignment.appends, variable.isInteger {
        let (sum, _) = try integer(variable.scalar ?? "0").addingReportingOverflow(try integer(text))
        setScalar(&variable, String(sum))
      } else {
        setScalar(&variable, assignment.appends ? (variable.scalar ?? "") + text : text)
      }
    case .array(let elements):
      try setArray(&variable, elements, appends: assignment.appends)
    }
    if state.options.contains(.allexport) { variable.isExported = true }
    state.variables[name] = variable
    if tells, !isSubshell {
      post(.variableSet(name: name, value: variable.scalar ?? "", range: here))
    }
  }

  /// Indices stay below this, so that one more can always be counted.
  private static let maximumIndex = Int.max / 2

  private func integer(_ text: String) throws -> Int64 {
    do { return try arithmetic(text, for: "") } catch is ArithmeticFailure { throw Interrupt.discarded(1) }
  }

  private func setScalar(_ variable: inout Variable, _ text: String) {
    switch variable.value {
    case .unset, .scalar: variable.value = .scalar(text)
    case .indexed(var elements):
      elements[0] = text
      variable.value = .indexed(elements)
    case .associative(var elements, var order):
      if elements.updateValue(text, forKey: "0") == nil { order.append("0") }
      variable.value = .associative(elements, order: order)
    }
  }

  private func setElement(_ variable: inout Variable, _ index: String, _ text: String, appends: Bool) throws {
    if case .associative(var elements, var order) = variable.value {
      let value = appends ? (elements[index] ?? "") + text : text
      if elements.updateValue(value, forKey: index) == nil { order.append(index) }
      variable.value = .associative(elements, order: order)
      return
    }
    var elements: [Int: String] = [:]
    for (key, value) in variable.elements { if let key = Int(key) { elements[key] = value } }
    var place = Int(try integer(index))
    if place < 0 { place += (elements.keys.max() ?? -1) + 1 }
    guard place >= 0, place < Self.maximumIndex else {
      complain("\(index): bad array subscript")
      throw Interrupt.discarded(1)
    }
    elements[place] = appends ? (elements[place] ?? "") + text : text
    variable.value = .indexed(elements)
  }

  private func setArray(
    _ variable: inout Variable, _ list: [(index: String?, value: String)], appends: Bool
  ) throws {
    if case .associative = variable.value {
      if !appends { variable.value = .associative([:], order: []) }
      var key: String?
      for element in list {
        if let index = element.index {
          try setElement(&variable, index, element.value, appends: false)
        } else if let name = key {
          try setElement(&variable, name, element.value, appends: false)
          key = nil
        } else {
          key = element.value
        }
      }
      if let key { try setElement(&variable, key, "", appends: false) }
      return
    }
    var elements: [Int: String] = [:]
    if appends { for (key, value) in variable.elements { if let key = Int(key) { elements[key] = value } } }
    var next = (elements.keys.max() ?? -1) + 1
    for element in list {
      if let index = element.index { next = Int(try integer(index)) }
      guard next >= 0, next < Self.maximumIndex else {
        complain("\(next): bad array subscript")
        throw Interrupt.discarded(1)
      }
      elements[next] = element.value
      next += 1
    }
    variable.value = .indexed(elements)
  }

  /// A variable of that name, computed ones (`RANDOM`, `LINENO`, ...) among them.
  func variable(_ name: String) -> Variable? {
    if let known = state.variables[name] { return known }
    switch name {
    case "RANDOM": return Variable(.scalar(String(Int.random(in: 0...32_767))))
    case "LINENO": return Variable(.scalar(String(here.start.line)))
    case "PIPESTATUS":
      let pairs = state.pipeStatus.enumerated().map { ($0.offset, String($0.element)) }
      return Variable(.indexed(Dictionary(pairs) { $1 }))
    case "SECONDS", "EPOCHSECONDS":
      return Variable(.scalar(String(time(nil))))
    case "PPID": return Variable(.scalar(String(getppid())))
    case "UID", "EUID": return Variable(.scalar(String(getuid())))
    default: return nil
    }
  }

  /// Makes `name` local to the function being run, remembering what it was.
  func makeLocal(_ name: String) {
    guard let last = state.locals.indices.last, state.locals[last][name] == nil else { return }
    state.locals[last][name] = .some(state.variables[name])
    let wasExported = state.variables[name]?.isExported ?? false
    state.variables[name] = nil
    if wasExported {
      var variable = Variable(.unset)
      variable.isExported = true
      state.variables[name] = variable
    }
  }

  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first == 95 || (first | 0x20 >= 97 && first | 0x20 <= 122) else {
      return false
    }
    return text.utf8.allSatisfy {
      $0 == 95 || ($0 | 0x20 >= 97 && $0 | 0x20 <= 122) || ($0 >= 48 && $0 <= 57)
    }
  }
}
