/// Where a request goes and in whose name it is signed.
package struct Endpoint: Hashable, Sendable {
  /// `https`.
  package var scheme: String
  /// Host with the port if there is one.
  package var host: String
  /// What stands before every path; empty, or begins with a slash and does not end in one.
  package var path: String
  package var signingRegion: String
  package var signingName: String
  /// `sigv4`, `sigv4a`, `sigv4-s3express`, `bearer`, or `none`. With `sigv4a`, `signingRegion` is the set of Regions,
  /// joined by commas.
  package var authScheme: String
  /// The signer encodes the path once more (everything but S3).
  package var doubleEncodesPath: Bool
  /// The bucket is already in the host or the path: the request must not add it again.
  package var includesBucket: Bool
  /// Headers that the endpoint asks for.
  package var headers: [String: [String]]
  /// False: the operation's modelled host prefix is left out (`disable_host_prefix_injection`).
  package var injectsHostPrefix = true

  package init(
    scheme: String = "https", host: String, path: String = "", signingRegion: String, signingName: String,
    authScheme: String = "sigv4", doubleEncodesPath: Bool = true, includesBucket: Bool = false,
    headers: [String: [String]] = [:]
  ) {
    self.scheme = scheme
    self.host = host
    self.path = path
    self.signingRegion = signingRegion
    self.signingName = signingName
    self.authScheme = authScheme
    self.doubleEncodesPath = doubleEncodesPath
    self.includesBucket = includesBucket
    self.headers = headers
  }
}

/// What a caller may choose about endpoints. Names follow the AWS CLI's configuration.
package struct EndpointOptions: Hashable, Sendable {
  /// S3's `addressing_style`.
  package enum AddressingStyle: String, Hashable, Sendable {
    case auto, path, virtual
  }

  /// `account_id_endpoint_mode`.
  package enum AccountIDMode: String, Hashable, Sendable, CaseIterable {
    case preferred, disabled, required
  }

  package var usesFIPS = false
  package var usesDualStack = false
  package var addressingStyle = AddressingStyle.auto
  package var usesAccelerate = false
  /// Whether the Region of an ARN may be another than the client's; nil: yes for S3, no for S3 Control (botocore).
  package var usesARNRegion: Bool?
  package var disablesMultiRegionAccessPoints = false
  /// Directory buckets are signed for like any other: no session is created for them.
  package var disablesExpressSessions = false
  /// The account that the credentials belong to, where they tell.
  package var accountID: String?
  package var accountIDMode = AccountIDMode.preferred
  package var injectsHostPrefix = true
  /// `sigv4a_signing_region_set`: takes the place of the Regions that the rules name.
  package var signingRegionSet: String?
  /// `auth_scheme_preference`: schemes (`sigv4a`) in order of preference, among those that the rules offer.
  package var authSchemePreference: [String] = []

  package init() {}

  /// A Region without the mark of a FIPS pseudo-Region (`fips-us-east-1`, `us-gov-west-1-fips`), and whether it had one.
  package static func withoutFIPSMark(_ region: String) -> (region: String, isFIPS: Bool) {
    for (mark, isPrefix) in [("fips-", true), ("-fips", false)] {
      if isPrefix, region.hasPrefix(mark) { return (String(region.dropFirst(mark.count)), true) }
      if !isPrefix, region.hasSuffix(mark) { return (String(region.dropLast(mark.count)), true) }
    }
    return (region, false)
  }
}

/// Why no endpoint could be found.
package struct EndpointError: Error, Hashable, Sendable, CustomStringConvertible {
  package var message: String

  package init(_ message: String) { self.message = message }
  package var description: String { message }
}
