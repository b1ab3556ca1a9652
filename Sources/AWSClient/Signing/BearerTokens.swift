import ServiceModels

/// Where tokens come from for services that take them instead of signatures.
package struct BearerTokens: Sendable {
  /// Tokens of single services by signing name (`bedrock`), from `AWS_BEARER_TOKEN_*`.
  var environment: [String: String] = [:]
  /// Where the login of IAM Identity Center left its token.
  var sources: CredentialSources?
  var profile: String?

  package init() {}

  init(_ sources: CredentialSources, profile: String) {
    self.sources = sources
    self.profile = profile
    let prefix = "AWS_BEARER_TOKEN_"
    for name in BearerTokens.services.keys {
      let variable = prefix + name.uppercased().map { $0 == "-" || $0 == " " ? "_" : String($0) }.joined()
      environment[name] = given(sources.environment, variable)
    }
  }

  /// The signing names that take a token of their own (botocore `get_bearer_auth_supported_services`), and those of
  /// their models that offer `httpBearerAuth`.
  private static let services: [String: Set<String>] = ["bedrock": ["bedrock", "bedrock-runtime"]]

  /// The token made for one service: where there is one, it takes the place of a signature.
  func own(of model: ServiceModel) -> String? {
    guard BearerTokens.services[model.signingName]?.contains(model.service) == true else { return nil }
    return environment[model.signingName]
  }

  /// The token that `aws sso login` left for the profile's `sso_session`, which services without signatures
  /// (CodeCatalyst) take.
  func identityCenterToken(_ services: CredentialServices) async throws(AWSError) -> String {
    let missing = ConfigurationError.identityCenterToken(
      reason: "the service takes bearer tokens only, and the profile names no sso_session to get one from",
      profile: profile)
    guard let sources, let profile, let name = sources.values(profile)["sso_session"] else {
      throw .configuration(missing)
    }
    guard let section = sources.files.config.section("sso-session", name) else {
      throw .configuration(
        .invalidConfiguration("The specified sso-session does not exist: \"\(name)\""))
    }
    guard let url = section.values["sso_start_url"], let region = section.values["sso_region"] else {
      throw .configuration(
        .invalidConfiguration(
          "The sso-session \"\(name)\" is missing its sso_start_url or its sso_region."))
    }
    let session = IdentityCenterSession(name: name, startURL: url, region: region)
    return try await IdentityCenterToken(sources: sources, session: session, profile: profile).value(services)
  }
}

extension BearerTokens: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// No token is shown.
  package var description: String { "BearerTokens(\(environment.keys.sorted().joined(separator: ", ")))" }

  package var debugDescription: String { description }

  package var customMirror: Mirror { Mirror(self, children: ["services": environment.keys.sorted()]) }
}
