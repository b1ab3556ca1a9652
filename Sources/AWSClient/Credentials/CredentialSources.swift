/// Reads a small file; nil if there is none.
package typealias FileReader = @Sendable (String) throws(ConfigurationError) -> String?
/// Writes a small file whole, for its owner alone, and makes the folders above it.
package typealias FileWriter = @Sendable (_ path: String, _ text: String) throws(ConfigurationError) -> Void

/// Where the providers look: files, environment, programs, the user. A value, read once.
package struct CredentialSources: Sendable {
  var files: SharedFiles
  var environment: [String: String]
  var read: FileReader
  var write: FileWriter
  var runProcess: ProcessRunner
  var prompts: any CredentialPrompts
  /// Where a `credential_process` runs.
  var directory: String?

  /// The profile's keys, of both files.
  func values(_ profile: String) -> [String: String] { files.profile(profile).values }

  /// The path with `~` put in full; nil if there is no `HOME`.
  func expanded(_ path: String) -> String? {
    guard path.hasPrefix("~/") else { return path }
    return given(environment, "HOME").map { $0 + path.dropFirst() }
  }

  /// The keys that the AWS CLI keeps of roles and of IAM Identity Center.
  var roleCache: CredentialFileCache { cache("~/.aws/cli/cache") }
  /// The tokens of IAM Identity Center.
  var tokenCache: CredentialFileCache { cache("~/.aws/sso/cache") }

  func cache(_ directory: String) -> CredentialFileCache {
    CredentialFileCache(directory: expanded(directory), read: read, write: write)
  }
}
