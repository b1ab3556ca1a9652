import ServiceModels
import SigV4

/// A role assumed with a token that an identity provider wrote into a file (AWS STS `AssumeRoleWithWebIdentity`).
struct WebIdentityCredentials: CredentialProvider {
  let sources: CredentialSources
  let profile: String
  let usesEnvironment: Bool

  var method: String { "assume-role-with-web-identity" }

  /// The environment's variable counts even if it is empty, as in botocore.
  private func setting(_ key: String, _ variable: String) -> String? {
    (usesEnvironment ? sources.environment[variable] : nil) ?? sources.values(profile)[key]
  }

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    guard let path = setting("web_identity_token_file", "AWS_WEB_IDENTITY_TOKEN_FILE"), !path.isEmpty else {
      return nil
    }
    guard let arn = setting("role_arn", "AWS_ROLE_ARN"), !arn.isEmpty else {
      // botocore's words, whose third piece lacks the blank.
      throw .configuration(
        .invalidConfiguration(
          "The provided profile or the current environment is configured to assume role with web identity but has "
            + "no role ARN configured. Ensure that the profile has the role_arnconfiguration set or the "
            + "AWS_ROLE_ARN env var is set."))
    }
    let role = AssumedRole(arn: arn, sessionName: setting("role_session_name", "AWS_ROLE_SESSION_NAME"))
    if let kept = role.cached(sources.roleCache, now: services.clock()) { return kept }
    guard let token = try configured({ () throws(ConfigurationError) in try sources.read(path) }) else {
      throw .configuration(.noSuchFile(path: path))
    }
    return try await role.assume(
      "AssumeRoleWithWebIdentity", ["WebIdentityToken": .string(token)], keys: nil, services,
      sources.roleCache)
  }
}
