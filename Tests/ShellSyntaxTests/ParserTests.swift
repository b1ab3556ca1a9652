import ShellSyntax
import Testing

@Suite("The parser")
struct ParserTests {
  /// A script and how the printer writes it: one way for each construct.
  static let forms: [(script: String, printed: String)] = [
    ("", ""), ("# nothing", ""), ("a  b\tc", "a b c"), ("a;b\n\nc &d", "a\nb\nc &\nd"),
    ("a && b ||\n c", "a && b || c"), ("! a | b |& c", "! a | b |& c"),
    ("A=1 B='x y' cmd a", "A=1 B='x y' cmd a"),
    ("a \\\n  b", "a b"), ("a\\\nb", "ab"), ("x+=1", "x+=1"),
    ("a[1]=2 b=(1 [3]=x \"$y\")", "a[1]=2 b=(1 [3]=x \"$y\")"),
    ("export A=(1 2) B", "export A=(1 2) B"), ("echo a=(", "!"), ("echo `a \\`b\\``", "echo $(a $(b))"),
    ("echo $( (a) )", "echo $( (\n  a\n))"), ("echo $((1+(2)))$(( x ))", "echo $((1+(2)))$(( x ))"),
    ("if a;then b;elif c;then d;else e;fi", "if\n  a\nthen\n  b\nelif\n  c\nthen\n  d\nelse\n  e\nfi"),
    ("for i in a b;do c;done", "for i in a b\ndo\n  c\ndone"), ("for i do c;done", "for i\ndo\n  c\ndone"),
    ("for ((i=0;i<2;i++)) { c; }", "for ((i=0;i<2;i++))\ndo\n  c\ndone"),
    ("while a;do b;done>f", "while\n  a\ndo\n  b\ndone > f"),
    ("until a\ndo b\ndone", "until\n  a\ndo\n  b\ndone"),
    ("case $x in a|b)c;;(*) d;& e);;esac", "case $x in\n(a | b)\n  c\n;;\n(*)\n  d\n;&\n(e)\n  \n;;\nesac"),
    ("f(){ a;}", "f() {\n  a\n}"), ("function f { a; } 2>x", "f() {\n  a\n} 2> x"),
    ("(a;b)", "(\n  a\n  b\n)"),
    ("[[ a == b* && ! ( -f x || $y =~ ^(a|b)$ ) ]]", "[[ a == b* && ! ( -f x || $y =~ ^(a|b)$ ) ]]"),
    ("((x++))", "((x++))"), ("a 2>&1 >f <g >>h &>i 3<>j >|k", "a 2>&1 > f < g >> h &> i 3<> j >| k"),
    ("cat <<E >f\nx $y\nE\nb", "cat <<E > f\nx $y\nE\nb"), ("cat <<-'E'\n\tx\n\tE", "cat <<-'E'\nx\nE\n"),
    ("cat <<E | (\na\nE\nb)", "cat <<E | (\na\nE\n  b\n)"), ("cat <<< \"$a\"", "cat <<< \"$a\""),
    (
      "echo \"${a:-\"b c\"}\" ${a//x/\\}} ${#a} ${!a} ${a[@]:1:2}",
      "echo \"${a:-\"b c\"}\" ${a//x/\\}} ${#a} ${!a} ${a[@]:1:2}"
    ),
    ("echo $'a\\n' $\"b\" $ $% \"$\"", "echo $'a\\n' \"b\" $ $% \"$\""), ("time -p a", "time a"),
    ("echo if then { } [ [[ !", "echo if then { } [ [[ !"), ("if() { a; }", "!"), ("a() b", "!"),
    ("{ a; } | ( b )", "{\n  a\n} | (\n  b\n)"),
    ("aws x --query Reservations[*].{a:b}", "aws x --query Reservations[*].{a:b}"),
  ]

  @Test(arguments: forms)
  func prints(_ row: (script: String, printed: String)) throws {
    guard let script = try? parse(row.script) else {
      #expect(row.printed == "!")
      return
    }
    #expect(Printer.source(of: script) == row.printed)
    #expect(Printer.source(of: try parse(row.printed)) == row.printed)
  }

