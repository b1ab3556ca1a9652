import Cells
import Lessons

/// Draws the state: a frame of exactly `state.size`, the same for the same state.
package func render(_ state: TutorState) -> Frame {
  var surface = Surface(state.size)
  guard let layout = Layout(state) else {
    drawTooSmall(state, on: &surface)
    return Frame(surface)
  }
  var cursor: Point?
  drawBanner(state, in: layout.banner, on: &surface)
  drawRail(state, layout, on: &surface)
  let scene = Scene(state)
  drawLesson(scene, layout, on: &surface)
  drawConsole(state, layout, on: &surface, cursor: &cursor)
  drawBorders(state, layout, on: &surface)
  if let overlay = state.overlays.last {
    cursor = nil
    if !state.showsNotes {
      let below = Rect(x: 0, y: 1, width: state.size.width, height: state.size.height - 2)
      surface.restyle(below) { _ in Style(.muted) }
    }
    draw(overlay, scene, layout, on: &surface)
  }
  drawFooter(scene, in: layout.footer, on: &surface)
  return Frame(surface, cursor: cursor)
}

private func drawTooSmall(_ state: TutorState, on surface: inout Surface) {
  let needed = Layout.smallest
  let text = StyledText(
    "This screen is \(state.size). Cairn needs \(needed) or more: make the window larger or the type smaller."
  )
  let lines = text.wrapped(to: max(1, min(state.size.width - 2, 60)))
  let top = max(0, (state.size.height - lines.count) / 2)
  for (index, line) in lines.enumerated() {
    surface.put(line, x: max(0, (state.size.width - line.width) / 2), y: top + index)
  }
}

/// The title on the left; on the right what waits, whose account this is and, always, whether it is a real one.
private func drawBanner(_ state: TutorState, in area: Rect, on surface: inout Surface) {
  surface.fill(area, Style(.banner))
  let banner = state.banner
  let badge = StyledText(
    banner.mode == .live ? " LIVE " : " PRACTICE ", Style(banner.mode == .live ? .live : .practice))
  var parts: [(text: StyledText, isOptional: Bool)] = []
  let waiting = state.waitingChecks.count
  if waiting > 0 {
    parts.append((StyledText(" \(state.symbols.waiting) \(waiting) waiting ", Style(.badge)), false))
  }
  if !banner.clock.isEmpty { parts.append((StyledText(banner.clock, Style(.banner)), true)) }
  if !banner.identity.isEmpty { parts.append((StyledText(banner.identity, Style(.banner)), true)) }
  let place = [banner.account, banner.region].filter { !$0.isEmpty }.joined(
    separator: " \(state.symbols.middot) ")
  if !place.isEmpty { parts.append((StyledText(place, Style(.bannerStrong)), false)) }
  if state.demo != nil { parts.append((StyledText(" DEMO ", Style(.badge)), false)) }
  parts.append((badge, false))
  func width(_ parts: [(text: StyledText, isOptional: Bool)]) -> Int {
    parts.reduce(0) { $0 + $1.text.width + 2 }
  }
  let title = StyledText(" \(state.symbols.cairn) \(state.lesson.title)", Style(.bannerStrong))
  // The title gives way first, down to a part of the line; then what is nice to know. Who acts matters more where it
  // is for real.
  let least = min(title.width, banner.mode == .live ? area.width / 3 : area.width * 9 / 20)
  while area.width - width(parts) < least + 1,
    let index = parts.firstIndex(where: \.isOptional)
  {
    parts.remove(at: index)
  }
  let room = max(0, area.width - width(parts) - 1)
  surface.put(
    title.truncated(to: room, ellipsis: state.symbols.ellipsis), x: area.minX, y: area.minY, clip: area)
  var x = area.maxX - width(parts) + 2
  for part in parts { x = surface.put(part.text, x: x, y: area.minY, clip: area) + 2 }
}

private func drawRail(_ state: TutorState, _ layout: Layout, on surface: inout Surface) {
  guard layout.isRailColumn else {
    surface.put(Rail.line(state, width: layout.rail.width), x: 0, y: layout.rail.minY)
    return
  }
  let area = layout.list
  for (index, row) in Rail(state, in: area).rows.enumerated() {
    surface.put(row.text, x: area.minX, y: area.minY + index, clip: area)
  }
}

