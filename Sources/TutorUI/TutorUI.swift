// TutorUI: the screen of the tutor as pure functions.
//
//   update(&state, on: event) -> [effect]      total; no I/O, no clock, no randomness
//   render(state) -> Frame                     always exactly state.size
//
// Role: holds what the learner sees and where they are, turns keys into effects, and draws it.
//
// It refuses to know AWS, the store, ncurses and time: whoever runs it translates their news into `TutorEvent`s whose
// values are plain text, and carries out the `TutorEffect`s.
//
// Decisions:
// - The layout follows from the size (`Layout`); scrolling is kept as a row and clamped by the same rows that are
//   drawn, so that update and render cannot disagree.
// - One table of keys (`Keymap`) answers keys and draws the footer, the help and docs/KEYS.md.
// - Overlays are a stack; the top one gets the keys.
// - States have a glyph and a word, never a colour alone, and an ASCII form.
