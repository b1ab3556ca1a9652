// Cells: a screen as a value.
//
// Role: text becomes glyphs of known width, glyphs become cells of a `Surface`, a surface with a cursor is a
// `Frame`, and a `Terminal` shows frames and reads keys. Everything above draws here and never to a terminal.
//
// It refuses: colours (a `Style` names a role; a `Theme` turns roles into colours at the last mile), I/O, time.
//
// Decisions:
// - Width is our own table, generated from wcwidth, and summed over scalars, because that is what ncurses and tmux
//   do. Sequences whose width terminals disagree on (ZWJ, variation selectors, skin tones, keycaps) are cut down to
//   their first glyph, so no column ever drifts.
// - A wide glyph is one cell followed by a `.continuation`; at an edge it becomes a blank, never half a glyph.
// - Nothing that reaches a cell can drive a terminal: controls become visible pictures here, at the only door.
