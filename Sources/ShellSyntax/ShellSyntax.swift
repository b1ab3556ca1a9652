// ShellSyntax: the grammar of the lab shell.
//
// Reads a block of shell as bash reads it and gives back a tree whose every node knows where it stands in the
// text. It runs nothing, opens nothing and imports nothing.
//
// Decisions:
// - bash is the reference: what `bash -n` accepts is accepted, what it rejects is rejected. What we understand but
//   do not run (`select`, `coproc`, `<( )`) is refused by name at parse time, before anything has been run.
// - The parser has no separate token stream: what a character means in a shell depends on where it stands, so
//   `Parser` reads bytes and asks for the token it expects (`Parser+Lexing`).
// - A here-document's body comes after the line that names it. The text is therefore read twice when it holds one:
//   first to find the bodies, then to build the tree with them in place.
// - Input is hostile: nesting is bounded and nothing traps.

/// Reads `script` as one program.
///
/// - Throws: `ShellSyntaxError`, with the place and what to write instead. `isIncomplete` is true where more input
///   could still make it a program.
package func parse(_ script: String) throws(ShellSyntaxError) -> Script {
  let bytes = Array(script.utf8)
  let statements = try Parser.statements(of: bytes, origin: nil, lines: LineTable(bytes), nesting: 0)
  return Script(source: script, statements: statements)
}
