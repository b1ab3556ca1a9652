import Wire

/// Why a request is not taken for one of the sender it names.
package struct SignatureError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Rule: Hashable, Sendable {
    /// There is no signature at all.
    case missing
    /// Something is missing from the signature, or cannot be read.
    case incomplete
    /// A signature of another kind: version 2, SigV4a.
    case unsupported
    /// The date is too far from now.
    case skewed(Skew)
    /// A presigned URL whose time is over.
    case expired
    /// Another key, or another request than the one that was signed.
    case mismatch
    /// The body is not the one whose hash was signed.
    case contentMismatch
    /// Headers that must be signed and were not, lower case.
    case headersNotSigned([String])
  }

  package enum Skew: Hashable, Sendable { case early, late }

  package var rule: Rule
  /// In the words of AWS's query and JSON services; S3 has its own for each rule.
  package var message: String
  /// What the verifier made of the request; nil where it did not come that far.
  package var canonicalRequest: String?
  package var stringToSign: String?
  /// What the sender named; nil where that could not be read.
  package var authorization: ParsedAuthorization?

  package init(
    _ rule: Rule, _ message: String, canonicalRequest: String? = nil, stringToSign: String? = nil,
    authorization: ParsedAuthorization? = nil
  ) {
    self.rule = rule
    self.message = message
    self.canonicalRequest = canonicalRequest
    self.stringToSign = stringToSign
    self.authorization = authorization
  }

  package var description: String { message }
}
