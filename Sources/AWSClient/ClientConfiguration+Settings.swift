import ServiceModels

/// When checksums are made and compared though no model demands it.
package enum ChecksumPolicy: String, Hashable, Sendable, CaseIterable {
  case whenSupported = "when_supported"
  case whenRequired = "when_required"
}

/// Where a setting's value stands: the environment wins over the profile (botocore `configprovider.py`).
struct SettingSource {
  var environment: [String: String]
  var profile: INIFile.Section

  func text(_ variable: String?, _ key: String) -> String? {
    variable.flatMap { given(environment, $0) } ?? profile.values[key]
  }

  func flag(_ variable: String?, _ key: String) -> Bool? { text(variable, key).map { isTrue($0) } }

  /// A key of the profile's `s3` section; `key` may also stand in the profile itself, as `plain`.
  func s3(_ variable: String?, _ key: String, plain: String? = nil) -> String? {
    variable.flatMap { given(environment, $0) } ?? plain.flatMap { profile.values[$0] }
      ?? profile.nested["s3"]?[key]
  }

  /// One of the values that an enumeration names, in any case.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ variable: String, _ key: String, _ complaint: (String) -> ConfigurationError
  ) throws(ConfigurationError) -> Choice? where Choice.RawValue == String {
    guard let text = text(variable, key) else { return nil }
    guard let choice = Choice(rawValue: text.lowercased()) else { throw complaint(text) }
    return choice
  }
}

extension ClientConfiguration {
  /// How calls are tried again.
  static func retries(_ source: SettingSource) throws(ConfigurationError) -> RetrySettings {
    var settings = RetrySettings()
    settings.mode =
      try source.choice("AWS_RETRY_MODE", "retry_mode") { value in
        .invalidValue(key: "retry_mode", value: value, allowed: "legacy, standard, adaptive")
      } ?? .standard
    if let text = source.text("AWS_MAX_ATTEMPTS", "max_attempts") {
      guard let number = Int(text), number > 0 else {
        throw .invalidValue(key: "max_attempts", value: text, allowed: "whole numbers from 1")
      }
      settings.maxAttempts = number
    }
    settings.usesNewBackoff = isTrue(source.environment["AWS_NEW_RETRIES_2026"])
    return settings
  }

  /// What the endpoint rules are to know of the configuration. `sts_regional_endpoints` and
  /// `s3_us_east_1_regional_endpoint` are without effect: the AWS CLI v2 knows Regional endpoints only.
  static func endpointOptions(
    _ source: SettingSource, signsRequests: Bool
  ) throws(ConfigurationError) -> EndpointOptions {
    var options = EndpointOptions()
    options.usesFIPS = source.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint") ?? false
    options.usesDualStack = source.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint") ?? false
    options.addressingStyle = source.s3(nil, "addressing_style").flatMap { .init(rawValue: $0) } ?? .auto
    options.usesAccelerate = isTrue(source.s3(nil, "use_accelerate_endpoint"))
    options.usesARNRegion = source.s3("AWS_S3_USE_ARN_REGION", "use_arn_region", plain: "s3_use_arn_region")
      .map { isTrue($0) }
    options.disablesMultiRegionAccessPoints = isTrue(
      source.s3(
        "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", "s3_disable_multiregion_access_points",
        plain: "s3_disable_multiregion_access_points"))
    options.disablesExpressSessions = isTrue(
      source.s3(
        "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", "s3_disable_express_session_auth",
        plain: "s3_disable_express_session_auth"))
    options.accountIDMode =
      try source.choice("AWS_ACCOUNT_ID_ENDPOINT_MODE", "account_id_endpoint_mode") { value in
        .invalidConfiguration(
          "The configured value '\(value.lowercased())' for 'account_id_endpoint_mode' is invalid. Valid values are: "
            + "('preferred', 'disabled', 'required').")
      } ?? .preferred
    // Nobody is asked for an account where nobody signs.
    if !signsRequests { options.accountIDMode = .disabled }
    options.injectsHostPrefix = !isTrue(
      source.text("AWS_DISABLE_HOST_PREFIX_INJECTION", "disable_host_prefix_injection"))
    options.signingRegionSet = source.text("AWS_SIGV4A_SIGNING_REGION_SET", "sigv4a_signing_region_set")
    options.authSchemePreference = (source.text("AWS_AUTH_SCHEME_PREFERENCE", "auth_scheme_preference") ?? "")
      .filter { $0 != " " && $0 != "\t" }.split(separator: ",").map(String.init)
    return options
  }

  static func checksums(
    _ source: SettingSource, _ variable: String, _ key: String
  ) throws(ConfigurationError) -> ChecksumPolicy {
    try source.choice(variable, key) { value in
      .invalidConfiguration(
        "Unsupported configuration value for \(key). Expected one of ('when_supported', 'when_required') but got "
          + "\(value.lowercased()).")
    } ?? .whenSupported
  }

  static func compression(_ source: SettingSource) throws(ConfigurationError) -> RequestCompression {
    var settings = RequestCompression()
    settings.isDisabled =
      source.flag("AWS_DISABLE_REQUEST_COMPRESSION", "disable_request_compression") ?? false
    let key = "request_min_compression_size_bytes"
    if let text = source.text("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", key) {
      guard let size = Int(text) else {
        throw .invalidConfiguration(
          "Invalid value \"\(text)\" for \(key). Value must be an integer. Received <class 'str'> instead.")
      }
      guard (1...1_048_576).contains(size) else {
        throw .invalidConfiguration(
          "Invalid value \"\(size)\" for \(key). Value must be between 1 and 1048576.")
      }
      settings.minimumSize = size
    }
    return settings
  }
}