  /// A script that is none: kind, construct, place, and what the message says.
  static let errors: [(script: String, kind: ShellSyntaxError.Kind, place: String, says: String)] = [
    ("echo 'a", .incomplete, "1:6", "closing `'`"), ("echo \"a\nb", .incomplete, "1:6", "closing `\"`"),
    ("a\necho $(b", .incomplete, "2:9", "command substitution"),
    ("echo ${a", .incomplete, "1:6", "closing `}`"),
    ("if a; then b", .incomplete, "1:13", "`elif` or `else` or `fi` of `if`"),
    ("while a", .incomplete, "1:8", "`do`"),
    ("for i in 1; do a", .incomplete, "1:17", "`done`"), ("case x in", .incomplete, "1:1", "`esac`"),
    ("{ a", .incomplete, "1:4", "`}`"), ("(a", .incomplete, "1:3", "`)`"),
    ("a &&", .incomplete, "1:5", "after `&&`"),
    ("a |", .incomplete, "1:4", "after `|`"), ("cat <<EOF\nx\n EOF", .incomplete, "1:7", "EOF alone"),
    ("f()", .incomplete, "1:4", "body of the function `f`"), ("a=(1", .incomplete, "1:3", "array `a`"),
    ("[[ a", .incomplete, "1:1", "`]]`"), ("echo $((1+", .incomplete, "1:6", "`))`"),
    ("echo `a", .incomplete, "1:6", "backtick"),
    ("a >", .incomplete, "1:3", "a file name"),
    (")", .malformed, "1:1", "closes nothing"), ("a\n)", .malformed, "2:1", "closes nothing"),
    ("; a", .malformed, "1:1", "no command before"),
    ("a ;; b", .malformed, "1:3", "no command before"), ("a || || b", .malformed, "1:6", "no command before"),
    ("fi", .malformed, "1:1", "without `if`"), ("if a; done", .malformed, "1:7", "`then` is missing"),
    ("done", .malformed, "1:1", "without `do`"), ("a; }", .malformed, "1:4", "without `{`"),
    ("if a then b; fi", .malformed, "1:14", "`then` begins a line"),
    ("if ; then b; fi", .malformed, "1:4", "no command before"),
    ("if a; then fi", .malformed, "1:12", "needs a command"),
    ("for 1 in a; do b; done", .malformed, "1:5", "variable's name"),
    ("echo a (b)", .malformed, "1:8", "quote them"), ("Name (2 letters)", .malformed, "1:6", "quote them"),
    ("a > \n", .malformed, "1:3", "needs a file name"),
    ("a --id <bucket-name>\n", .malformed, "1:20", "placeholder"),
    ("echo ${a b}", .malformed, "1:6", "no expansion"),
    ("f() a", .malformed, "1:5", "in braces"), ("f(x) { a; }", .malformed, "1:2", "quote them"),
    ("a & && b", .malformed, "1:5", "no command before"),
    ("cat < < a", .malformed, "1:5", "needs a file name"), ("( )", .malformed, "1:1", "holds no command"),
    ("case x in a b) c;; esac", .malformed, "1:13", "ends with `)`"),
    ("diff <(a) b", .unsupported, "1:6", "process substitution"),
    ("a > >(b)", .unsupported, "1:5", "process substitution"),
    ("select i in a; do b; done", .unsupported, "1:1", "`select`"),
    ("coproc a", .unsupported, "1:1", "`coproc`"),
    ("echo $[1+1]", .unsupported, "1:6", "$(( ))"),
    ("exec {fd}>f", .unsupported, "1:6", "give the descriptor a number"),
    ("[[ a == @(a|b) ]]", .unsupported, "1:10", "extended patterns"),
    ("echo ${a@P}", .unsupported, "1:6", "only @U"),
    ("a\n b 'c\n\n", .incomplete, "2:4", "closing `'`"), ("echo é 'x", .incomplete, "1:8", "closing"),
    ("echo `if`", .incomplete, "1:9", "`then`"),
  ]

  @Test(arguments: errors)
  func refuses(_ row: (script: String, kind: ShellSyntaxError.Kind, place: String, says: String)) {
    do {
      let script = try parse(row.script)
      Issue.record("parsed as \(Printer.source(of: script))")
    } catch {
      #expect(error.kind == row.kind, "\(error)")
      #expect("\(error.range.start.line):\(error.range.start.column)" == row.place, "\(error)")
      #expect(error.message.contains(row.says), "\(error)")
      #expect(error.isIncomplete == (row.kind == .incomplete))
      #expect(!(error.construct ?? "").isEmpty)
    }
  }

  /// What bash finds out only when it runs the script, or warns of; we say so before anything has run.
  static let laterInBash: [String: String] = [
    "cat <<EOF\nx\n EOF": "a here-document without an end is a warning",
    "echo ${a b}": "a bad substitution ends the shell when it is reached",
    "for 1 in a; do b; done": "the name is looked at when the loop begins",
    "echo `if`": "backticks are parsed when they run",
  ]

  @Test("agrees with bash -n on every row of these tables but what it refuses by name")
  func agreesWithBash() throws {
    for row in Self.forms where row.printed != "!" { #expect(try bashAccepts(row.script), "\(row.script)") }
    for row in Self.errors where row.kind != .unsupported && Self.laterInBash[row.script] == nil {
      #expect(try !bashAccepts(row.script), "\(row.script)")
    }
  }

  @Test("knows where every statement stands")
  func ranges() throws {
    let script = try parse("a; b &\n  c <<E | d\nbody\nE\nif x; then\n y\nfi  # end\né; f")
    let texts = script.statements.map { script.text(of: $0.range) }
    #expect(texts == ["a", "b &", "c <<E | d\nbody\nE", "if x; then\n y\nfi", "é", "f"])
    #expect(script.statements.map(\.range.start.line) == [1, 1, 2, 5, 8, 8])
    #expect(script.statements.map(\.range.start.column) == [1, 4, 3, 1, 1, 4])
  }
}

@Suite("Nothing traps")
struct SyntaxFuzzTests {
  /// The same on every run (splitmix64).
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  @Test("on random bytes", arguments: 0..<4)
  func bytes(_ seed: UInt64) {
    var random = Seeded(state: seed)
    let alphabet = Array("$`'\"\\(){}[]<>|&;#=!*?~ \n\tab1E\u{80}é".utf8)
    for _ in 0..<3_000 {
      let count = Int.random(in: 0...40, using: &random)
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      check(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test(
    "on deep nesting",
    arguments: [
      "(", "$(", "{ ", "`", "\"$(", "${a:-", "$((", "((", "if ", "[[ (", "! ", "a=(", "<<E\n$(",
      "case x in a) ", "[[ ! ",
    ])
  func nesting(_ opening: String) {
    check(String(repeating: opening, count: 3_000))
    check(String(repeating: opening, count: 40))
  }

  private func check(_ text: String) {
    guard let script = try? parse(text) else { return }
    for statement in script.statements {
      #expect(statement.range.start.offset <= statement.range.end.offset)
    }
    _ = Printer.source(of: script)
  }
}
