import ShellSyntax

extension LintRule {
  /// A block that would run must be a program of the lab shell.
  static let shellParses = LintRule(name: "shell-parses") { lesson, reporter in
    for block in lesson.runnableBlocks {
      do throws(ShellSyntaxError) {
        _ = try parse(block.script)
      } catch {
        // What is unfinished is reported behind the last line, where the fence closes.
        let lastLine = block.firstTextLine + max(1, block.script.split(separator: "\n").count) - 1
        let line = min(block.firstTextLine + error.range.start.line - 1, max(lastLine, block.firstTextLine))
        reporter.report(
          error.kind == .unsupported ? .warning : .error,
          error.kind == .unsupported
            ? "The lab shell does not run this block." : "This block is no shell program.",
          detail: error.message, line: line,
          column: column(of: error, in: block, lines: reporter.lines, line: line),
          hint: "If it is not meant to run, give the fence another language, such as ```text.")
      }
    }
  }

  /// The column in the file: the script's lines may have lost an indentation or a prompt.
  private static func column(
    of error: ShellSyntaxError, in block: CodeBlock, lines: [Substring], line: Int
  ) -> Int? {
    let script = block.script.split(separator: "\n", omittingEmptySubsequences: false)
    guard script.indices.contains(error.range.start.line - 1), lines.indices.contains(line - 1) else {
      return nil
    }
    let written = lines[line - 1]
    let run = script[error.range.start.line - 1]
    return written.hasSuffix(run) ? written.count - run.count + error.range.start.column : nil
  }
}
