import ServiceModels
import SigV4
import Wire

extension AWSClient {
  /// The URL that carries out an operation for whoever holds it, for so many seconds (SigV4, "Authenticating
  /// requests: using query parameters"). Nothing is sent.
  package func presignedURL(
    _ service: String, _ operation: String, _ input: Value, expires seconds: Int
  ) async throws(AWSError) -> String {
    let model = try model(service)
    guard let found = model.operation(operation) else {
      throw .unknownOperation(service: service, operation: operation)
    }
    try validate(input, found)
    let call = AWSCall(
      service: service, operation: found, input: input, region: try region(for: model, CallOptions()))
    let endpoint = try endpoint(for: call, model, CallOptions())
    let request: HTTPRequest
    do {
      request = try found.request(input, endpoint: endpoint, checksum: nil, tokens: seams.token)
    } catch {
      throw .unbuildable(error.description)
    }
    guard configuration.signsRequests else { return request.url }
    let keys = try await credentials.credentials()
    var context = signingContext(request, endpoint, found)
    context.payload = .unsigned
    context.addsContentSHA256Header = false
    return presigned(request, with: keys, in: context, expires: seconds).url
  }
}
