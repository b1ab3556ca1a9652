import ServiceModels
import SigV4
import Wire

extension AWSClient {
  /// The longest that a presigned URL may last: seven days, in seconds (S3 user guide, "Download and upload objects
  /// with presigned URLs").
  package static let longestPresignedExpiry = 604_800

  /// The URL that carries out an operation for whoever holds it, for so many seconds (SigV4, "Authenticating
  /// requests: using query parameters"). Nothing is sent but what credentials and sessions take. With temporary
  /// credentials it ends with them.
  ///
  /// `method` takes the place of the operation's own: `GET` for a call of the query protocol.
  /// - Throws: `AWSError`; `.validation` for an expiry that no service takes.
  package func presignedURL(
    _ service: String, _ operation: String, _ input: Value, expires seconds: Int, method: String? = nil
  ) async throws(AWSError) -> String {
    guard (1...AWSClient.longestPresignedExpiry).contains(seconds) else {
      throw .validation([
        "A presigned URL lasts from 1 second to \(AWSClient.longestPresignedExpiry) (seven days), not \(seconds)."
      ])
    }
    let model = try model(service)
    guard let found = model.operation(operation) else {
      throw .unknownOperation(service: service, operation: operation)
    }
    try validate(input, found)
    let call = AWSCall(
      service: service, operation: found, input: input, region: try region(for: model, CallOptions()))
    let endpoint = try await endpoint(for: call, model, CallOptions())
    var request: HTTPRequest
    do {
      request = try found.request(input, endpoint: endpoint, checksum: nil, tokens: seams.token)
    } catch {
      throw .unbuildable(error.description)
    }
    if let method { request.method = method }
    moveFormIntoQuery(&request)
    switch try await authentication(for: request, endpoint, found) {
    case .none: return request.url
    case .bearer:
      throw .validation(["\(operation) of \(service) is authenticated by a token, which no URL may carry."])
    case .signature(let keys, var context):
      // Nobody knows yet what will be sent to S3; other services want to know the body.
      context.payload = context.addsContentSHA256Header ? .unsigned : .bytes
      context.addsContentSHA256Header = false
      return presigned(request, with: keys, in: context, expires: seconds).url
    }
  }

  /// The parameters of the query protocols go into the URL, as there will be no body (botocore
  /// `SigV4QueryAuth._modify_request_before_signing`).
  private func moveFormIntoQuery(_ request: inout HTTPRequest) {
    guard request.headers["Content-Type"]?.hasPrefix("application/x-www-form-urlencoded") == true,
      case .bytes(let form) = request.body
    else { return }
    request.query += (request.query.isEmpty ? "" : "&") + String(decoding: form, as: UTF8.self)
    request.body = .empty
    request.headers["Content-Type"] = nil
    request.headers["Content-Length"] = nil
  }
}
