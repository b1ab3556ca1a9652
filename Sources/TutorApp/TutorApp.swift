// TutorApp: events in, effects out.
//
// Opens a run on a practice or a live account (`Workshop`), and works through it in front of somebody: on the
// screen (`Tutor`), for an audience (`Demo`), or as a linear transcript (`PlainTutor`).
//
// Decisions:
// - The loop runs on the main thread around the terminal's `nextInput`; nothing else touches the terminal. Work runs
//   in tasks beside it, leaves events in a mailbox and wakes the loop.
// - `TutorUI` decides what a key means and what the screen shows; this room only carries its effects out.
// - The practice account's server runs in this process, on a port of its own, for as long as the run is open.

/// What the program says of itself.
package enum TutorApp {
  package static let version = "0.1.0"
}
