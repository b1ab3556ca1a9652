import ServiceModels
import SigV4
import Wire

extension AWSClient {
  /// Signs one attempt with the corrected clock and credentials that are still fresh.
  func sign(_ request: HTTPRequest, _ endpoint: Endpoint, _ operation: Operation) async throws(AWSError)
    -> HTTPRequest
  {
    guard configuration.signsRequests, endpoint.authScheme != "none", operation.authType != "none" else {
      return request
    }
    guard endpoint.authScheme == "sigv4" || endpoint.authScheme == "v4" else {
      throw .endpoint("Signing with \(endpoint.authScheme) is not supported yet.")
    }
    let keys = try await credentials.credentials()
    return signed(request, with: keys, in: signingContext(request, endpoint, operation))
  }

  func signingContext(_ request: HTTPRequest, _ endpoint: Endpoint, _ operation: Operation) -> SigningContext
  {
    let isS3 = operation.model.service == "s3"
    let payload: PayloadHash
    if operation.hasUnsignedPayload || operation.authType == "v4-unsigned-body" {
      payload = .unsigned
    } else if request.headers["X-Amz-Trailer"] != nil {
      payload = .streamingUnsignedTrailer
    } else if let known = request.headers["X-Amz-Content-SHA256"] {
      // Made when the file was read for its checksum.
      payload = .hex(known)
    } else if case .file = request.body, isS3, request.scheme == "https" {
      // TLS guards a streamed body; the checksum header guards it end to end.
      payload = .unsigned
    } else {
      payload = .bytes
    }
    return SigningContext(
      region: endpoint.signingRegion, service: endpoint.signingName,
      date: clock().adding(seconds: skew.offset),
      payload: payload, normalizesPath: !isS3, doubleEncodesPath: endpoint.doubleEncodesPath,
      addsContentSHA256Header: isS3)
  }
}
