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
  /// Tries in all (standard mode: 3).
  package var maxAttempts = 3
  package var usesFIPS = false
  package var usesDualStack = false
  /// Added to the `User-Agent`.
  package var userAgent = "cairn"
  /// Where credentials come from.
  package var credentials: any CredentialProvider
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

/// A service id as it is spelt in `services` sections: lower case, blanks and hyphens as underscores.
func serviceIdentifier(_ serviceID: String) -> String {
  String(serviceID.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
}