private func drawLesson(_ scene: Scene, _ layout: Layout, on surface: inout Surface) {
  let page = layout.page
  let rows = scene.rows
  let first = min(max(0, scene.lessonScroll), max(0, rows.count - page.height))
  let details = scene.details
  for (index, row) in rows.dropFirst(first).prefix(page.height).enumerated() {
    let end = surface.put(row.text, x: page.minX, y: page.minY + index, clip: page)
    // What `d` would open or close says so, at the end of its summary.
    let next = first + index + 1
    if let details, row.details == details, !rows.indices.contains(next) || rows[next].details != details {
      let hint = StyledText(details.isOpen ? "   d closes" : "   d opens", Style(.muted))
      if end + hint.width <= page.maxX { surface.put(hint, x: end, y: page.minY + index, clip: page) }
    }
  }
  // One scroll mark is enough: an overlay has its own.
  guard scene.overlays.isEmpty || scene.state.showsNotes else { return }
  drawScrollMark(scene.state, x: layout.lesson.maxX - 1, page, first: first, count: rows.count, on: &surface)
}

/// Where in something longer we are; nothing where all is seen.
private func drawScrollMark(
  _ state: TutorState, x: Int, _ area: Rect, first: Int, count: Int, on surface: inout Surface
) {
  guard count > area.height, area.height > 0 else { return }
  let length = max(1, area.height * area.height / count)
  let room = area.height - length
  let top = first == 0 ? 0 : max(1, room * first / max(1, count - area.height))
  for row in 0..<length {
    surface.put(state.symbols.scrollThumb, x: x, y: area.minY + min(top, room) + row, Style(.scrollbar))
  }
}

private func drawConsole(
  _ state: TutorState, _ layout: Layout, on surface: inout Surface, cursor: inout Point?
) {
  let area = layout.tape
  let tape = Tape(state, width: area.width, height: area.height)
  let rows = tape.rows
  let typed = state.transcript.isFollowing ? tape.typed.suffix(area.height) : []
  if rows.isEmpty, typed.isEmpty, state.demo == nil {
    let words = StyledText("What you run appears here.", Style(.muted))
    for (index, line) in words.wrapped(to: max(1, area.width)).enumerated() {
      surface.put(line, x: area.minX, y: area.minY + index, clip: area)
    }
  }
  var y = area.minY
  for row in rows.prefix(area.height - typed.count) {
    surface.put(row, x: area.minX, y: y, clip: area)
    y += 1
  }
  for row in typed {
    let end = surface.put(row, x: area.minX, y: y, clip: area)
    cursor = Point(x: min(end, area.maxX - 1), y: y)
    y += 1
  }
}

/// The lines between panes, with their names.
private func drawBorders(_ state: TutorState, _ layout: Layout, on surface: inout Surface) {
  let symbols = state.symbols
  let border = Style(.border)
  let tape = Tape(state, width: layout.tape.width, height: layout.tape.height)
  let more = tape.isAtEnd ? "" : "\(symbols.down) G follows "
  func title(_ text: String, _ pane: TutorState.Pane) -> StyledText {
    StyledText(
      " \(text) ", state.focus == pane && state.demo == nil ? Style(.borderFocused, .bold) : Style(.muted))
  }
  if layout.isRailColumn {
    surface.fill(
      Rect(x: 0, y: 1, width: state.size.width, height: 1), border, with: Character(symbols.horizontal))
    for row in layout.rail.minY..<layout.rail.maxY {
      surface.put(symbols.vertical, x: layout.rail.maxX, y: row, border)
    }
    surface.put(symbols.teeDown, x: layout.rail.maxX, y: 1, border)
    surface.put(StyledText(" Steps ", Style(.muted)), x: 1, y: 1)
    if let section = state.shownSection {
      let place = section.place(in: state.lesson)
        .truncated(to: max(1, layout.lesson.width - 6), ellipsis: symbols.ellipsis)
      surface.put(title(place, .lesson), x: layout.lesson.minX + 1, y: 1)
    }
  }
  guard layout.isSideBySide else {
    let y = layout.divider.minY
    surface.fill(layout.divider, border, with: Character(symbols.horizontal))
    if layout.isRailColumn { surface.put(symbols.teeRight, x: layout.rail.maxX, y: y, border) }
    surface.put(title("Console", .console), x: layout.divider.minX + 1, y: y)
    if !more.isEmpty {
      surface.put(" " + more, x: layout.divider.maxX - displayWidth(more) - 2, y: y, Style(.warning))
    }
    return
  }
  for y in layout.divider.minY..<layout.divider.maxY {
    surface.put(symbols.vertical, x: layout.divider.minX, y: y, border)
  }
  guard layout.isRailColumn else { return }
  let y = 1
  surface.put(symbols.teeDown, x: layout.divider.minX, y: y, border)
  surface.put(title("Console", .console), x: layout.console.minX, y: y)
  if !more.isEmpty {
    surface.put(" " + more, x: layout.console.maxX - displayWidth(more) - 2, y: y, Style(.warning))
  }
}

