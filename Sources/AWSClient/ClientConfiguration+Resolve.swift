import ServiceModels
import SigV4
import Wire

/// What the command line says; nil where it says nothing.
package struct ConfigurationOptions: Hashable, Sendable {
  package var profile: String?
  package var region: String?
  package var endpointURL: String?
  package var signsRequests = true
  package var verifiesTLS = true
  package var caBundle: String?
  package var connectTimeout: Double?
  package var readTimeout: Double?

  package init() {}
}

extension ClientConfiguration {
  /// Resolves the configuration by the AWS CLI v2's precedence: option, environment, profile.
  ///
  /// `environment` is the command's, not the process's; `readFile` returns a file's text, nil if there is none.
  /// Relative paths are the caller's to resolve. `runProcess` runs a `credential_process`.
  ///
  /// Source: AWS CLI user guide, "Configuration and credential precedence"; botocore `configprovider.py`.
  package static func resolve(
    _ options: ConfigurationOptions, environment: [String: String], workingDirectory: String? = nil,
    readFile: @Sendable (String) throws(ConfigurationError) -> String? = systemFile,
    runProcess: @escaping ProcessRunner = systemProcess
  ) throws(ConfigurationError) -> ClientConfiguration {
    let files = try SharedFiles(environment: environment, readFile: readFile)
    let asked =
      options.profile ?? given(environment, "AWS_PROFILE") ?? given(environment, "AWS_DEFAULT_PROFILE")
    let name = asked ?? "default"
    if let asked, !files.has(asked) { throw .profileNotFound(asked) }
    let profile = files.profile(name)

    let region =
      options.region ?? given(environment, "AWS_REGION") ?? given(environment, "AWS_DEFAULT_REGION")
      ?? profile.values["region"]
    if let region, !isRegionName(region) { throw .invalidRegion(region) }
    let chain = CredentialChain(
      files: files, profile: name, usesEnvironment: options.profile == nil, environment: environment,
      runProcess: runProcess, directory: workingDirectory)
    var result = ClientConfiguration(region: region, credentials: chain, endpointURL: options.endpointURL)
    result.profile = asked
    result.settings = profile.values
    result.nestedSettings = profile.nested
    result.signsRequests = options.signsRequests
    result.verifiesTLS = options.verifiesTLS
    result.caBundle = options.caBundle ?? given(environment, "AWS_CA_BUNDLE") ?? profile.values["ca_bundle"]
    result.connectTimeout = options.connectTimeout ?? 60
    result.readTimeout = options.readTimeout ?? 60
    if let attempts = (given(environment, "AWS_MAX_ATTEMPTS") ?? profile.values["max_attempts"]).flatMap({
      Int($0)
    }),
      attempts > 0
    {
      result.maxAttempts = attempts
    }
    result.usesFIPS = isTrue(
      given(environment, "AWS_USE_FIPS_ENDPOINT") ?? profile.values["use_fips_endpoint"])
    result.usesDualStack = isTrue(
      given(environment, "AWS_USE_DUALSTACK_ENDPOINT") ?? profile.values["use_dualstack_endpoint"])
    let ignores = isTrue(
      given(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        ?? profile.values["ignore_configured_endpoint_urls"])
    if !ignores { result.configuredEndpoints = endpoints(environment, profile, files) }
    return result
  }

  /// A service's own entry wins over the one for all, the environment over the profile (AWS SDKs reference,
  /// "Service-specific endpoints").
  private static func endpoints(
    _ environment: [String: String], _ profile: INIFile.Section, _ files: SharedFiles
  ) -> [String: String] {
    var found: [String: String] = [:]
    if let all = profile.values["endpoint_url"] { found[""] = all }
    if let services = profile.values["services"], let section = files.config.section("services", services) {
      for (service, values) in section.nested { found[service] = values["endpoint_url"] }
    }
    // AWS_ENDPOINT_URL in the environment comes before a services section, but after its own AWS_ENDPOINT_URL_X.
    if let all = given(environment, "AWS_ENDPOINT_URL") { found = ["": all] }
    for (name, value) in environment where name.hasPrefix("AWS_ENDPOINT_URL_") && !value.isEmpty {
      found[String(name.dropFirst("AWS_ENDPOINT_URL_".count)).lowercased()] = value
    }
    return found
  }

  /// botocore `utils.validate_region_name`: a host label.
  private static func isRegionName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 63, first != 0x2D, last != 0x2D
    else {
      return false
    }
    return bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D }
  }
}

/// A variable's value; an empty one counts as unset.
func given(_ environment: [String: String], _ name: String) -> String? {
  environment[name].flatMap { $0.isEmpty ? nil : $0 }
}

func isTrue(_ text: String?) -> Bool { text?.lowercased() == "true" }
