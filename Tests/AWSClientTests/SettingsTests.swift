import ServiceModels
import Testing

@testable import AWSClient

@Suite struct SettingsTests {
  private func resolve(
    _ environment: [String: String], profile: String = "",
    _ change: (inout ConfigurationOptions) -> Void = { _ in }
  ) throws(ConfigurationError) -> ClientConfiguration {
    var options = ConfigurationOptions()
    change(&options)
    return try ClientConfiguration.resolve(
      options, environment: environment.merging(["HOME": "/home"]) { a, _ in a },
      readFile: { (path) throws(ConfigurationError) in
        path == "/home/.aws/config" ? "[default]\nregion = eu-west-1\n" + profile : nil
      })
  }

  @Test func `without a word said everything is as the AWS CLI v2 has it`() throws {
    let plain = try resolve([:])
    #expect(
      plain.retries.mode == .standard && plain.retries.maxAttempts == nil && !plain.retries.usesNewBackoff)
    #expect(plain.requestChecksums == .whenSupported && plain.responseChecksums == .whenSupported)
    #expect(!plain.compression.isDisabled && plain.compression.minimumSize == 10_240)
    #expect(plain.endpointOptions == EndpointOptions())
    #expect(plain.validatesInput)
  }

  /// A variable and a key of the profile for one setting, with a value each and what is read of the setting.
  private struct Row: Sendable {
    var variable: String?
    var key: String
    var inProfile: String
    var inEnvironment: String
    var read: @Sendable (ClientConfiguration) -> String
  }

  private static let rows: [Row] = [
    Row(variable: "AWS_RETRY_MODE", key: "retry_mode", inProfile: "legacy", inEnvironment: "adaptive") {
      $0.retries.mode.rawValue
    },
    Row(variable: "AWS_MAX_ATTEMPTS", key: "max_attempts", inProfile: "7", inEnvironment: "2") {
      "\($0.retries.maxAttempts ?? 0)"
    },
    Row(
      variable: "AWS_REQUEST_CHECKSUM_CALCULATION", key: "request_checksum_calculation",
      inProfile: "when_required", inEnvironment: "when_supported"
    ) { $0.requestChecksums.rawValue },
    Row(
      variable: "AWS_RESPONSE_CHECKSUM_VALIDATION", key: "response_checksum_validation",
      inProfile: "when_required", inEnvironment: "when_supported"
    ) { $0.responseChecksums.rawValue },
    Row(
      variable: "AWS_DISABLE_REQUEST_COMPRESSION", key: "disable_request_compression", inProfile: "true",
      inEnvironment: "false"
    ) { "\($0.compression.isDisabled)" },
    Row(
      variable: "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", key: "request_min_compression_size_bytes",
      inProfile: "1", inEnvironment: "1048576"
    ) { "\($0.compression.minimumSize)" },
    Row(
      variable: "AWS_USE_FIPS_ENDPOINT", key: "use_fips_endpoint", inProfile: "true", inEnvironment: "false"
    ) {
      "\($0.endpointOptions.usesFIPS)"
    },
    Row(
      variable: "AWS_USE_DUALSTACK_ENDPOINT", key: "use_dualstack_endpoint", inProfile: "true",
      inEnvironment: "false"
    ) { "\($0.endpointOptions.usesDualStack)" },
    Row(
      variable: "AWS_ACCOUNT_ID_ENDPOINT_MODE", key: "account_id_endpoint_mode", inProfile: "required",
      inEnvironment: "disabled"
    ) { $0.endpointOptions.accountIDMode.rawValue },
    Row(
      variable: "AWS_S3_USE_ARN_REGION", key: "s3_use_arn_region", inProfile: "false", inEnvironment: "true"
    ) { "\($0.endpointOptions.usesARNRegion ?? true)" },
    Row(
      variable: "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", key: "s3_disable_multiregion_access_points",
      inProfile: "true", inEnvironment: "false"
    ) { "\($0.endpointOptions.disablesMultiRegionAccessPoints)" },
    Row(
      variable: "AWS_SIGV4A_SIGNING_REGION_SET", key: "sigv4a_signing_region_set", inProfile: "eu-west-1",
      inEnvironment: "*"
    ) { $0.endpointOptions.signingRegionSet ?? "" },
    Row(
      variable: "AWS_AUTH_SCHEME_PREFERENCE", key: "auth_scheme_preference", inProfile: "sigv4a, sigv4",
      inEnvironment: "sigv4"
    ) { $0.endpointOptions.authSchemePreference.joined(separator: ", ") },
    Row(variable: "AWS_SDK_UA_APP_ID", key: "sdk_ua_app_id", inProfile: "shop", inEnvironment: "till") {
      String($0.userAgent.split(separator: "/").last ?? "")
    },
    Row(variable: nil, key: "parameter_validation", inProfile: "false", inEnvironment: "") {
      "\($0.validatesInput)"
    },
  ]

  @Test func `a setting comes from the environment before the profile`() throws {
    for row in SettingsTests.rows {
      let profile = "\(row.key) = \(row.inProfile)\n"
      #expect(try row.read(resolve([:], profile: profile)) == row.inProfile, "\(row.key)")
      guard let variable = row.variable else { continue }
      #expect(
        try row.read(resolve([variable: row.inEnvironment], profile: profile)) == row.inEnvironment,
        "\(variable)")
      #expect(try row.read(resolve([variable: ""], profile: profile)) == row.inProfile, "\(variable) empty")
    }
  }

  @Test func `S3's own section is read, and a dual-stack setting there wins for S3 and S3 Control alone`()
    throws
  {
    let found = try resolve(
      [:],
      profile: """
        s3 =
          addressing_style = virtual
          use_accelerate_endpoint = true
          use_arn_region = false
          use_dualstack_endpoint = true
        """)
    #expect(found.endpointOptions.addressingStyle == .virtual && found.endpointOptions.usesAccelerate)
    #expect(found.endpointOptions.usesARNRegion == false)
    #expect(try found.endpointOptions(for: catalog.model("s3")).usesDualStack)
    #expect(try found.endpointOptions(for: catalog.model("s3control")).usesDualStack)
    #expect(try !found.endpointOptions(for: catalog.model("kms")).usesDualStack)
  }

  @Test(
    arguments: [
      ("retry_mode = never", "Unknown retry_mode value: never, valid values are legacy, standard, adaptive"),
      ("max_attempts = many", "Unknown max_attempts value: many, valid values are whole numbers from 1"),
      ("max_attempts = 0", "Unknown max_attempts value: 0, valid values are whole numbers from 1"),
      (
        "request_checksum_calculation = maybe",
        "Unsupported configuration value for request_checksum_calculation. Expected one of ('when_supported', "
          + "'when_required') but got maybe."
      ),
      (
        "account_id_endpoint_mode = x",
        "The configured value 'x' for 'account_id_endpoint_mode' is invalid. Valid values are: ('preferred', "
          + "'disabled', 'required')."
      ),
      (
        "request_min_compression_size_bytes = x",
        "Invalid value \"x\" for request_min_compression_size_bytes. Value must be an integer. Received "
          + "<class 'str'> instead."
      ),
      (
        "request_min_compression_size_bytes = 0",
        "Invalid value \"0\" for request_min_compression_size_bytes. Value must be between 1 and 1048576."
      ),
    ])
  func `what cannot be meant is refused`(line: String, message: String) {
    do {
      _ = try resolve([:], profile: line)
      Issue.record("accepted")
    } catch {
      #expect(error.message == message)
    }
  }

  @Test func `a FIPS pseudo-Region is the Region with FIPS`() throws {
    for (name, region) in [("fips-us-east-1", "us-east-1"), ("us-gov-west-1-fips", "us-gov-west-1")] {
      let found = try resolve(["AWS_REGION": name])
      #expect(found.region == region && found.endpointOptions.usesFIPS)
    }
  }

  @Test func `nobody who does not sign has an account`() throws {
    #expect(try resolve([:]) { $0.signsRequests = false }.endpointOptions.accountIDMode == .disabled)
  }

  @Test func `the user agent holds only what a header may`() throws {
    #expect(try resolve(["AWS_SDK_UA_APP_ID": "a b\r\nX: y/z"]).userAgent == "cairn app/a-b-X--y-z")
  }

  @Test func `AWS_NEW_RETRIES_2026 is opted in to by true alone`() throws {
    #expect(try resolve(["AWS_NEW_RETRIES_2026": "TRUE"]).retries.usesNewBackoff)
    #expect(try !resolve(["AWS_NEW_RETRIES_2026": "1"]).retries.usesNewBackoff)
  }
}