/// The keys that matter now, or the sentence that answers the last one.
private func drawFooter(_ scene: Scene, in area: Rect, on surface: inout Surface) {
  let state = scene.state
  if !state.status.isEmpty {
    let text = StyledText(" " + state.status, Style(.status)).truncated(
      to: area.width, ellipsis: state.symbols.ellipsis)
    surface.put(text, x: area.minX, y: area.minY, clip: area)
    return
  }
  guard state.overlays.isEmpty || state.showsNotes else { return }
  surface.put(footerKeys(scene, width: area.width - 1), x: area.minX + 1, y: area.minY, clip: area)
}

/// As many keys as fit; the help's is always among them.
private func footerKeys(_ scene: Scene, width: Int) -> StyledText {
  let words = Keymap.footer(scene)
  func text(_ word: (key: String, title: String)) -> StyledText {
    StyledText(word.key, Style(.footerKey)) + StyledText(" " + word.title, Style(.footer))
  }
  let help = words.first { $0.key == "?" }.map(text) ?? StyledText()
  var line = StyledText()
  for word in words where word.key != "?" {
    let next = text(word)
    let gaps = (line.isEmpty ? 0 : 3) + (help.isEmpty ? 0 : 3)
    guard line.width + next.width + gaps + help.width <= width else { continue }
    if !line.isEmpty { line.append("   ") }
    line.append(next)
  }
  if !help.isEmpty, !line.isEmpty { line.append("   ") }
  return line + help
}

/// A box with a title in its upper edge and its keys in the lower one.
private func draw(_ overlay: Overlay, _ scene: Scene, _ layout: Layout, on surface: inout Surface) {
  let state = scene.state
  let box = OverlayBox(overlay, state, in: layout.overlayRoom(state.size))
  let area = box.area
  let symbols = state.symbols
  let border = Style(.borderFocused)
  guard area.width >= 4, area.height >= 2 else { return }
  // Slivers of the page beside a box that nearly fills the screen would be noise.
  let sides = area.minX <= 8 ? Rect(x: 0, y: area.minY, width: state.size.width, height: area.height) : area
  surface.fill(sides, Style(.overlay))
  let line = String(repeating: symbols.horizontal, count: area.width - 2)
  surface.put(symbols.corners[0] + line + symbols.corners[1], x: area.minX, y: area.minY, border)
  surface.put(symbols.corners[2] + line + symbols.corners[3], x: area.minX, y: area.maxY - 1, border)
  for y in (area.minY + 1)..<(area.maxY - 1) {
    surface.put(symbols.vertical, x: area.minX, y: y, border)
    surface.put(symbols.vertical, x: area.maxX - 1, y: y, border)
  }
  let title = " \(box.title) ".truncated(to: area.width - 4, ellipsis: symbols.ellipsis)
  surface.put(title, x: area.minX + 2, y: area.minY, Style(box.titleRole, .bold), clip: area)
  let keys = state.showsNotes ? StyledText() : footerKeys(scene, width: area.width - 6)
  if !keys.isEmpty {
    surface.put(StyledText(" ") + keys + StyledText(" "), x: area.minX + 2, y: area.maxY - 1, clip: area)
  }
  let text = area.inset(left: 3, top: 1, right: 3, bottom: 1)
  let first = min(max(0, overlay.scroll), max(0, box.rows.count - text.height))
  for (index, row) in box.rows.dropFirst(first).prefix(text.height).enumerated() {
    surface.put(row, x: text.minX, y: text.minY + index, clip: text)
  }
  drawScrollMark(state, x: area.maxX - 1, text, first: first, count: box.rows.count, on: &surface)
}
