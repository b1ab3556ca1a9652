/// May a program be started?
package enum Verdict: Hashable, Sendable {
  case allow
  /// Only if a person says so; why it is asked.
  case ask(reason: String)
  /// Why not, as the end of the sentence "docker is not started here: ...".
  case refuse(reason: String)
}

/// Decides over every program that would be started.
package protocol ProcessPolicy: Sendable {
  /// - Parameters:
  ///   - program: the name as it was called, which may hold slashes.
  ///   - argv: all words, the name first.
  func verdict(for program: String, argv: [String]) async -> Verdict
  /// Puts the question of `.ask`.
  func approves(_ program: String, argv: [String], reason: String) async -> Bool
  /// What of the exported variables the program may see.
  func environment(_ exported: [String: String], for program: String) -> [String: String]
}

extension ProcessPolicy {
  package func approves(_ program: String, argv: [String], reason: String) async -> Bool { false }
  package func environment(_ exported: [String: String], for program: String) -> [String: String] { exported }
}

/// The house's policy: text and file utilities start at once, what belongs to other worlds is refused with the
/// reason, everything else is asked for. Programs that start other programs are judged by what they start.
package struct StandardProcessPolicy: ProcessPolicy {
  private let ask: @Sendable (_ argv: [String], _ reason: String) async -> Bool

  /// - Parameter ask: puts the question to the learner; by default nobody is asked and the answer is no.
  package init(
    ask: @escaping @Sendable (_ argv: [String], _ reason: String) async -> Bool = { _, _ in false }
  ) {
    self.ask = ask
  }

  package func verdict(for program: String, argv: [String]) async -> Verdict {
    Self.verdict(program, Array(argv.dropFirst()), depth: 0)
  }

  package func approves(_ program: String, argv: [String], reason: String) async -> Bool {
    await ask(argv, reason)
  }

  /// Utilities that may start at once have no business with credentials.
  package func environment(_ exported: [String: String], for program: String) -> [String: String] {
    guard Self.allowed.contains(Self.base(program)) else { return exported }
    return exported.filter { !Self.secrets.contains($0.key) }
  }

  private static func base(_ program: String) -> String {
    program.split(separator: "/").last.map(String.init) ?? program
  }

  private static func verdict(_ program: String, _ arguments: [String], depth: Int) -> Verdict {
    let name = base(program)
    if depth > 0, name == "aws" {
      return .refuse(
        reason: "`aws` runs inside the lab shell; call it directly, in a `for` or `while` loop if need be")
    }
    for (names, reason) in refused where names.contains(name) { return .refuse(reason: reason) }
    if depth < 4, let inner = started(by: name, arguments) {
      let verdict = verdict(inner[0], Array(inner.dropFirst()), depth: depth + 1)
      if verdict != .allow { return verdict }
    }
    if program.contains("/"), !program.hasPrefix("/usr/bin/"), !program.hasPrefix("/bin/") {
      return .ask(reason: "it is a program of its own, not one of the system's utilities")
    }
    if name == "sed", arguments.contains(where: { $0.contains("e ") && $0.hasSuffix("/e") }) {
      return .ask(reason: "this sed script starts programs")
    }
    return allowed.contains(name) ? .allow : .ask(reason: "it is not on the list of programs a lab needs")
  }

  /// The command line that `env`, `xargs`, `timeout` and their kin would start; nil or empty where there is none.
  private static func started(by name: String, _ arguments: [String]) -> [String]? {
    guard let options = starters[name] else {
      guard name == "find" else { return nil }
      let flags: Set<String> = ["-exec", "-execdir", "-ok", "-okdir"]
      guard let place = arguments.firstIndex(where: flags.contains), place + 1 < arguments.count else {
        return nil
      }
      return Array(arguments[(place + 1)...])
    }
    var rest = arguments[...]
    while let word = rest.first {
      if word == "--" {
        rest = rest.dropFirst()
        break
      }
      if word.hasPrefix("-"), word.count > 1 {
        rest = rest.dropFirst(options.contains(word) ? 2 : 1)
      } else if name == "env", word.contains("=") {
        rest = rest.dropFirst()
      } else {
        break
      }
    }
    if name == "timeout" { rest = rest.dropFirst() }
    return rest.isEmpty ? nil : Array(rest)
  }
}
