import Digests
import Wire

/// The text whose keyed hash, or ECDSA signature, is the signature.
package func stringToSign(
  _ canonicalRequest: String, date: String, scope: CredentialScope, algorithm: SignatureAlgorithm = .hmac
) -> String {
  "\(algorithm.rawValue)\n\(date)\n\(scope)\n\(hexEncoded(sha256(canonicalRequest.utf8)))"
}

/// The key that the secret gives for one day, Region and service.
package func signingKey(secret: String, scope: CredentialScope) -> [UInt8] {
  var key = hmacSHA256(key: Array("AWS4\(secret)".utf8), scope.day)
  key = hmacSHA256(key: key, scope.region)
  key = hmacSHA256(key: key, scope.service)
  return hmacSHA256(key: key, "aws4_request")
}

/// The signature of a text: a string to sign, or the Base64 of an S3 POST policy. Lower-case hexadecimal.
package func signature(of text: String, secret: String, scope: CredentialScope) -> String {
  hexEncoded(hmacSHA256(key: signingKey(secret: secret, scope: scope), text))
}

/// The signature of a canonical request by the context's algorithm.
func signature(
  of canonical: CanonicalRequest, with credentials: Credentials, in context: SigningContext,
  _ stamp: SigningStamp
) -> String {
  let hash = hexEncoded(sha256(canonical.bytes))
  let text = "\(context.algorithm.rawValue)\n\(stamp.date)\n\(stamp.scopeText)\n\(hash)"
  return switch context.algorithm {
  case .hmac: signature(of: text, secret: credentials.secretAccessKey, scope: stamp.scope)
  case .ecdsa: asymmetricSignature(of: text, with: credentials)
  }
}

/// A context's date as signatures carry it, written once.
struct SigningStamp {
  /// `20261123T161047Z`
  let date: String
  let scope: CredentialScope
  /// The scope as a text.
  let scopeText: String

  init(_ context: SigningContext) {
    date = context.date.amzDate
    scope = CredentialScope(
      day: String(date.prefix(8)), region: context.algorithm == .hmac ? context.region : "",
      service: context.service)
    scopeText = scope.description
  }
}
