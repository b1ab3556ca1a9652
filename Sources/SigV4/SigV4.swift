// SigV4: AWS Signature Version 4, for those who sign and for those who verify.
//
// The same stages serve the client core (headers, presigned URLs, chunked uploads) and
// the practice account, which verifies what any AWS client sends it:
// canonical request -> string to sign -> signing key -> signature.
//
// Decisions:
// - Each stage is a function of its own, so that a test can see where two signers part.
// - The rules are AWS's ("Create a signed AWS API request", IAM user guide; "Authenticating
//   Requests", S3 API reference); where they leave a choice, botocore's is taken.
// - A signer trusts that path and query are percent-encoded as they will be sent, and
//   only encodes bytes that no URL may carry.
// - A verifier takes the canonical form of AWS first and then those of clients that sign
//   the bytes as sent (`+` for a space, unescaped punctuation); they name the same request.
// - SigV4a (asymmetric, several Regions) signs the same canonical request with a key pair derived
//   from the secret; a verifier accepts it where its caller asks for it, and refuses it and the
//   older signature versions by name elsewhere.
// - Signatures are compared in constant time; secrets never appear in a description.
