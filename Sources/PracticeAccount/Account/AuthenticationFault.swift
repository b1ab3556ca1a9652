import ServiceModels
import SigV4
import Wire

/// A failed signature, said as each service says it (error tables of each API reference).
struct AuthenticationFault {
  enum Family {
    case s3, ec2, query, json, restJSON

    init(_ model: ServiceModel) {
      switch model.protocolName {
      case .restXML: self = .s3
      case .ec2: self = .ec2
      case .query: self = .query
      case .json: self = .json
      case .restJSON: self = .restJSON
      }
    }
  }

  let family: Family
  let now: Timestamp

  func unknownKey(_ id: String) -> ServiceFault {
    let invalid = "The security token included in the request is invalid."
    return switch family {
    case .s3:
      fault(
        "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403,
        ["AWSAccessKeyId": .string(id)])
    case .ec2: fault("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    case .query: fault("InvalidClientTokenId", invalid, 403)
    case .json: fault("UnrecognizedClientException", invalid)
    case .restJSON: fault("UnrecognizedClientException", invalid, 403)
    }
  }

  /// Temporary credentials whose time is over.
  var expired: ServiceFault {
    let text = "The security token included in the request is expired"
    return switch family {
    case .s3: fault("ExpiredToken", "The provided token has expired.", 400)
    case .ec2: fault("RequestExpired", "Request has expired.", 400)
    case .query: fault("ExpiredToken", text, 403)
    case .json: fault("ExpiredTokenException", text, 400)
    case .restJSON: fault("ExpiredTokenException", text, 403)
    }
  }

  /// A session token with a key that has none, or another than the key's.
  func strayToken(_ id: String) -> ServiceFault {
    guard family == .s3 else { return unknownKey(id) }
    return fault("InvalidToken", "The provided token is malformed or otherwise invalid.")
  }

  func described(_ error: SignatureError) -> ServiceFault {
    switch family {
    case .s3: s3(error)
    case .ec2: ec2(error)
    case .query:
      coded(
        error, missing: "MissingAuthenticationToken", incomplete: "IncompleteSignature",
        mismatch: "SignatureDoesNotMatch", 403)
    case .json:
      coded(
        error, missing: "MissingAuthenticationTokenException", incomplete: "IncompleteSignatureException",
        mismatch: "InvalidSignatureException", 400)
    case .restJSON:
      coded(
        error, missing: "MissingAuthenticationTokenException", incomplete: "IncompleteSignatureException",
        mismatch: "InvalidSignatureException", 403)
    }
  }

  private func coded(
    _ error: SignatureError, missing: String, incomplete: String, mismatch: String, _ status: Int
  ) -> ServiceFault {
    switch error.rule {
    case .missing: fault(missing, error.message, status)
    case .incomplete, .unsupported, .headersNotSigned: fault(incomplete, error.message, 400)
    case .skewed, .expired, .mismatch, .contentMismatch: fault(mismatch, error.message, status)
    }
  }

  private func ec2(_ error: SignatureError) -> ServiceFault {
    switch error.rule {
    case .skewed, .expired: fault("RequestExpired", "Request has expired.", 400)
    case .missing: fault("MissingAuthenticationToken", error.message, 401)
    default: fault("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    }
  }

  private func s3(_ error: SignatureError) -> ServiceFault {
    let given = error.authorization
    switch error.rule {
    case .missing: return fault("AccessDenied", "Access Denied", 403)
    case .unsupported:
      return fault(
        "InvalidRequest",
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
    case .incomplete:
      return fault("AuthorizationHeaderMalformed", "The authorization header is malformed; \(error.message)")
    case .headersNotSigned(let names):
      return fault(
        "AccessDenied", "There were headers present in the request which were not signed", 403,
        ["HeadersNotSigned": .string(names.joined(separator: ", "))])
    case .contentMismatch:
      return fault("XAmzContentSHA256Mismatch", error.message)
    case .expired:
      return fault(
        "AccessDenied", "Request has expired", 403, ["ServerTime": .string(now.wholeSeconds.iso8601)])
    case .skewed:
      return fault(
        "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.",
        403,
        [
          "RequestTime": .string(given?.date.amzDate ?? ""), "ServerTime": .string(now.wholeSeconds.iso8601),
          "MaxAllowedSkewMilliseconds": "900000",
        ])
    case .mismatch:
      func spelled(_ text: String?) -> String {
        (text ?? "").utf8.map { hexEncoded([$0]) }.joined(separator: " ")
      }
      return fault(
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        403,
        [
          "AWSAccessKeyId": .string(given?.accessKeyID ?? ""),
          "StringToSign": .string(error.stringToSign ?? ""),
          "SignatureProvided": .string(given?.signature ?? ""),
          "StringToSignBytes": .string(spelled(error.stringToSign)),
          "CanonicalRequest": .string(error.canonicalRequest ?? ""),
          "CanonicalRequestBytes": .string(spelled(error.canonicalRequest)),
        ])
    }
  }
}
