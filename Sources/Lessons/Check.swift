/// A typed question to the live account, and the answer that lets the learner pass.
///
/// The engine asks `queries` in order, each with `${NAME}` replaced by the shell session's variables and by names that
/// earlier queries of the same check have captured; the check passes when every expectation of every query holds.
package struct Check: Hashable, Sendable, Identifiable {
  /// Stable and unique in the lesson.
  package var id: String
  package var title: String
  package var queries: [CheckQuery]
  /// How long to keep asking before the answer "not yet" becomes "no"; nil asks once.
  package var patience: Patience?
  /// What to do if it does not pass; empty if the author gave none.
  package var hint: String
  /// True if no annotation asked for it: it was read from the checkpoint's command and prose.
  package var isInferred: Bool
  /// The lines of the annotation, or of the block it was inferred from.
  package var lines: ClosedRange<Int>

  package init(
    id: String, title: String, queries: [CheckQuery], patience: Patience? = nil, hint: String = "",
    isInferred: Bool = false, lines: ClosedRange<Int>
  ) {
    self.id = id
    self.title = title
    self.queries = queries
    self.patience = patience
    self.hint = hint
    self.isInferred = isInferred
    self.lines = lines
  }
}

/// One read call of a check. Without expectations it passes if the call succeeds.
package struct CheckQuery: Hashable, Sendable {
  package enum Question: Hashable, Sendable {
    /// `service` as the AWS CLI or botocore name it (`kms`, `s3`, `macie2`), `operation` as the API does
    /// (`DescribeKey`), `input` by the API's member names with `${NAME}` inside strings.
    case call(service: String, operation: String, input: LessonValue)
    /// An `aws` command as the lesson has it, unexpanded: the engine expands it in the learner's session. Its JSON
    /// answer is what the expectations look at.
    case command(String)
  }

  package var question: Question
  package var expectations: [Expectation]
  /// Names for later queries of this check, each the JMESPath of a value in the answer.
  package var captures: [Capture]
  package var lines: ClosedRange<Int>

  package struct Capture: Hashable, Sendable {
    package var name: String
    package var path: String

    package init(name: String, path: String) {
      self.name = name
      self.path = path
    }
  }

  package init(
    question: Question, expectations: [Expectation], captures: [Capture] = [], lines: ClosedRange<Int>
  ) {
    self.question = question
    self.expectations = expectations
    self.captures = captures
    self.lines = lines
  }
}

/// What must hold of one value of an answer.
package struct Expectation: Hashable, Sendable {
  package enum Comparison: Hashable, Sendable {
    /// Equal as JSON; a string from `${NAME}` also equals a number or a boolean that is written alike.
    case equals(LessonValue)
    case notEquals(LessonValue)
    /// A list has the element, a string the substring, an object the member name.
    case contains(LessonValue)
    /// There and not null (true), or absent or null (false).
    case exists(Bool)
    /// Something besides null, `""`, and lists and objects that hold only such.
    case notEmpty
    /// A list, object or string of exactly this many elements, members or characters.
    case count(Int)
    /// A string in which this POSIX extended regular expression finds a match.
    case matches(String)
    /// Somewhere in the value, at any depth, a member of this name has this value (any value if nil).
    case hasMember(name: String, value: LessonValue?)
  }

  /// A JMESPath into the answer; nil means the whole answer.
  package var path: String?
  package var comparison: Comparison
  /// What to do if just this does not hold; empty for the check's own hint.
  package var hint: String
  package var line: Int

  package init(path: String?, comparison: Comparison, hint: String = "", line: Int) {
    self.path = path
    self.comparison = comparison
    self.hint = hint
    self.line = line
  }
}

/// How a check waits: it asks `every` so many seconds, until it passes or `duration` seconds are over.
package struct Patience: Hashable, Sendable {
  package var every: Double
  package var duration: Double

  package init(every: Double, duration: Double) {
    self.every = every
    self.duration = duration
  }
}
