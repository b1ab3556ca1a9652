import Digests
import Wire

/// The text whose keyed hash is the signature.
package func stringToSign(_ canonicalRequest: String, date: String, scope: CredentialScope) -> String {
  "\(signatureAlgorithm)\n\(date)\n\(scope)\n\(hexEncoded(sha256(canonicalRequest.utf8)))"
}

/// The key that the secret gives for one day, Region and service.
package func signingKey(secret: String, scope: CredentialScope) -> [UInt8] {
  [scope.day, scope.region, scope.service, "aws4_request"].reduce(Array("AWS4\(secret)".utf8)) {
    hmacSHA256(key: $0, $1)
  }
}

/// The signature of a text: a string to sign, or the Base64 of an S3 POST policy. Lower-case hexadecimal.
package func signature(of text: String, secret: String, scope: CredentialScope) -> String {
  hexEncoded(hmacSHA256(key: signingKey(secret: secret, scope: scope), text))
}
