import OrderedJSON
import Wire

struct RouteTable: Sendable {}

/// How the checksum of a request body is made.
package enum ChecksumAlgorithm: String, Hashable, Sendable, CaseIterable {
  case crc32 = "CRC32"
  case crc32c = "CRC32C"
  case crc64nvme = "CRC64NVME"
  case sha1 = "SHA1"
  case sha256 = "SHA256"
}

/// One thing wrong with an input, in botocore's words.
package struct ValidationProblem: Hashable, Sendable, CustomStringConvertible {
  /// `Tags[0].TagKey`; `input` for the whole.
  package var path: String
  /// The whole sentence: `Missing required parameter in input: "KeyId"`.
  package var message: String
  package var description: String { message }
}

extension Operation {
  /// Where this operation is to be found. `input` matters to S3 (the bucket) and few others.
  package func endpoint(
    _ input: Value, region: String?, custom: String? = nil, options: EndpointOptions = EndpointOptions(),
    partitions: Partitions
  ) throws(EndpointError) -> Endpoint {
    throw EndpointError("the endpoint rules are being written")
  }

  /// What is wrong with `input`; empty if nothing is.
  package func validate(_ input: Value) -> [ValidationProblem] { [] }

  /// The request of a client. `body` stands for the streaming payload member (a file, say); `tokens` makes
  /// idempotency tokens.
  package func request(
    _ input: Value, endpoint: Endpoint, body: Body? = nil, checksum: ChecksumAlgorithm = .crc32,
    tokens: () -> String
  ) throws(ProtocolError) -> HTTPRequest {
    throw .malformed("being written")
  }

  /// What a service answered. Throws `.fault` for a status of 300 and above.
  package func response(_ response: HTTPResponse) throws(ProtocolError) -> Value {
    throw .malformed("being written")
  }

  /// What a server is asked for.
  package func input(from request: HTTPRequest) throws(ProtocolError) -> Value {
    throw .malformed("being written")
  }

  /// The answer of a server.
  package func response(output: Value, requestID: String) throws(ProtocolError) -> HTTPResponse {
    throw .malformed("being written")
  }
}

extension ServiceModel {
  /// Which operation a server was asked for; nil if none fits.
  package func route(_ request: HTTPRequest) -> Operation? { nil }

  /// An error in the protocol's own form. HEAD requests get no body.
  package func errorResponse(_ fault: ServiceFault, operation: Operation?, requestID: String) -> HTTPResponse {
    HTTPResponse(status: fault.httpStatus)
  }
}

extension Value {
  /// As the AWS CLI v2 prints it: members in model order, timestamps ISO 8601 with offset, blobs Base64.
  package func json(shape: Shape?) -> JSON { .null }
  /// Reads JSON as the AWS CLI does its `--cli-input-json`.
  package init(json: JSON, shape: Shape) throws(ProtocolError) { throw .malformed("being written") }
  /// JSON without a shape.
  package var plainJSON: JSON { json(shape: nil) }
  /// JSON text with sorted members, for digests.
  package static func canonicalText(_ value: Value) -> String { "" }
}
