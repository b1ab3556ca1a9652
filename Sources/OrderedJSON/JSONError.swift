/// Why a text is not JSON, in the words of Python's `json` module, which the AWS CLI shows.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was expected or wrong: `Expecting value`.
  package var message: String
  /// From 1.
  package var line: Int
  /// From 1, in characters (Unicode scalars).
  package var column: Int
  /// From 0, in characters (Unicode scalars); in bytes where the text is not UTF-8.
  package var offset: Int

  package init(message: String, line: Int, column: Int, offset: Int) {
    self.message = message
    self.line = line
    self.column = column
    self.offset = offset
  }

  /// `Expecting value: line 1 column 12 (char 11)`
  package var description: String {
    "\(message): line \(line) column \(column) (char \(offset))"
  }
}
