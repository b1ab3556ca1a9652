import OrderedJSON
import SigV4
import Wire

@testable import ServiceModels

/// The models whose messages are read: every protocol, and every departure from one.
enum Service {
  static let catalog = ModelCatalog(directory: environment("CAIRN_FUZZ_MODELS") ?? "assets/models")

  private static let names = [
    "s3", "sts", "ec2", "kms", "lambda", "macie2", "cloudwatch", "iam", "sqs", "dynamodb", "route53", "sns",
    "logs",
    "cloudfront", "s3control", "apigateway", "glacier", "bedrock-runtime", "kinesis", "transcribe",
  ]

  static let models: [ServiceModel] = names.map { name in
    do {
      return try catalog.model(name)
    } catch {
      broken("the bundle holds \(name): \(error)")
    }
  }

  static let partitions: Partitions = {
    do {
      return try catalog.partitions()
    } catch {
      broken("the bundle holds the partitions: \(error)")
    }
  }()

  private static let operationNames: [[String]] = models.map(\.operationNames)

  /// The operation that three bytes of the input choose.
  private static func operation(_ bytes: [UInt8]) -> Operation? {
    guard bytes.count >= 3 else { return nil }
    let service = Int(bytes[0]) % models.count
    let names = operationNames[service]
    return models[service].operation(names[(Int(bytes[1]) << 8 | Int(bytes[2])) % names.count])
  }

  /// Three bytes of operation, one of manner and status; then header lines, an empty line and a body, or the choices
  /// that a modelled response is built from.
  static func readResponse(_ bytes: borrowing [UInt8]) {
    let bytes = copy bytes
    guard bytes.count >= 4, let operation = operation(bytes) else { return }
    let statuses = [200, 200, 200, 400, 500, 301, 204, 100]
    var response = HTTPResponse(status: statuses[Int(bytes[3] >> 1) % statuses.count])
    let isModelled = bytes[3] & 1 == 0
    if isModelled {
      build(operation, Entropy(bytes, from: 4), &response)
    } else {
      let (head, body) = headAndBody(Array(bytes[4...]))
      response.headers = headers(head)
      response.body = .bytes(body)
    }
    do {
      let value = try operation.response(response)
      let json = value.json(shape: operation.output)
      _ = json.text(indent: 4)
      _ = Value.canonicalText(value)
      // What a server would say of it can be read, if it fits the model at all.
      if bytes[3] & 0x80 != 0, let again = try? operation.response(output: value, requestID: "r") {
        _ = try? operation.response(again)
      }
    } catch .fault(let fault) {
      _ = operation.model.errorResponse(fault, operation: operation, requestID: "r")
    } catch {
      _ = "\(error)"
    }
  }

  private static func build(_ operation: Operation, _ entropy: Entropy, _ response: inout HTTPResponse) {
    var modelled = Modelled(entropy)
    let fault = response.status >= 300 ? operation.errors.isEmpty ? nil : operation.errors.first : nil
    let isJSON = operation.model.protocolName == .json || operation.model.protocolName == .restJSON
    response.headers = modelled.headers(fault ?? operation.output)
    if let fault, response.status >= 300 {
      let code = fault.errorCode ?? fault.name
      let body =
        isJSON
        ? "{\"__type\":\"a#\(code)\",\"message\":\"m\",\"x\":\(modelled.json(fault))}"
        : "<ErrorResponse><Error><Code>\(code)</Code><Message>m</Message>\(modelled.xml(fault, name: "x"))"
          + "</Error></ErrorResponse>"
      response.body = .bytes(Array(body.utf8))
      return
    }
    guard let shape = operation.outputPayload?.shape ?? operation.output else { return }
    var body =
      isJSON
      ? modelled.json(shape) : modelled.xml(shape, name: operation.resultWrapper ?? "\(operation.name)Result")
    if operation.model.protocolName == .query {
      body = "<\(operation.name)Response>\(body)</\(operation.name)Response>"
    }
    var bytes = Array(body.utf8)
    // Now and then cut off, or with a byte of another kind.
    switch modelled.choice(16) {
    case 1: bytes = Array(bytes.prefix(modelled.choice(1 + bytes.count)))
    case 2 where !bytes.isEmpty:
      bytes[modelled.choice(bytes.count)] = UInt8(truncatingIfNeeded: modelled.choice(256))
    default: break
    }
    response.body = .bytes(bytes)
  }

  /// Three bytes of operation, then the choices that an input is built from: it is judged, finds its endpoint, becomes a
  /// request, is signed, and is read by a server.
  static func writeRequest(_ bytes: borrowing [UInt8]) {
    let bytes = copy bytes
    guard let operation = operation(bytes), let shape = operation.input else { return }
    var modelled = Modelled(Entropy(bytes, from: 3))
    let input = modelled.value(shape)
    _ = operation.validate(input)
    guard let endpoint = try? operation.endpoint(input, region: "us-east-1", partitions: partitions),
      let request = try? operation.request(input, endpoint: endpoint, tokens: { "token" })
    else { return }
    let context = SigningContext(
      region: endpoint.signingRegion, service: endpoint.signingName, date: Timestamp(milliseconds: 0))
    let credentials = Credentials(accessKeyID: "AKID", secretAccessKey: "secret", sessionToken: "t")
    let sent = signed(request, with: credentials, in: context)
    _ = try? operation.input(from: sent)
    _ = operation.model.route(sent)
  }

  /// One byte of service, then a raw request: it is routed, and read by the operation that it asks for.
  static func readRequest(_ bytes: borrowing [UInt8]) {
    let bytes = copy bytes
    guard let first = bytes.first else { return }
    let model = models[Int(first) % models.count]
    let request = rawRequest(Array(bytes.dropFirst()))
    guard let operation = model.route(request) else { return }
    guard let input = try? operation.input(from: request) else { return }
    _ = operation.validate(input)
    _ = input.json(shape: operation.input).text()
  }
}
