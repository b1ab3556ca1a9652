import ShellRuntime
import Testing

@Suite("What goes wrong is said in bash's words, with the line")
struct MessageTests {
  static let rows: [(script: String, status: Int32, errors: String)] = [
    ("nosuch", 127, "sh: line 1: nosuch: command not found\n"),
    (
      "aws s3 ls\n  --region us-east-1", 127,
      """
      sh: line 2: --region: command not found
        `--region` is an option, so this line goes on from the one before it: end that line with `\\` and nothing after \
      it, not even a blank.

      """
    ),
    (
      "–-query x", 127,
      "sh: line 1: –-query: command not found\n  It holds a long dash (–). Options begin with two hyphens: `--`.\n"
    ),
    (
      "$ ls", 127,
      "sh: line 1: $: command not found\n  `$` is a prompt copied along with the command; leave it out.\n"
    ),
    (
      "...", 127,
      "sh: line 1: ...: command not found\n"
        + "  The dots stand for something left out; put your own command in their place.\n"
    ),
    ("set -u\necho $X", 1, "sh: line 2: X: unbound variable\n"),
    ("set -u; echo $1", 1, "sh: line 1: $1: unbound variable\n"),
    ("echo ${X:?is needed}", 1, "sh: line 1: X: is needed\n"),
    ("echo ${X?}", 1, "sh: line 1: X: parameter not set\n"),
    ("cd /nosuch", 1, "sh: line 1: cd: /nosuch: No such file or directory\n"),
    ("cat < nosuch", 1, "sh: line 1: nosuch: No such file or directory\n"),
    ("cat nosuch", 1, "cat: nosuch: No such file or directory\n"),
    ("rm nosuch", 1, "rm: cannot remove 'nosuch': No such file or directory\n"),
    ("rm /", 1, "rm: refusing to remove '.' or '..' directory or '/': skipping '/'\n"),
    ("[ a b c ]", 2, "sh: line 1: [: b: binary operator expected\n"),
    ("test 1 -eq x", 2, "sh: line 1: test: x: integer expression expected\n"),
    ("echo $((1/0))", 1, "sh: line 1: 1/0: division by 0 (error token is \"0\")\n"),
    ("readonly A=1\nA=2", 1, "sh: line 2: A: readonly variable\n"),
    ("export 1a=2", 1, "sh: line 1: export: `1a=2': not a valid identifier\n"),
    ("break", 0, "sh: line 1: break: only meaningful in a `for', `while', or `until' loop\n"),
    ("set -x; A=1; echo 'a b' $A > f", 0, "+ A=1\n+ echo 'a b' 1\n"),
    (
      "eval 'echo ('", 2,
      "sh: line 1: eval: line 1: `(` cannot stand here. To pass parentheses to a command, quote them: '( )'.\n"
    ),
    (
      "alias a=b", 2,
      "sh: line 1: alias is not part of the lab shell: write a function instead: `name() { ...; }`\n"
    ),
    (
      "f() { f; }; f", 1,
      "sh: line 1: commands are nested more than 1000 deep; a function that calls itself must end\n"
    ),
    ("echo x >&7", 1, "sh: line 1: 7: Bad file descriptor\n"),
    ("shopt -s extglob", 1, "sh: line 1: shopt: extglob: this option is not part of the lab shell\n"),
  ]

  @Test(arguments: rows)
  func says(_ row: (script: String, status: Int32, errors: String)) async {
    let outcome = await memorySession().outcome(row.script)
    #expect(outcome.errors == row.errors)
    #expect(outcome.status == row.status)
  }
}
