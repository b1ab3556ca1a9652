/// What is wrong with the configuration, or with what it names as the source of credentials; texts are the AWS CLI
/// v2's where it has one. No case holds a secret: answers that carry one are never quoted.
package enum ConfigurationError: Error, Hashable, Sendable {
  case profileNotFound(String)
  case unparsableFile(path: String, line: Int)
  case unreadableFile(path: String, reason: String)
  case unwritableFile(path: String, reason: String)
  /// A file that the configuration names is not there.
  case noSuchFile(path: String)
  /// `source` is "env", "shared-credentials-file", "config-file" or "assume-role".
  case partialCredentials(source: String, missing: String)
  case sourceProfileMissing(source: String, profile: String)
  /// A role's source is a role whose source is ...
  case roleLoop(profile: String, visited: [String])
  /// A combination of keys that cannot be meant; the sentence is botocore's.
  case invalidConfiguration(String)
  /// A provider ("custom-process", "container-role", ...) was asked and did not give credentials.
  case retrieval(provider: String, reason: String)
  /// The metadata service is there and refuses.
  case metadata(String)
  /// A header's value, a host or an address that must not be used.
  case refusedValue(String)
  /// The cached token of IAM Identity Center cannot be used.
  case identityCenterToken(reason: String, profile: String?)
  /// IAM Identity Center no longer accepts the session.
  case identityCenterSession(profile: String?)
  /// The token has ended and no new one came.
  case identityCenterRefresh(profile: String?)
  case loginToken(reason: String)
  case login(LoginFault)
  /// A role's MFA code is needed, and nobody can be asked for it here.
  case cannotAskMFA(serial: String, profile: String)
  /// The keys of a role that needs an MFA code have ended.
  case refreshNeedsMFA(profile: String)
  /// A source gave keys that have ended.
  case stillExpired
  case deviceCodeExpired
  case invalidRegion(String)
  case invalidValue(key: String, value: String, allowed: String)
  /// Something that is not built; `key` is what asked for it.
  case notSupported(feature: String, key: String, profile: String?)

  /// Why `aws login`'s session cannot be renewed (AWS Sign-In, `CreateOAuth2Token`).
  package enum LoginFault: Hashable, Sendable {
    case sessionEnded, missingPermission, other
  }
}

extension ConfigurationError {
  /// The sentence for the reader, the AWS CLI's own.
  package var message: String {
    switch self {
    case .profileNotFound(let name): "The config profile (\(name)) could not be found"
    case .unparsableFile(let path, _): "Unable to parse config file: \(path)"
    case .unreadableFile(let path, let reason): "Unable to read \(path): \(reason)"
    case .unwritableFile(let path, let reason): "Unable to write \(path): \(reason)"
    case .noSuchFile(let path): "[Errno 2] No such file or directory: '\(path)'"
    case .partialCredentials(let source, let missing):
      "Partial credentials found in \(source), missing: \(missing)"
    case .sourceProfileMissing(let source, let profile):
      "The source_profile \"\(source)\" referenced in the profile \"\(profile)\" does not exist."
    case .roleLoop(let profile, let visited):
      "Infinite loop in credential configuration detected. Attempting to load from profile \(profile) which has "
        + "already been visited. Visited profiles: \(pythonList(visited))"
    case .invalidConfiguration(let text), .refusedValue(let text): text
    case .retrieval(let provider, let reason):
      "Error when retrieving credentials from \(provider): \(reason)"
    case .metadata(let reason): "Error retrieving metadata: \(reason)"
    case .identityCenterToken(let reason, _): "Error loading SSO Token: \(reason)"
    case .identityCenterSession:
      "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO "
        + "session run aws sso login with the corresponding profile."
    case .identityCenterRefresh:
      "Error when retrieving token from sso: Token has expired and refresh failed"
    case .loginToken(let reason): "Error loading login session token: \(reason)"
    case .login(let fault): fault.message
    case .cannotAskMFA(let serial, let profile):
      "The profile \(profile) needs an MFA code for \(serial), which cannot be asked for here."
    case .refreshNeedsMFA: "Cannot refresh credentials: MFA token required."
    case .stillExpired: "Credentials were refreshed, but the refreshed credentials are still expired."
    case .deviceCodeExpired:
      "The pending authorization to retrieve an SSO token has expired. The device authorization flow to retrieve "
        + "an SSO token must be restarted."
    case .invalidRegion(let name): "Provided region_name '\(name)' doesn't match a supported format."
    case .invalidValue(let key, let value, let allowed):
      "Unknown \(key) value: \(value), valid values are \(allowed)"
    case .notSupported(let feature, let key, let profile):
      "Credentials from \(feature) are not supported yet (\(key)"
        + (profile.map { " of profile \($0)" } ?? "")
        + "). Use access keys, a credential_process, or another profile."
    }
  }

