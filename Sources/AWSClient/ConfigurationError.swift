/// What is wrong with the configuration; texts are the AWS CLI v2's where it has one.
package enum ConfigurationError: Error, Hashable, Sendable {
  case profileNotFound(String)
  case unparsableFile(path: String, line: Int)
  case unreadableFile(path: String, reason: String)
  /// `source` is "env", "shared-credentials-file", "config-file" or "assume-role".
  case partialCredentials(source: String, missing: String)
  case sourceProfileMissing(source: String, profile: String)
  /// A role's source is a role whose source is ...
  case roleLoop(profile: String, visited: [String])
  /// The `credential_process` failed; the text is its own standard error, or what was wrong with its answer.
  case credentialProcess(String)
  case invalidRegion(String)
  case invalidValue(key: String, value: String, allowed: String)
  /// A way to get credentials that is not built; `key` is what asked for it.
  case notSupported(feature: String, key: String, profile: String?)

  /// The sentence for the reader.
  package var message: String {
    switch self {
    case .profileNotFound(let name): "The config profile (\(name)) could not be found"
    case .unparsableFile(let path, _): "Unable to parse config file: \(path)"
    case .unreadableFile(let path, let reason): "Unable to read \(path): \(reason)"
    case .partialCredentials(let source, let missing):
      "Partial credentials found in \(source), missing: \(missing)"
    case .sourceProfileMissing(let source, let profile):
      "The source_profile \"\(source)\" referenced in the profile \"\(profile)\" does not exist."
    case .roleLoop(let profile, let visited):
      "Infinite loop in credential configuration detected. Attempting to load from profile \(profile) which has "
        + "already been visited. Visited profiles: \(visited.joined(separator: ", "))"
    case .credentialProcess(let text): "Error when retrieving credentials from custom-process: \(text)"
    case .invalidRegion(let name): "Provided region_name '\(name)' doesn't match a supported format."
    case .invalidValue(let key, let value, let allowed):
      "Unknown \(key) value: \(value), valid values are \(allowed)"
    case .notSupported(let feature, let key, let profile):
      "Credentials from \(feature) are not supported yet (\(key)"
        + (profile.map { " of profile \($0)" } ?? "")
        + "). Use access keys, a credential_process, or another profile."
    }
  }
}
