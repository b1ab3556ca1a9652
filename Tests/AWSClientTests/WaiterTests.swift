import OrderedJSON
import ServiceModels
import Testing
import Wire

@testable import AWSClient

@Suite struct WaiterTests {
  private func wait(
    _ service: String, _ name: String, _ input: Value, _ answers: [ScriptedTransport.Answer],
    sleeps: Sleeps = Sleeps(), attempts: Int? = nil
  ) async throws -> String? {
    let model = try catalog.model(service)
    var waiter = try #require(model.waiter(name))
    if let attempts { waiter.maxAttempts = attempts }
    do {
      try await client(ScriptedTransport(answers), sleeps: sleeps).wait(for: waiter, model, input)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func `every waiter of every service reads and asks an operation that there is`() throws {
    var matchers: Set<Waiter.Matcher> = []
    var count = 0
    for service in catalog.services {
      let model = try catalog.model(service)
      for name in model.waiterNames {
        let waiter = try #require(model.waiter(name), "\(service) \(name)")
        count += 1
        #expect(model.operation(waiter.operation) != nil, "\(service) \(name)")
        #expect(waiter.delay > 0 && waiter.maxAttempts > 0 && !waiter.acceptors.isEmpty, "\(service) \(name)")
        for acceptor in waiter.acceptors {
          matchers.insert(acceptor.matcher)
          #expect(throws: Never.self, "\(service) \(name)") { try WaiterCondition(acceptor) }
        }
      }
    }
    #expect(count > 200)
    #expect(matchers == [.path, .pathAll, .pathAny, .status, .error])
  }

  @Test(
    arguments: [
      (.path, "State", "ok", #"{"State":"ok"}"#, true), (.path, "State", "ok", #"{"State":"bad"}"#, false),
      (.path, "length(L) > `0`", true, #"{"L":[1]}"#, true), (.path, "State", "ok", "", false),
      (.pathAll, "L[].S", "ok", #"{"L":[{"S":"ok"},{"S":"ok"}]}"#, true),
      (.pathAll, "L[].S", "ok", #"{"L":[{"S":"ok"},{"S":"no"}]}"#, false),
      (.pathAll, "L[].S", "ok", #"{"L":[]}"#, false), (.pathAll, "S", "ok", #"{"S":"ok"}"#, false),
      (.pathAny, "L[].S", "ok", #"{"L":[{"S":"ok"},{"S":"no"}]}"#, true),
      (.pathAny, "L[].S", "ok", #"{"L":[{"S":"no"}]}"#, false),
      (.status, nil, 404, "", true), (.status, nil, 200, "", false), (.status, nil, 200, "{}", true),
      (.error, nil, "Gone", "", true), (.error, nil, "Other", "", false), (.error, nil, true, "", true),
      (.error, nil, true, "{}", false), (.error, nil, false, "{}", true), (.error, nil, false, "", false),
    ] as [(Waiter.Matcher, String?, JSON, String, Bool)])
  func `an acceptor holds for what botocore says; no output stands for the error Gone, 404`(
    matcher: Waiter.Matcher, argument: String?, expected: JSON, output: String, holds: Bool
  ) throws {
    let fault = ServiceFault(code: "Gone", message: "", httpStatus: 404)
    let outcome = WaiterOutcome(
      status: output.isEmpty ? 404 : 200, fault: output.isEmpty ? fault : nil,
      output: output.isEmpty ? .null : try JSON.parse(output))
    #expect(
      try WaiterCondition(
        Waiter.Acceptor(state: .success, matcher: matcher, argument: argument, expected: expected)
      ).holds(for: outcome) == holds)
  }

  private let missing = ScriptedTransport.Answer.response(404, "", [:])
  private let there = ScriptedTransport.Answer.response(200, "", [:])

  @Test func `a waiter asks again after its delay until the condition holds`() async throws {
    let sleeps = Sleeps()
    let text = try await wait(
      "s3", "BucketExists", ["Bucket": "lab"], [missing, missing, there], sleeps: sleeps)
    #expect(text == nil)
    #expect(sleeps.all == [5, 5])
  }

  @Test func `texts are the AWS CLI's`() async throws {
    #expect(
      try await wait("s3", "BucketExists", ["Bucket": "lab"], [missing, missing], attempts: 2)
        == "Waiter BucketExists failed: Max attempts exceeded. Previously accepted state: Matched expected HTTP "
        + "status code: 404")
    #expect(
      try await wait("s3", "BucketNotExists", ["Bucket": "lab"], [there], attempts: 1)
        == "Waiter BucketNotExists failed: Max attempts exceeded")
    let denied = ScriptedTransport.Answer.response(
      403,
      "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>",
      [:])
    #expect(
      try await wait("ec2", "VpcAvailable", [:], [denied])
        == "Waiter VpcAvailable failed: An error occurred (UnauthorizedOperation): no")
    let stopped = ScriptedTransport.Answer.response(
      200, #"{"tasks":[{"lastStatus":"STOPPED"}],"failures":[]}"#, [:])
    #expect(
      try await wait("ecs", "TasksRunning", ["tasks": ["t"]], [stopped])
        == "Waiter TasksRunning failed: Waiter encountered a terminal failure state: For expression "
        + "\"tasks[].lastStatus\" we matched expected path: \"STOPPED\" at least once")
  }

  @Test func `what is no answer of the service ends the waiting`() async throws {
    #expect(
      try await wait("s3", "BucketExists", ["Bucket": "lab"], [.failure(.tls, arrived: false)])?
        .hasPrefix("SSL validation failed") == true)
  }
}
