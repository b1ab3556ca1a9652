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
  /// Relative paths are the caller's to resolve. `writeFile` keeps what a role or a session gave, `runProcess` runs a
  /// `credential_process`, `prompts` asks for an MFA code.
  ///
  /// Source: AWS CLI user guide, "Configuration and credential precedence"; botocore `configprovider.py`.
  package static func resolve(
    _ options: ConfigurationOptions, environment: [String: String], workingDirectory: String? = nil,
    readFile: @escaping FileReader = systemFile, writeFile: @escaping FileWriter = writePrivateFile,
    runProcess: @escaping ProcessRunner = systemProcess, prompts: any CredentialPrompts = NoPrompts()
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
    let sources = CredentialSources(
      files: files, environment: environment, read: readFile, write: writeFile, runProcess: runProcess,
      prompts: prompts, directory: workingDirectory)
    let chain = CredentialChain(sources, profile: name, usesEnvironment: options.profile == nil)
    var result = ClientConfiguration(region: region, credentials: chain, endpointURL: options.endpointURL)
    result.bearerTokens = BearerTokens(sources, profile: name)
    result.profile = asked
    result.settings = profile.values
    result.nestedSettings = profile.nested
    result.signsRequests = options.signsRequests
    result.verifiesTLS = options.verifiesTLS
    result.caBundle =
      options.caBundle ?? given(environment, "AWS_CA_BUNDLE") ?? profile.values["ca_bundle"]
      ?? given(environment, "REQUESTS_CA_BUNDLE")
    result.proxies = ProxySettings(environment: environment)
    result.connectTimeout = options.connectTimeout ?? 60
    result.readTimeout = options.readTimeout ?? 60
    let source = SettingSource(environment: environment, profile: profile)
    result.retries = try retries(source)
    result.requestChecksums = try checksums(
      source, "AWS_REQUEST_CHECKSUM_CALCULATION", "request_checksum_calculation")
    result.responseChecksums = try checksums(
      source, "AWS_RESPONSE_CHECKSUM_VALIDATION", "response_checksum_validation")
    result.compression = try compression(source)
    result.endpointOptions = try endpointOptions(source, signsRequests: options.signsRequests)
    if let region {
      let plain = EndpointOptions.withoutFIPSMark(region)
      result.region = plain.region
      if plain.isFIPS { result.endpointOptions.usesFIPS = true }
    }
    result.validatesInput = profile.values["parameter_validation"].map { isTrue($0) } ?? true
    if let application = source.text("AWS_SDK_UA_APP_ID", "sdk_ua_app_id") {
      result.userAgent += " app/" + userAgentToken(application)
    }
    let ignores =
      source.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") ?? false
    if !ignores {
      result.configuredEndpoints = endpoints(environment, profile, files)
      if let services = profile.values["services"], files.config.section("services", services) == nil,
        given(environment, "AWS_ENDPOINT_URL") == nil
      {
        result.missingServices = services
      }
    }
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
}

/// botocore `utils.validate_region_name`: a host label.
func isRegionName(_ name: String) -> Bool {
  let bytes = Array(name.utf8)
  guard let first = bytes.first, let last = bytes.last, bytes.count <= 63, first != 0x2D, last != 0x2D
  else {
    return false
  }
  return bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D }
}

/// What is no token of RFC 9110 becomes a hyphen (botocore `useragent.py`).
private func userAgentToken(_ text: String) -> String {
  String(
    text.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "!#$%&'*+-.^_`|~".contains(character))
        ? character : "-"
    })
}

/// A variable's value; an empty one counts as unset.
func given(_ environment: [String: String], _ name: String) -> String? {
  environment[name].flatMap { $0.isEmpty ? nil : $0 }
}

func isTrue(_ text: String?) -> Bool { text?.lowercased() == "true" }
