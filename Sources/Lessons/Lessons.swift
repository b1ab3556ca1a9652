// Lessons: what a Markdown lab says, as plain values.
//
// Any Markdown file opens. Headings say what is a step, a checkpoint or the teardown; fences say what runs; HTML
// comments, fence attributes and front matter may add ids, checks, hints, waits and notes, and stay invisible wherever
// Markdown is rendered (`docs/LESSON-FORMAT.md`). A file with none of them runs all the same: what it does not say is
// inferred, and marked as inferred.
//
// Decisions:
// - cmark-gfm parses; nothing of it leaves this room. The model is our own values, each with the lines it came from.
// - This room reads files and nothing else: it runs no command, asks no account, and judges no check. A check here is
//   a typed question; the engine asks it.
// - A lesson that parses at all is a lesson. What is wrong with it is a `Diagnostic` beside it; only a file that
//   cannot be read as text is a `LessonError`.
// - A section is known by its id (its heading's slug, or one given), never by its position.
// - `Diagnostic` and its one renderer live here because every room above that talks to a reader can see this one.
