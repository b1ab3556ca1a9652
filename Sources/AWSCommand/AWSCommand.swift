// AWSCommand: the AWS CLI v2's command line, in process.
//
// argv in, bytes and an exit code out. What a lesson's block or a shell gives as `aws ...` is read here by the
// rules of the CLI's own parser, turned into an operation and a typed input through the service models, called
// through `AWSClient`, and printed as the CLI prints it. The contract is v2 as of 2.36: its texts, its exit codes.
//
// It refuses: to start a pager, a prompt or an editor; to fetch http:// values; to do what is not built and
// pretend (custom commands that are missing say so, exit code 252).
//
// Decisions:
// - One failure type, `CommandFailure`, rendered in one place; every exit code is one of its cases.
// - The parser follows Python's argparse where the CLI's users can see it: abbreviations, `--x=y`, what counts
//   as an option's value, the order of complaints.
// - Nothing reads the process's environment, directory or streams: all come with the call.
// - Output is built from the same JSON value for every format; `--query` stands between.
import ServiceModels
