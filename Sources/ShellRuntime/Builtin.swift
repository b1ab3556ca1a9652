/// A command's words, and those that were assignments.
struct Call {
  /// The name first.
  let argv: [String]
  /// For `export` and its kin: assignments by their place in `argv`.
  var declared: [Int: ExpandedAssignment] = [:]

  var name: String { argv.first ?? "" }
  var arguments: [String] { Array(argv.dropFirst()) }
}

/// A command that this room runs itself.
struct Builtin: Sendable {
  let run: @Sendable (Interpreter, Call) throws -> Int32
  /// False for an option that only the real program knows; then that is run. Utilities have one, builtins have none.
  var handles: @Sendable ([String]) -> Bool = { _ in true }
  /// Is it part of the shell, as `type` says, or a utility that we spare a process?
  var isUtility = false

  static let all: [String: Builtin] = [
    ":": Builtin { _, _ in 0 },
    "true": Builtin { _, _ in 0 },
    "false": Builtin { _, _ in 1 },
    "echo": Builtin(run: echo),
    "printf": Builtin(run: printf),
    "cd": Builtin(run: changeDirectory),
    "pwd": Builtin(run: printDirectory),
    "test": Builtin(run: test),
    "[": Builtin(run: bracket),
    "export": Builtin(run: declare),
    "declare": Builtin(run: declare),
    "typeset": Builtin(run: declare),
    "readonly": Builtin(run: declare),
    "local": Builtin(run: local),
    "unset": Builtin(run: unset),
    "read": Builtin(run: read),
    "mapfile": Builtin(run: readArray),
    "readarray": Builtin(run: readArray),
    "shift": Builtin(run: shift),
    "set": Builtin(run: set),
    "shopt": Builtin(run: shopt),
    "let": Builtin(run: evaluateArithmetic),
    "break": Builtin(run: leaveLoop),
    "continue": Builtin(run: leaveLoop),
    "return": Builtin(run: returnFromFunction),
    "exit": Builtin(run: exit),
    "eval": Builtin(run: evaluate),
    "source": Builtin(run: source),
    ".": Builtin(run: source),
    "exec": Builtin(run: execute),
    "command": Builtin(run: command),
    "builtin": Builtin(run: builtin),
    "type": Builtin(run: type),
    "trap": Builtin(run: trap),
    "wait": Builtin(run: wait),
    "hash": Builtin { _, _ in 0 },
    "alias": refused("write a function instead: `name() { ...; }`"),
    "unalias": refused("there are no aliases here"),
    "pushd": refused("use `cd`; `cd -` goes back"),
    "popd": refused("use `cd`; `cd -` goes back"),
    "dirs": refused("use `pwd`"),
    "jobs": refused("use `wait` for background commands"),
    "fg": refused("use `wait` for background commands"),
    "bg": refused("commands go to the background with `&`"),
    "disown": refused("background commands end with the block"),
    "kill": refused("background commands end with the block; `wait` waits for them"),
    "ulimit": refused("limits are those of the program it runs in"),
    "umask": refused("files get the permissions of the program it runs in; use chmod"),
    "getopts": refused("read the arguments with `case` and `shift`"),
    "enable": refused("builtins cannot be switched off"),
    "history": refused("commands are kept in the lab's transcript"),
    "logout": refused("use `exit`"),
    "suspend": refused("leave the tutor instead"),
    // Utilities that spare the lab a process.
    "cat": Builtin(run: concatenate, handles: { knows($0, options: "") }, isUtility: true),
    "rm": Builtin(run: remove, handles: { knows($0, options: "frR") }, isUtility: true),
    "mkdir": Builtin(run: makeDirectories, handles: { knows($0, options: "p") }, isUtility: true),
    "touch": Builtin(run: touch, handles: { knows($0, options: "") }, isUtility: true),
    "tee": Builtin(run: tee, handles: { knows($0, options: "a") }, isUtility: true),
    "sleep": Builtin(run: sleep, isUtility: true),
    "basename": Builtin(run: baseName, handles: { knows($0, options: "") }, isUtility: true),
    "dirname": Builtin(run: directoryName, handles: { knows($0, options: "") }, isUtility: true),
    "xargs": Builtin(
      run: buildCommands, handles: { XargsOptions(Array($0.dropFirst())) != nil }, isUtility: true),
  ]

  /// A builtin of bash that has no meaning here, refused by name.
  private static func refused(_ instead: String) -> Builtin {
    Builtin { shell, call in
      shell.complain("\(call.name) is not part of the lab shell: \(instead)")
      return 2
    }
  }

  /// Are all options of a utility's command line among the letters it has here?
  private static func knows(_ argv: [String], options: String) -> Bool {
    for word in argv.dropFirst() {
      if word == "--" { return true }
      guard word.hasPrefix("-"), word != "-" else { continue }
      if !word.dropFirst().allSatisfy({ options.contains($0) }) { return false }
    }
    return true
  }

  /// The option letters and the operands of a command line that `knows` let pass.
  static func parse(_ arguments: [String]) -> (options: Set<Character>, operands: [String]) {
    var options: Set<Character> = []
    var operands: [String] = []
    var isOver = false
    for word in arguments {
      if !isOver, word == "--" {
        isOver = true
      } else if !isOver, word.hasPrefix("-"), word != "-" {
        options.formUnion(word.dropFirst())
      } else {
        operands.append(word)
      }
    }
    return (options, operands)
  }
}

extension Interpreter {
  /// Words that `type` calls keywords.
  static let keywords: Set<String> = [
    "if", "then", "elif", "else", "fi", "for", "while", "until", "do", "done", "case", "esac", "in",
    "function",
    "{", "}", "!", "[[", "]]", "time",
  ]
}
