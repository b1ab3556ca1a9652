import OrderedJSON
import TestKit
import Testing
import Wire

@testable import ServiceModels

private let endpoint = Endpoint(
  scheme: "http", host: "127.0.0.1:8080", signingRegion: "us-east-1", signingName: "service")

/// Two members share a name on the wire (`Event` and `Events`).
private let ambiguous: Set = ["PutBucketNotification", "GetBucketNotification"]

@Suite struct RoundTripTests {
  @Test(arguments: everyOperation)
  func `what a client builds a server reads`(service: String, name: String) throws {
    let operation = try #require(bundle.model(service).operation(name))
    for seed in 1...3 as ClosedRange<UInt64> {
      guard let shape = operation.input, !ambiguous.contains(name) else { continue }
      var sampler = Sampler(seed: seed)
      sampler.omitsEmpty = [.query, .ec2].contains(operation.model.protocolName)
      let input = sampler.structure(shape)
      let problems = operation.validate(input).filter {
        $0.message.hasPrefix("Unknown parameter") || $0.message.hasPrefix("Invalid type")
      }
      #expect(problems.isEmpty)
      let request = try operation.request(input, endpoint: endpoint) { "token" }
      let found = operation.model.route(request)
      #expect(
        found === operation || isTwin(found, of: operation),
        "\(request.method) \(request.url) went to \(found?.name ?? "nobody")")
      let read = try operation.input(from: request)
      #expect(read == withChecksum(input, request, operation))
    }
  }

  @Test(arguments: everyOperation)
  func `what a server answers a client reads`(service: String, name: String) throws {
    let operation = try #require(bundle.model(service).operation(name))
    guard let shape = operation.output, !ambiguous.contains(name) else { return }
    for seed in 1...3 as ClosedRange<UInt64> {
      var sampler = Sampler(seed: seed)
      let isHead = operation.httpMethod == "HEAD"
      let output = sampler.structure(shape) { !isHead || $0.isInHead }
      var response = try operation.response(output: output, requestID: "request-1")
      // A sampled status would make a success an error.
      response.status = min(response.status, 299)
      let read = try operation.response(response)
      #expect(read.normalisedStatus(shape) == output.normalisedStatus(shape))
    }
  }

  @Test(arguments: everyOperation)
  func `modelled errors come back with their members`(service: String, name: String) throws {
    let operation = try #require(bundle.model(service).operation(name))
    for shape in operation.errors {
      var sampler = Sampler(seed: 7)
      var fields = sampler.structure(shape).object ?? Fields()
      for member in shape.members where member.name.lowercased() == "message" { fields[member.name] = nil }
      let isEC2 = operation.model.protocolName == .ec2
      let sent = ServiceFault(
        code: shape.faultCode, message: "It went wrong: <why> & \"how\".",
        httpStatus: shape.httpStatus ?? 400,
        requestID: "request-1", fields: isEC2 ? Fields() : fields)
      let response = operation.model.errorResponse(sent, operation: operation, requestID: "request-1")
      do {
        let value = try operation.response(response)
        Issue.record("\(value) where an error is expected")
      } catch {
        guard case .fault(let fault) = error else {
          Issue.record("\(error)")
          continue
        }
        if operation.httpMethod == "HEAD" {
          #expect(fault.code == String(sent.httpStatus))
        } else {
          #expect(fault == sent)
        }
      }
    }
  }

  /// Operations that S3 itself cannot tell apart: one replaced the other.
  private func isTwin(_ found: ServiceModels.Operation?, of operation: ServiceModels.Operation) -> Bool {
    guard let found, found.requestURI == operation.requestURI, found.httpMethod == operation.httpMethod else {
      return false
    }
    return operation.isDeprecated || ["ListDirectoryBuckets"].contains(operation.name)
  }

  /// The client adds the checksum and the name of its algorithm, and both are members of the input.
  private func withChecksum(_ input: Value, _ request: HTTPRequest, _ operation: ServiceModels.Operation)
    -> Value
  {
    guard let shape = operation.input, case .object(var fields) = input else { return input }
    for member in shape.members where member.location == .header && fields[member.name] == nil {
      if let text = request.headers[member.locationName] { fields[member.name] = .string(text) }
    }
    return .object(
      Fields(shape.members.compactMap { member in fields[member.name].map { .init(member.name, $0) } }))
  }
}

extension Value {
  /// The value without what stands in the status line.
  fileprivate func normalisedStatus(_ shape: Shape) -> Value {
    guard case .object(var fields) = self else { return self }
    for member in shape.members where member.location == .statusCode { fields[member.name] = nil }
    return .object(fields)
  }
}
