import OrderedJSON
import SigV4
import Wire

/// The role of the EC2 instance this runs on, from its metadata service, version 2 (EC2 user guide, "Use IMDS";
/// botocore `InstanceMetadataFetcher`).
///
/// The chain's end: on another machine nothing answers, which must not take long. Where no connection comes about,
/// the second, older way is not tried.
struct InstanceCredentials: CredentialProvider {
  let sources: CredentialSources
  /// Whose settings count.
  let profile: String

  var method: String { "iam-role" }

  private static let address = "http://169.254.169.254"
  private static let addressV6 = "http://[fd00:ec2::254]"
  private static let rolePath = "latest/meta-data/iam/security-credentials/"

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    if isTrue(sources.environment["AWS_EC2_METADATA_DISABLED"]) { return nil }
    let service = Service(
      base: try configured { () throws(ConfigurationError) in try base() },
      seconds: Double(number("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout")),
      attempts: number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts"),
      transport: services.transport)
    do throws(Silence) {
      let token = try await service.token()
      if token == nil, isTrue(setting("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled")) {
        throw .refused
      }
      guard let role = try await service.get(InstanceCredentials.rolePath, token, { !$0.isEmpty }),
        let text = try await service.get(
          InstanceCredentials.rolePath + role, token, { (try? JSON.parse($0)) != nil }),
        let answer = try? JSON.parse(text)
      else { return nil }
      return keys(answer, services)
    } catch {
      switch error {
      case .nothing: return nil
      case .cancelled: throw .cancelled
      case .refused:
        throw .configuration(
          .metadata("Unable to retrieve token for use in IMDSv2 call and IMDSv1 has been disabled"))
      }
    }
  }

  /// Nil if a member is missing: the service answers 200 with an error message inside.
  private func keys(_ answer: JSON, _ services: CredentialServices) -> Credentials? {
    guard let id = answer["AccessKeyId"]?.string, let secret = answer["SecretAccessKey"]?.string,
      let token = answer["Token"]?.string, let end = cachedTime(answer["Expiration"])
    else { return nil }
    return Credentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: extended(end, services),
      accountID: answer["AccountId"]?.string)
  }

  /// When the service cannot give fresh keys it gives the old ones; they are then used beyond their end, and asked for
  /// again after 15 minutes and some, so that not every instance asks at once.
  private func extended(_ end: Timestamp, _ services: CredentialServices) -> Timestamp {
    let window = 15 * 60 + 120 + (services.seams.random() * 480).rounded(.down)
    let now = services.clock()
    return now < end.adding(seconds: -window) ? end : now.adding(seconds: window)
  }

  // MARK: Settings

  private func setting(_ variable: String, _ key: String) -> String? {
    given(sources.environment, variable) ?? sources.values(profile)[key]
  }

  private func number(_ variable: String, _ key: String) -> Int {
    setting(variable, key).flatMap { Int($0) }.map { min(max($0, 1), 3600) } ?? 1
  }

  /// Where the service is.
  private func base() throws(ConfigurationError) -> String {
    let mode = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")
    if let mode, mode.lowercased() != "ipv4", mode.lowercased() != "ipv6" {
      throw .refusedValue(
        "Invalid EC2 Instance Metadata endpoint mode: \(mode) Valid endpoint modes (case-insensitive): "
          + "('ipv4', 'ipv6').")
    }
    if let own = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint") {
      guard MetadataRequest("GET", own) != nil else {
        throw .refusedValue("Invalid endpoint EC2 Instance Metadata endpoint: \(own)")
      }
      return own
    }
    let isV6 =
      mode?.lowercased() == "ipv6" || mode == nil && isTrue(setting("AWS_IMDS_USE_IPV6", "imds_use_ipv6"))
    return isV6 ? InstanceCredentials.addressV6 : InstanceCredentials.address
  }

  // MARK: The service

  /// Why there is nothing from the service.
  private enum Silence: Error { case nothing, refused, cancelled }

  private struct Service {
    let base: String
    let seconds: Double
    let attempts: Int
    let transport: any Transport

    /// The session token; nil where only the older version answers.
    func token() async throws(Silence) -> String? {
      var isThere = false
      for _ in 0..<attempts {
        let answer = try await send(
          "PUT", "latest/api/token", ["X-aws-ec2-metadata-token-ttl-seconds": "21600"], &isThere)
        switch answer?.status {
        case 200: return answer?.text
        case 404, 403, 405: return nil
        case 400: throw .nothing
        default: if isThere, answer == nil { return nil }
        }
      }
      if !isThere { throw .nothing }
      return nil
    }

    /// The text that passes `isGood`; nil after all attempts.
    func get(
      _ path: String, _ token: String?, _ isGood: (String) -> Bool
    ) async throws(Silence) -> String? {
      var isThere = false
      for _ in 0..<attempts {
        var headers: Headers = [:]
        if let token { headers["X-aws-ec2-metadata-token"] = token }
        if let answer = try await send("GET", path, headers, &isThere), answer.status == 200,
          !answer.text.isEmpty,
          isGood(answer.text)
        {
          return answer.text
        }
      }
      return nil
    }

    /// Nil if nothing came back; `isThere` says whether a connection came about.
    private func send(
      _ method: String, _ path: String, _ headers: Headers, _ isThere: inout Bool
    ) async throws(Silence) -> (status: Int, text: String)? {
      let url = base.hasSuffix("/") ? base + path : base + "/" + path
      guard let request = MetadataRequest(method, url, headers) else { throw .nothing }
      do {
        let answer = try await request.send(transport, seconds: seconds)
        isThere = true
        return answer
      } catch {
        if error.kind == .cancelled { throw .cancelled }
        if error.requestMayHaveArrived { isThere = true }
        return nil
      }
    }
  }
}
