import SigV4

/// The AWS CLI v2's chain, in its order (AWS CLI user guide, "Configuration and credential precedence"; botocore
/// `credentials.create_credential_resolver`). The first source that has something wins; one that is asked for and
/// cannot give it ends the search.
package struct CredentialChain: CredentialProvider {
  let providers: [any CredentialProvider]

  package var method: String { "chain" }

  /// - Parameter usesEnvironment: false if `--profile` was given: then the environment's keys and its web identity do
  ///   not count.
  init(_ sources: CredentialSources, profile: String, usesEnvironment: Bool) {
    var all: [any CredentialProvider] = []
    if usesEnvironment { all.append(EnvironmentCredentials(environment: sources.environment)) }
    all.append(RoleCredentials(sources: sources, profile: profile))
    all += CredentialChain.ofProfile(sources, profile, usesEnvironment: usesEnvironment).providers
    all += [
      LegacyKeyFile(sources: sources), BotoFile(sources: sources), ContainerCredentials(sources: sources),
      InstanceCredentials(sources: sources, profile: profile),
    ]
    providers = all
  }

  private init(_ providers: [any CredentialProvider]) { self.providers = providers }

  /// What a profile itself can have, a role with a source aside: also the chain of a `source_profile`.
  static func ofProfile(
    _ sources: CredentialSources, _ profile: String, usesEnvironment: Bool
  ) -> CredentialChain {
    CredentialChain([
      WebIdentityCredentials(sources: sources, profile: profile, usesEnvironment: usesEnvironment),
      IdentityCenterCredentials(sources: sources, profile: profile),
      ProfileKeys(sources: sources, profile: profile, file: .credentials),
      LoginCredentials(sources: sources, profile: profile),
      ProcessCredentials(sources: sources, profile: profile),
      ProfileKeys(sources: sources, profile: profile, file: .config),
    ])
  }

  package func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    try await found(services)?.keys
  }

  /// The keys, and which provider had them.
  package func found(_ services: CredentialServices) async throws(AWSError)
    -> (method: String, keys: Credentials)?
  {
    for provider in providers {
      if let keys = try await provider.credentials(services) { return (provider.method, keys) }
      if Task.isCancelled { throw .cancelled }
    }
    return nil
  }
}
