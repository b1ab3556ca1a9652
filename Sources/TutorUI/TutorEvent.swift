import Cells

/// What happened. In the past tense; whoever sends it has made all texts from AWS, the store and clocks plain text.
package enum TutorEvent: Equatable, Sendable {
  // The terminal.
  case key(Key)
  case mouse(Mouse)
  case pasted(String)
  case resized(Size)
  /// The terminal is gone, or the process was asked to end.
  case hungUp

  // The engine, about blocks.
  case blockStarted(BlockID)
  /// A statement of the block runs now: the lines of the lesson's file it stands on, and its text as the learner
  /// reads it.
  case statementStarted(BlockID, lines: ClosedRange<Int>, text: String)
  /// Bytes of an output stream as text; may end within a line, not within a character.
  case blockPrinted(BlockID, Output, String)
  case blockExited(BlockID, BlockOutcome)

  // The engine, about checks.
  case checkStarted(CheckID)
  /// The account could not be asked (a `message` says why): the check is as if it had never been asked.
  case checkAbandoned(CheckID)
  case checkWaiting(CheckID, since: String, next: String)
  case checkJudged(CheckID, Verdict)

  // The engine, about the rest.
  /// What the practice account knows and AWS would not say aloud.
  case remark(String)
  /// A word from the tutor for the transcript.
  case noted(String)
  case teardownPlanned(TeardownView)
  case teardownAdvanced(item: String, TeardownView.ItemState)
  case teardownFinished(summary: String)
  case variablesChanged([VariableRow])
  case outstandingChanged([OutstandingResource])
  case bannerChanged(Banner)
  /// The banner's clock note.
  case clockTicked(String)
  case message(MessageView)
  case progressRestored(RestoredProgress)
  /// The block that can be undone now; nil if there is none.
  case undoableChanged(BlockID?)
  /// A block was undone, and this is what the run has come to now.
  case undone(BlockID, RestoredProgress)

  /// The demonstration has typed so many characters of the block.
  case demoTyped(BlockID, characters: Int)

  package enum Output: Hashable, Sendable { case standardOutput, standardError }
}

/// What is to be done. In the imperative; carried out in the order given.
package enum TutorEffect: Hashable, Sendable {
  case runBlock(BlockID)
  /// The learner has agreed to work on the account that the banner names.
  case agree
  case cancelRun
  /// Take the run back to before the block that can be undone.
  case undo
  /// Let some of the account's time pass at once.
  case skipWait
  case judge(CheckID)
  case planTeardown
  case applyTeardown
  case saveProgress(Position)
  /// Type the block with a human's rhythm: send `demoTyped` until all its characters are there.
  case typeBlock(BlockID)
  /// The learner was faster: stop typing.
  case stopTyping
  /// Forget what the screen shows and paint it anew.
  case redraw
  case quit
}
