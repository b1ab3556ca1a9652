import ShellSyntax

/// A variable with its attributes.
struct Variable: Hashable, Sendable {
  enum Value: Hashable, Sendable {
    /// Declared, never given a value.
    case unset
    case scalar(String)
    case indexed([Int: String])
    /// In order of insertion.
    case associative([String: String], order: [String])
  }

  var value: Value
  var isExported = false
  var isReadOnly = false
  var isInteger = false

  init(_ value: Value) { self.value = value }

  /// What `$NAME` gives: of an array its element 0.
  var scalar: String? {
    switch value {
    case .unset: nil
    case .scalar(let text): text
    case .indexed(let elements): elements[0]
    case .associative(let elements, _): elements["0"]
    }
  }

  /// The elements in order; a scalar is an array of one.
  var elements: [(key: String, value: String)] {
    switch value {
    case .unset: []
    case .scalar(let text): [("0", text)]
    case .indexed(let elements): elements.sorted { $0.key < $1.key }.map { (String($0.key), $0.value) }
    case .associative(let elements, let order): order.map { ($0, elements[$0] ?? "") }
    }
  }
}

struct Function: Hashable, Sendable {
  var definition: FunctionDefinition
  var source: String
}

/// `set -o` and its letters.
enum Option: String, CaseIterable, Sendable {
  case allexport, errexit, noclobber, noglob, nounset, pipefail, xtrace

  /// The letter of `set -e`; pipefail has none.
  var letter: Character? {
    switch self {
    case .allexport: "a"
    case .errexit: "e"
    case .noclobber: "C"
    case .noglob: "f"
    case .nounset: "u"
    case .pipefail: nil
    case .xtrace: "x"
    }
  }
}

/// Everything a shell knows; a subshell has a copy.
struct ShellState: Sendable {
  var variables: [String: Variable] = [:]
  var functions: [String: Function] = [:]
  var options: Set<Option> = []
  var workingDirectory: String
  var positional: [String] = []
  var lastStatus: Int32 = 0
  var pipeStatus: [Int32] = [0]
  var lastBackground: Int32?
  /// Commands by the name of what they wait for, `EXIT` above all.
  var traps: [String: String] = [:]
  /// For each function being run, what the variables it made local were before.
  var locals: [[String: Variable?]] = []
  var nullGlob = false
}
