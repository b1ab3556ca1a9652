import Lessons

/// What Enter does now.
package enum PrimaryAction: Hashable, Sendable {
  case run(BlockID)
  /// The block is not in view: bring it there, so that nobody runs what they have not seen.
  case show(BlockID)
  case judge(CheckID)
  case teardown
  /// There is more of the page below.
  case more
  case next
  /// The demonstration types this block.
  case type(BlockID)
  /// The demonstration is typing: show the rest at once.
  case finishTyping
  /// The end of the lesson.
  case nothing
}

extension TutorState {
  /// The shown section; nil only for a lesson without any.
  package var shownSection: Section? {
    lesson.sections.indices.contains(section) ? lesson.sections[section] : nil
  }

  package func state(ofBlock id: BlockID) -> BlockState { blocks[id] ?? .notRun }
  package func state(ofCheck id: CheckID) -> CheckState { checks[id] ?? .notAsked }

  /// The block that runs now.
  package var runningBlock: BlockID? { blocks.first { $0.value.isRunning }?.key }

  /// The checks that wait in the background.
  package var waitingChecks: [CheckID] { lesson.checks.map(\.id).filter { state(ofCheck: $0).isWaiting } }

  /// Whether the teardown is being planned or carried out.
  package var isTearingDown: Bool { teardown?.phase == .applying || teardown?.phase == .planning }

  /// Everything in the section the learner can run, in the order of the page. The commands of a teardown section are
  /// there to be read: the teardown does better.
  package func runnableBlocks(in section: Section) -> [CodeBlock] {
    guard section.kind != .teardown else { return [] }
    return (section.blocks + section.optionalBlocks.filter(\.isRunnable))
      .sorted { $0.lines.lowerBound < $1.lines.lowerBound }
  }

  /// The block that Enter would run: the chosen one, or the first of the path that is not done.
  package var currentBlock: BlockID? {
    guard let section = shownSection else { return nil }
    let all = runnableBlocks(in: section)
    if let selectedBlock, all.contains(where: { $0.id == selectedBlock }) { return selectedBlock }
    guard section.kind != .teardown else { return nil }
    return section.blocks.first { state(ofBlock: $0.id) != .done }?.id
  }

  /// The check that Enter would judge: the first that neither passed nor waits.
  package var currentCheck: CheckID? {
    shownSection?.checks.first { !state(ofCheck: $0.id).hasPassed && !state(ofCheck: $0.id).isWaiting }?.id
  }

  package var primaryAction: PrimaryAction { Scene(self).primaryAction }

  /// Whether all characters of the block are typed.
  func hasTyped(_ typing: Demo.Typing) -> Bool {
    typing.characters >= (lesson.block(typing.block)?.shownText.count ?? 0)
  }

  /// Whether a teardown has ended well.
  var isTornDown: Bool {
    guard case .finished = teardown?.phase else { return false }
    return teardown?.items.contains { if case .failed = $0.state { true } else { false } } == false
  }

  /// How a section stands.
  package func state(of section: Section) -> SectionState {
    if section.kind == .teardown {
      if isTornDown { return .done }
      if teardown?.phase == .applying { return .running }
      return .notYet
    }
    guard section.isOnPath else { return visited.contains(section.id) ? .read : .notYet }
    let blocks = section.blocks.map { state(ofBlock: $0.id) }
    let checks = section.checks.map { state(ofCheck: $0.id) }
    if blocks.contains(where: \.isRunning) || checks.contains(.asking) { return .running }
    if blocks.contains(.interrupted) { return .interrupted }
    if blocks.contains(where: { if case .failed = $0 { true } else { false } }) { return .failed }
    if checks.contains(where: { if case .judged(let verdict) = $0 { !verdict.passed } else { false } }) {
      return .failed
    }
    if checks.contains(where: \.isWaiting) { return .waiting }
    if blocks.allSatisfy({ $0 == .done }) && checks.allSatisfy(\.hasPassed) { return .done }
    return blocks.contains(.done) || checks.contains(where: \.hasPassed) ? .started : .notYet
  }

  /// What is saved of the place.
  package var position: Position {
    Position(section: shownSection?.id ?? "", visited: visited)
  }
}

extension CodeBlock {
  /// The text without the newline at its end.
  var shownText: String {
    var text = text
    while text.hasSuffix("\n") { text.removeLast() }
    return text
  }
}
