// PracticeServer: the practice account on a loopback port.
//
// One HTTP/1.1 listener on 127.0.0.1, built on SwiftNIO, that turns bytes into
// `HTTPRequest`, asks `PracticeAccount.respond(to:)`, and turns the answer into bytes.
//
// Decisions:
// - It knows HTTP and nothing of AWS. Signatures, services and errors are the account's.
// - Loopback only, and the Host header must say so: a web page in the learner's browser
//   must not be able to reach the account by a name that resolves to 127.0.0.1 (DNS
//   rebinding).
// - One request at a time per connection, as HTTP/1.1 orders answers; connections are
//   independent of each other.
// - A large body goes to a file beside the account and is never held whole in memory.

import NIOCore
import NIOHTTP1
import NIOPosix
import Wire
