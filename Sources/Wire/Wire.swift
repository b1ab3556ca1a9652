// Wire: what travels between a client and a service, as plain values.
//
// Requests, responses, headers and points in time, shared by the signer, the
// protocols, the client core and the practice account, so that a request built by
// one of them can be checked by another without either knowing the other.
//
// Decisions:
// - Paths and queries are kept percent-encoded exactly as they go out. A signature
//   covers those bytes; decoding early and encoding again would change them.
// - Headers keep their order and their spelling; look-ups ignore case (RFC 9110 5.1).
// - No I/O, no Foundation, no cryptography (that is `Digests`).
