import OrderedJSON

/// An operation of a service. Operations of a model are unique: identity is equality.
package final class Operation: Sendable {
  /// `CreateKey`.
  package let name: String
  package let model: ServiceModel
  package let httpMethod: String
  /// The path template with its fixed query: `/{Bucket}?encryption`.
  package let requestURI: String
  /// The request URI, taken apart.
  let template: URITemplate
  /// The status of a success: 200 unless the model says otherwise.
  package let successStatus: Int
  private let inputReference: Member?
  private let outputReference: Member?
  /// A checksum of the body must go along (`httpChecksum.requestChecksumRequired`, `httpChecksumRequired`).
  package let requiresChecksum: Bool
  /// The input member that names the checksum algorithm.
  package let checksumAlgorithmMember: String?
  /// The checksum is demanded by the old trait alone, whose form is `Content-MD5` (Smithy, `httpChecksumRequired`).
  let requiresMD5: Bool
  /// The encodings in which the service takes a compressed body (`requestcompression`), the best first.
  package let compressionEncodings: [String]
  /// The input member that asks for checksums in the response, and the algorithms that may come.
  package let checksumModeMember: String?
  package let responseChecksumAlgorithms: [String]
  /// A template for what goes before the host: `{AccountId}.`
  package let hostPrefix: String?
  /// `none`, `v4`, `v4-unsigned-body`, ...; nil: the service's own.
  package let authType: String?
  package let hasUnsignedPayload: Bool
  /// The model calls it `readonly`, its method is GET or HEAD, or its name says that it only looks.
  package let isReadOnly: Bool
  package let isIdempotent: Bool
  package let isDeprecated: Bool
  private let node: PackedNode

  init(name: String, node: PackedNode, model: ServiceModel) {
    self.name = name
    self.model = model
    self.node = node
    let http = node["http"]
    httpMethod = http?["method"]?.string ?? "POST"
    requestURI = http?["requestUri"]?.string ?? "/"
    template = URITemplate(requestURI)
    successStatus = http?["responseCode"]?.int ?? 200
    func reference(_ key: String) -> Member? {
      node[key].map { Member(name: key, reference: $0, isRequired: true, isPayload: false, model: model) }
    }
    inputReference = reference("input")
    outputReference = reference("output")
    let checksum = node["httpChecksum"]
    requiresChecksum =
      checksum?["requestChecksumRequired"]?.bool ?? node["httpChecksumRequired"]?.bool ?? false
    checksumAlgorithmMember = checksum?["requestAlgorithmMember"]?.string
    requiresMD5 = checksum == nil && node["httpChecksumRequired"]?.bool ?? false
    compressionEncodings = node["requestcompression"]?["encodings"]?.strings ?? []
    checksumModeMember = checksum?["requestValidationModeMember"]?.string
    responseChecksumAlgorithms = checksum?["responseAlgorithms"]?.strings ?? []
    hostPrefix = node["endpoint"]?["hostPrefix"]?.string
    authType = node["authtype"]?.string ?? node["auth"].flatMap { Operation.authType(of: $0.strings) }
    hasUnsignedPayload = node["unsignedPayload"]?.bool ?? false
    isIdempotent = node["idempotent"]?.bool ?? false
    isDeprecated = node["deprecated"]?.bool ?? false
    isReadOnly =
      node["readonly"]?.bool
      ?? (["GET", "HEAD"].contains(httpMethod) || readingVerbs.contains { name.hasPrefix($0) })
  }

  /// The name that the AWS CLI gives it: `create-key`.
  package var cliName: String { ServiceModels.cliName(name) }
  package var input: Shape? { inputReference?.shape }
  package var output: Shape? { outputReference?.shape }
  /// Every modelled error.
  package var errors: [Shape] {
    guard let list = node["errors"] else { return [] }
    return (0..<list.count).compactMap { list[$0].flatMap { model.shape(reference: $0) } }
  }

  /// The member of the output that is a stream of events.
  package var outputEventStream: Member? { outputReference?.shape.members.first { $0.isEventStream } }
  /// The member of the input that is a stream of events.
  package var inputEventStream: Member? { inputReference?.shape.members.first { $0.isEventStream } }

  /// The member that is the whole body of a request or response.
  var inputPayload: Member? { payload(inputReference) }
  var outputPayload: Member? { payload(outputReference) }

  private func payload(_ reference: Member?) -> Member? {
    guard let shape = reference?.shape, let name = shape.payload ?? reference?.traits.payload else {
      return nil
    }
    return shape.member(name)
  }

  /// The root element of a rest-xml request, where the model gives one.
  var inputRootName: String? { inputReference?.explicitLocationName }
  var inputNamespace: XMLNamespace? { inputReference?.xmlNamespace }
  var outputRootName: String? { outputReference?.explicitLocationName }
  /// The element around the result in the query protocol.
  var resultWrapper: String? { outputReference?.traits.resultWrapper }
  /// Values that the model fixes for parameters of the endpoint rules.
  var staticContextParameters: PackedNode? { node["staticContextParams"] }
  /// Parameters of the endpoint rules that are JMESPath expressions over the input.
  var operationContextParameters: PackedNode? { node["operationContextParams"] }

  /// botocore's choice among the modelled `auth` schemes, in its `authtype` spelling.
  private static func authType(of schemes: [String]) -> String? {
    for scheme in schemes {
      switch scheme {
      case "aws.auth#sigv4": return "v4"
      case "aws.auth#sigv4a": return "v4a"
      case "smithy.api#httpBearerAuth": return "bearer"
      case "smithy.api#noAuth": return "none"
      default: continue
      }
    }
    return nil
  }
}

extension Operation: Hashable {
  package static func == (a: Operation, b: Operation) -> Bool { a === b }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Verbs of operations that change nothing. A guess for models without the `readonly` trait.
private let readingVerbs = [
  "Get", "List", "Describe", "Head", "Search", "Lookup", "BatchGet", "Select", "Test", "Simulate", "Filter",
  "DecodeAuthorizationMessage", "Estimate", "Validate",
]
