import ShellSyntax

/// The variables a script may set in its session: assignments, `export` and its kin, `for` and `read`.
enum AssignedVariables {
  static func names(in script: Script) -> Set<String> {
    var names: Set<String> = []
    visit(script.statements, &names)
    return names
  }

  private static func visit(_ statements: [Statement], _ names: inout Set<String>) {
    for statement in statements {
      for pipeline in [statement.first] + statement.rest.map(\.pipeline) {
        for command in pipeline.commands { visit(command, &names) }
      }
    }
  }

  private static func visit(_ command: Command, _ names: inout Set<String>) {
    switch command.body {
    case .simple(let simple):
      // Before a command an assignment is for that command alone.
      if simple.arguments.isEmpty { names.formUnion(simple.assignments.map(\.name)) }
      for case .assignment(let assignment) in simple.arguments { names.insert(assignment.name) }
      let words = simple.words.map { $0.constant ?? "" }
      if words.first == "read" { names.formUnion(words.dropFirst().filter { isVariableName($0) }) }
    case .group(let statements): visit(statements, &names)
    case .subshell: break  // what it sets ends with it
    case .conditional(let conditional):
      for branch in conditional.branches {
        visit(branch.condition, &names)
        visit(branch.body, &names)
      }
      visit(conditional.otherwise ?? [], &names)
    case .forEach(let loop):
      names.insert(loop.name)
      visit(loop.body, &names)
    case .forArithmetic(let loop): visit(loop.body, &names)
    case .loop(let loop):
      visit(loop.condition, &names)
      visit(loop.body, &names)
    case .choice(let choice): for item in choice.items { visit(item.body, &names) }
    case .function(let definition): visit(definition.body, &names)
    case .arithmetic, .test: break
    }
  }
}