  /// What to do about it; empty where the sentence says so itself.
  package var advice: String {
    switch self {
    case .profileNotFound:
      "'aws configure list-profiles' lists the profiles; AWS_PROFILE and --profile choose one."
    case .unparsableFile(_, let line): "Look at its line \(line)."
    case .unreadableFile:
      "Check the permissions of the file, and AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE."
    case .unwritableFile: "Check the permissions of the folder and the space on the disk."
    case .noSuchFile: "Check the path in the profile or the environment."
    case .partialCredentials(source: "assume-role", _):
      "Give the role's profile a source_profile or a credential_source in ~/.aws/config."
    case .partialCredentials: "Set both the access key and its secret, or neither."
    case .sourceProfileMissing, .roleLoop: "Put the source_profile right in ~/.aws/config."
    case .invalidConfiguration: "Put the profile right in ~/.aws/config."
    case .retrieval(provider: "custom-process", _):
      "Run the profile's credential_process by hand to see why."
    case .retrieval, .metadata, .stillExpired:
      "Try again; if it stays so, look after the source of the credentials."
    case .refusedValue: "Check the AWS_CONTAINER_ and AWS_EC2_METADATA_ variables."
    case .identityCenterToken(_, let profile), .identityCenterSession(let profile),
      .identityCenterRefresh(let profile):
      "Run 'aws sso login\(option(profile))' in a terminal, then go on."
    case .loginToken, .login(.sessionEnded), .login(.other): "Run 'aws login' in a terminal, then go on."
    case .login(.missingPermission): "Ask whoever manages the account for signin:CreateOAuth2Token."
    case .cannotAskMFA(_, let profile), .refreshNeedsMFA(let profile):
      "Run 'aws sts get-caller-identity\(option(profile))' in a terminal and give the code there: "
        + "the keys are kept, and used here. Then go on."
    case .deviceCodeExpired: "Run 'aws sso login' again, and confirm within ten minutes."
    case .invalidRegion: "Give --region a Region such as us-east-1."
    case .invalidValue, .notSupported: ""
    }
  }

  private func option(_ profile: String?) -> String {
    profile.map { $0 == "default" ? "" : " --profile \($0)" } ?? ""
  }
}

extension ConfigurationError.LoginFault {
  fileprivate var message: String {
    switch self {
    case .sessionEnded:
      "Your session has expired or credentials have changed. Please reauthenticate using 'aws login'."
    case .missingPermission:
      "Unable to create or refresh login credentials due to insufficient permissions. You may be missing "
        + "permission for the 'signin:CreateOAuth2Token' action."
    case .other:
      "An unspecified error happened when resolving AWS credentials or refreshing a login session profile."
    }
  }
}

/// `['a', 'b']`, as Python prints a list of names.
func pythonList(_ names: [String]) -> String {
  "[" + names.map { "'\($0)'" }.joined(separator: ", ") + "]"
}

/// Lets a `ConfigurationError` out as the client's error.
func configured<T>(_ body: () throws(ConfigurationError) -> T) throws(AWSError) -> T {
  do { return try body() } catch { throw .configuration(error) }
}
