// PracticeAccount: an AWS account in a box.
//
// A request comes in as HTTP, just as a client sent it; the answer goes out as the service
// would give it. In between: the signature is verified, policies are evaluated, a handler
// changes the state, and the state is made durable before the answer leaves.
//
// Decisions:
// - No network, no files, no system clock. What is kept goes through `AccountStore`, time comes from
//   a `PracticeClock`, chance from a seed that is part of the state. Here are the twins in memory;
//   the folder on disk and the machine's clock are with `PracticeServer`. The one exception: the
//   file that a large request's body was spooled to is read, piece by piece (`BodyReader`).
// - A handler is a function from the modelled input to the modelled output. It never sees a
//   wire format; `ServiceModels` reads and writes those.
// - The account asks its own policies, also when one service asks another (S3 and Macie asking
//   KMS): those answers are what a learner comes to see.
// - What AWS knows and does not say is kept as remarks (`remarks(since:)`).
// - An operation that is not built says so (`NotImplemented`); it never answers an empty success.
// - One lock around one account: a call sees the account before or after another, never between.
