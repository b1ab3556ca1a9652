import Digests
import Wire

/// What stands for the body in the canonical request.
package enum PayloadHash: Hashable, Sendable {
  /// SHA-256 of the body, computed here.
  case bytes
  /// `UNSIGNED-PAYLOAD`: the body is not signed (S3 over TLS, presigned URLs).
  case unsigned
  /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: `aws-chunked` with a checksum behind, nothing of it signed.
  case streamingUnsignedTrailer
  /// `aws-chunked` of any form.
  case chunked(ChunkedForm)
  /// A hash that is known already, or another keyword of AWS.
  case hex(String)

  /// Whether the service must be told by header, as the hash says nothing of the body.
  var needsHeader: Bool {
    switch self {
    case .unsigned, .streamingUnsignedTrailer, .chunked: true
    case .bytes, .hex: false
    }
  }

  /// The text in the canonical request.
  func text(of body: Body) -> String {
    switch self {
    case .bytes: hexEncoded(sha256(of: body))
    case .unsigned: "UNSIGNED-PAYLOAD"
    case .streamingUnsignedTrailer: ChunkedForm.unsignedWithTrailer.rawValue
    case .chunked(let form): form.rawValue
    case .hex(let text): text
    }
  }
}

/// SHA-256 of a body; a file is read in pieces. One that cannot be read gives the hash of nothing: it cannot
/// be sent either, and that is where the error is reported.
func sha256(of body: Body) -> [UInt8] {
  switch body {
  case .bytes(let bytes): sha256(bytes)
  case .file(let path, let offset, let length):
    (try? sha256(ofFile: path, offset: offset, length: length)) ?? sha256([])
  }
}

/// For whom and how to sign.
package struct SigningContext: Hashable, Sendable {
  package var algorithm: SignatureAlgorithm
  /// The Region; under SigV4a the set of Regions (`us-east-1,eu-*`, `*` for all).
  package var region: String
  /// The signing name (`s3`, `kms`, `execute-api`).
  package var service: String
  package var date: Timestamp
  package var payload: PayloadHash
  /// Whether `.`, `..` and empty segments are taken out of the path: everywhere but in S3.
  package var normalizesPath: Bool
  /// Whether the path that is sent is percent-encoded once more: everywhere but in S3.
  package var doubleEncodesPath: Bool
  /// Whether `X-Amz-Content-SHA256` goes along: S3 demands it.
  package var addsContentSHA256Header: Bool
  /// The header or parameter of the session token: S3's directory buckets have one of their own.
  package var sessionTokenName = "X-Amz-Security-Token"
  /// Whether the session token is added after signing, as IoT Core wants it.
  package var omitsSessionToken: Bool

  package init(
    region: String, service: String, date: Timestamp, payload: PayloadHash = .bytes,
    normalizesPath: Bool = true,
    doubleEncodesPath: Bool = true, addsContentSHA256Header: Bool = false, omitsSessionToken: Bool = false,
    algorithm: SignatureAlgorithm = .hmac
  ) {
    self.algorithm = algorithm
    self.region = region
    self.service = service
    self.date = date
    self.payload = payload
    self.normalizesPath = normalizesPath
    self.doubleEncodesPath = doubleEncodesPath
    self.addsContentSHA256Header = addsContentSHA256Header
    self.omitsSessionToken = omitsSessionToken
  }

  /// The rules of S3: the path as it is sent, the hash in a header.
  package static func s3(
    region: String, date: Timestamp, payload: PayloadHash = .bytes, service: String = "s3",
    algorithm: SignatureAlgorithm = .hmac
  ) -> SigningContext {
    SigningContext(
      region: region, service: service, date: date, payload: payload, normalizesPath: false,
      doubleEncodesPath: false, addsContentSHA256Header: true, algorithm: algorithm)
  }
}

extension SigningContext {
  /// The name of the session token of S3's directory buckets.
  package static let sessionTokenOfDirectoryBuckets = "x-amz-s3session-token"
}

/// What a signing key is good for: one day, one Region, one service. SigV4a has no Region here: empty.
package struct CredentialScope: Hashable, Sendable, CustomStringConvertible {
  /// `20261123`
  package var day: String
  package var region: String
  package var service: String

  package init(day: String, region: String, service: String) {
    self.day = day
    self.region = region
    self.service = service
  }

  /// `20261123/eu-west-1/kms/aws4_request`, or `20261123/s3/aws4_request`
  package var description: String {
    region.isEmpty ? "\(day)/\(service)/aws4_request" : "\(day)/\(region)/\(service)/aws4_request"
  }
}
