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
  /// `sigv4`, `sigv4a`, `sigv4-s3express`, or `none`.
  package var authScheme: String
  /// The signer encodes the path once more (everything but S3).
  package var doubleEncodesPath: Bool
  /// The bucket is already in the host or the path: the request must not add it again.
  package var includesBucket: Bool
  /// Headers that the endpoint asks for.
  package var headers: [String: [String]]

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

  package var usesFIPS = false
  package var usesDualStack = false
  package var addressingStyle = AddressingStyle.auto
  package var usesAccelerate = false
  package var usesARNRegion = true
  package var disablesMultiRegionAccessPoints = false
  package var accountID: String?

  package init() {}
}

/// Why no endpoint could be found.
package struct EndpointError: Error, Hashable, Sendable, CustomStringConvertible {
  package var message: String

  package init(_ message: String) { self.message = message }
  package var description: String { message }
}
