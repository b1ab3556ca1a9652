import OrderedJSON
import SigV4
import Wire

/// The credentials that ECS, EKS or Greengrass hand to a container (AWS SDKs reference, "Container credential
/// provider"; botocore `ContainerProvider`).
struct ContainerCredentials: CredentialProvider {
  let sources: CredentialSources

  var method: String { "container-role" }

  private static let address = "169.254.170.2"
  private static let hosts = [address, "169.254.170.23", "fd00:ec2::23", "localhost"]
  private static let attempts = 3
  /// Seconds.
  private static let timeout = 2.0
  private static let pause = 1.0

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    let environment = sources.environment
    let url: String
    if let path = given(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      url = "http://\(ContainerCredentials.address)\(path)"
    } else if let full = given(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI") {
      url = full
    } else {
      return nil
    }
    let request = try configured { () throws(ConfigurationError) in try question(url) }
    let answer = try await ask(request, services)
    guard let id = answer["AccessKeyId"]?.string, let secret = answer["SecretAccessKey"]?.string,
      let token = answer["Token"]?.string, let end = cachedTime(answer["Expiration"])
    else {
      throw failure("the answer lacks AccessKeyId, SecretAccessKey, Token or Expiration")
    }
    return Credentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: end,
      accountID: answer["AccountId"]?.string)
  }

  private func failure(_ reason: String) -> AWSError {
    .configuration(.retrieval(provider: method, reason: "Error retrieving metadata: \(reason)"))
  }

  private func question(_ url: String) throws(ConfigurationError) -> MetadataRequest {
    var headers: Headers = ["Accept": "application/json"]
    if let token = try authorization() {
      // A line end would begin a header of its own.
      guard token.utf8.allSatisfy({ $0 != 0x0D && $0 != 0x0A && $0 != 0 }) else {
        throw .refusedValue("Auth token value is not a legal header value")
      }
      headers["Authorization"] = token
    }
    guard let request = MetadataRequest("GET", url, headers) else {
      throw .refusedValue("AWS_CONTAINER_CREDENTIALS_FULL_URI is not an http or https URL")
    }
    guard request.request.scheme == "https" || ContainerCredentials.isAllowed(request.hostName) else {
      throw .refusedValue(
        "Unsupported host '\(request.hostName)'.  Can only retrieve metadata from a loopback address or one of "
          + "these hosts: \(ContainerCredentials.hosts.joined(separator: ", "))")
    }
    return request
  }

  private func authorization() throws(ConfigurationError) -> String? {
    guard let path = given(sources.environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else {
      return sources.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    }
    guard let text = try sources.read(path) else { throw .noSuchFile(path: path) }
    return text
  }

  /// Over plain HTTP the token must stay on the machine, or go to the addresses of ECS and EKS.
  static func isAllowed(_ host: String) -> Bool {
    if hosts.contains(host) { return true }
    guard let bytes = addressBytes(host) else { return false }
    if bytes.count == 4 { return bytes[0] == 127 }
    return bytes == [UInt8](repeating: 0, count: 15) + [1] || bytes == addressBytes("fd00:ec2::23")
  }

  private func ask(_ request: MetadataRequest, _ services: CredentialServices) async throws(AWSError) -> JSON
  {
    var attempt = 1
    while true {
      let reason: String
      do {
        let (status, text) = try await request.send(
          services.transport, seconds: ContainerCredentials.timeout)
        if status == 200 {
          if let answer = try? JSON.parse(text), answer.object != nil { return answer }
          reason = "Unable to parse JSON returned from container metadata services"
        } else {
          // The body is not quoted: nobody knows what it repeats.
          reason = "Received non 200 response \(status) from container metadata"
        }
      } catch {
        if error.kind == .cancelled { throw .cancelled }
        reason = "Received error when attempting to retrieve container metadata: \(error.message)"
      }
      guard attempt < ContainerCredentials.attempts else { throw failure(reason) }
      await services.seams.sleep(ContainerCredentials.pause)
      if Task.isCancelled { throw .cancelled }
      attempt += 1
    }
  }
}
