import ServiceModels
import SigV4
import Wire

/// Everything a client needs to know that is no argument of a call: resolved once, a value.
package struct ClientConfiguration: Sendable {
  /// The profile that was asked for, by option or environment; nil: none, `default` is looked up.
  package var profile: String?
  package var region: String?
  /// `--endpoint-url`: wins over everything configured.
  package var endpointURL: String?
  /// Endpoints from environment and files by service identifier ("kms", "macie2"); "" is for all services.
  package var configuredEndpoints: [String: String] = [:]
  /// False: `--no-sign-request`.
  package var signsRequests = true
  package var verifiesTLS = true
  package var caBundle: String?
  /// Which proxies the calls go through: the environment's.
  package var proxies = ProxySettings.none
  /// Seconds.
  package var connectTimeout = 60.0
  /// Seconds.
  package var readTimeout = 60.0
  package var retries = RetrySettings()
  package var requestChecksums = ChecksumPolicy.whenSupported
  package var responseChecksums = ChecksumPolicy.whenSupported
  package var compression = RequestCompression()
  /// FIPS, dual-stack, addressing and all else that the endpoint rules want to know.
  package var endpointOptions = EndpointOptions()
  /// False: input goes out unchecked (`parameter_validation = false`).
  package var validatesInput = true
  /// The `services` section that the profile names, if there is none.
  package var missingServices: String?
  /// Added to the `User-Agent`.
  package var userAgent = "cairn"
  /// Where credentials come from.
  package var credentials: any CredentialProvider
  /// Where the tokens of services without signatures come from.
  package var bearerTokens = BearerTokens()
  /// The profile's own keys (`output`, `cli_timestamp_format`, ...), lower case.
  package var settings: [String: String] = [:]
  /// The profile's nested keys (`s3` → `addressing_style`).
  package var nestedSettings: [String: [String: String]] = [:]

  package init(region: String?, credentials: any CredentialProvider, endpointURL: String? = nil) {
    self.region = region
    self.credentials = credentials
    self.endpointURL = endpointURL
  }

  /// The endpoint the configuration names for a service, if any.
  package func endpointURL(for model: ServiceModel) -> String? {
    if let endpointURL { return endpointURL }
    return configuredEndpoints[serviceIdentifier(model.serviceID)] ?? configuredEndpoints[""]
  }
}

extension ClientConfiguration {
  /// The choices that concern one service: S3 and S3 Control may have a dual-stack setting of their own.
  func endpointOptions(for model: ServiceModel) -> EndpointOptions {
    var options = endpointOptions
    let isS3 = ["s3", "s3control"].contains(model.service)
    if isS3, let own = nestedSettings["s3"]?["use_dualstack_endpoint"] { options.usesDualStack = isTrue(own) }
    return options
  }
}

/// A service id as it is spelt in `services` sections: lower case, blanks and hyphens as underscores.
func serviceIdentifier(_ serviceID: String) -> String {
  String(serviceID.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
}
