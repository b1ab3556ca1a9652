import Lessons

/// Why the program cannot begin what it was asked for.
package struct TutorError: Error, Sendable {
  package let diagnostic: Diagnostic

  package init(_ diagnostic: Diagnostic) {
    self.diagnostic = diagnostic
  }
}
