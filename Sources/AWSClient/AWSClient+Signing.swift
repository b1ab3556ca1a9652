import ServiceModels
import SigV4
import Wire

/// How one request shows whose it is.
enum Authentication {
  case none
  /// An `Authorization: Bearer` header (RFC 6750, section 2.1).
  case bearer(String)
  case signature(Credentials, SigningContext)
}

extension AWSClient {
  /// Authenticates one attempt, with the corrected clock and credentials that are still fresh.
  func sign(
    _ request: HTTPRequest, _ endpoint: Endpoint, _ operation: Operation
  ) async throws(AWSError) -> HTTPRequest {
    switch try await authentication(for: request, endpoint, operation) {
    case .none: return request
    case .bearer(let token):
      var request = request
      request.headers["Authorization"] = "Bearer \(token)"
      return request
    case .signature(let keys, let context): return signed(request, with: keys, in: context)
    }
  }

  /// The way that endpoint, operation and configuration agree on (botocore `handlers.set_operation_specific_signer`,
  /// `_set_auth_scheme_preference_signer`).
  func authentication(
    for request: HTTPRequest, _ endpoint: Endpoint, _ operation: Operation
  ) async throws(AWSError) -> Authentication {
    guard configuration.signsRequests, operation.authType != "none" else { return .none }
    if let token = configuration.bearerTokens.own(of: operation.model) { return .bearer(token) }
    switch endpoint.authScheme {
    case "none": return .none
    case "bearer":
      return .bearer(try await configuration.bearerTokens.identityCenterToken(credentials.services))
    case "sigv4", "v4":
      return .signature(try await credentials.credentials(), signingContext(request, endpoint, operation))
    case "sigv4a":
      var context = signingContext(request, endpoint, operation)
      context.algorithm = .ecdsa
      return .signature(try await credentials.credentials(), context)
    case "sigv4-s3express":
      guard let bucket = DirectoryBuckets.bucket(of: request) else {
        throw .endpoint("The request to \(request.host) names no directory bucket to open a session for.")
      }
      var context = signingContext(request, endpoint, operation)
      context.sessionTokenName = SigningContext.sessionTokenOfDirectoryBuckets
      return .signature(try await session(for: bucket, region: endpoint.signingRegion), context)
    default:
      throw .endpoint(
        "The endpoint asks for requests authenticated by \"\(endpoint.authScheme)\", which is unknown here.")
    }
  }

  /// How to sign with keys: the context for the endpoint's Region and name, with the clock corrected.
  func signingContext(
    _ request: HTTPRequest, _ endpoint: Endpoint, _ operation: Operation
  ) -> SigningContext {
    let followsS3 = signingNamesLikeS3.contains(endpoint.signingName)
    let payload: PayloadHash
    if operation.hasUnsignedPayload || operation.authType == "v4-unsigned-body" {
      payload = .unsigned
    } else if request.headers["X-Amz-Trailer"] != nil {
      payload = .streamingUnsignedTrailer
    } else if let known = request.headers["X-Amz-Content-SHA256"] {
      // Made when the file was read for its checksum.
      payload = .hex(known)
    } else if case .file = request.body, followsS3, request.scheme == "https" {
      // TLS guards a streamed body; the checksum header guards it end to end.
      payload = .unsigned
    } else {
      payload = .bytes
    }
    return SigningContext(
      region: endpoint.signingRegion, service: endpoint.signingName,
      date: clock().adding(seconds: skew.offset),
      payload: payload, normalizesPath: !followsS3, doubleEncodesPath: endpoint.doubleEncodesPath,
      addsContentSHA256Header: followsS3)
  }
}

/// The signing names whose requests are signed by S3's rules: the path as it is sent, the content hash in a header
/// (botocore `handlers.S3_SIGNING_NAMES`).
private let signingNamesLikeS3: Set<String> = ["s3", "s3-outposts", "s3-object-lambda", "s3express"]
