// ShellRuntime: runs what ShellSyntax reads.
//
// One `ShellSession` per lab run: variables, functions, options and the working directory outlive a block and go
// through a snapshot. The room never changes the process it lives in: no chdir, no environment, no signal handler;
// a session's directory and variables are values of its own. bash is the reference; what differs is a row with a
// reason in Tests/ShellCases.
//
// Decisions:
// - The interpreter is plain synchronous code on a thread of its own, one more for each stage of a pipeline. Blocking
//   there costs Swift's cooperative pool nothing; what is async (the `aws` command, the policy's question, events)
//   crosses over in `Bridge` and `Mailbox`.
// - Standard streams are `Descriptor` values, real descriptors only where a child process needs one. `echo`, `cat <<EOF`
//   and `$(aws ...)` therefore start nothing and open nothing.
// - Every child is in a process group of its own, so that cancelling reaches what it started too.
// - Values are text. Bytes that are no UTF-8 pass through pipes and files untouched, and are repaired only where they
//   enter a variable.
// - A block is a script's life for `trap ... EXIT` and for `&`: the trap runs and background commands are awaited when
//   the block ends.
