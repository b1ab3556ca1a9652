import AWSClient
import OrderedJSON
import PracticeAccount
import PracticeServer
import ProgressStore
import Resources
import ServiceModels
import Testing
import Wire

@testable import LabEngine

@Suite struct GateTests {
  @Test func `a call that only reads leaves no trace`() async throws {
    let lab = try Laboratory()
    try await lab.run(0, "kms", "ListKeys")
    try await lab.run(1, "sts", "GetCallerIdentity")
    #expect(try lab.outcomes() == [])
  }

  @Test func `the lesson's calls and what they make are in the ledger`() async throws {
    let lab = try Laboratory()
    try await lab.workThrough()
    #expect(
      try lab.outcomes() == [
        "CreateKey created", "CreateAlias created", "CreateBucket created", "PutBucketEncryption changed",
        "PutObject created", "EnableMacie created", "PutKeyPolicy changed", "CreateClassificationJob created",
        "CreateRole created", "PutRolePolicy created",
      ])
    #expect(
      try lab.resources() == [
        "iam-role created live", "iam-role-policy created live", "iam-service-linked-role created live",
        "kms-alias created live", "kms-key created live", "kms-key-policy changed live",
        "logs-log-group created live", "macie-job created live", "macie-session created live",
        "s3-bucket created live", "s3-bucket-encryption changed live", "s3-object created live",
      ])
  }

  @Test func `the intent is on the disk before the call arrives`() async throws {
    let lab = try Laboratory()
    await lab.killed(.stoppedBefore, "kms", "CreateKey")
    let call = try #require(try lab.restarted().store.unsettledCalls(run: lab.ledger.run.id).first)
    #expect(call.intent.operation == "CreateKey")
    #expect(call.outcome == nil)
    #expect(call.intent.place?.statement == 0)
  }

  @Test func `a key is marked with the run and its step, the learner's own tags kept`() async throws {
    let lab = try Laboratory()
    let key = try await lab.run(0, "kms", "CreateKey", ["Tags": [["TagKey": "lab", "TagValue": "ai"]]])
    let tags = try await lab.byHand("kms", "ListResourceTags", ["KeyId": key.at("KeyMetadata.KeyId") ?? ""])
    let found = (tags["Tags"]?.list ?? []).map {
      "\($0["TagKey"]?.string ?? "")=\($0["TagValue"]?.string ?? "")"
    }
    #expect(Set(found) == ["lab=ai", "cairn:run=\(lab.ledger.run.id)", "cairn:step=step-1"])
  }

  @Test func `marks can be turned off`() async throws {
    let lab = try Laboratory(settings: .init(marks: false))
    let key = try await lab.run(0, "kms", "CreateKey")
    let tags = try await lab.byHand("kms", "ListResourceTags", ["KeyId": key.at("KeyMetadata.KeyId") ?? ""])
    #expect(tags["Tags"]?.list ?? [] == [])
  }

  @Test(arguments: lesson.indices)
  func `a statement run again after a crash makes nothing twice`(_ index: Int) async throws {
    for fault in [InProcess.Fault.stoppedBefore, .stoppedAfter] {
      let lab = try Laboratory()
      try await lab.workThrough(upTo: index)
      lab.network.inject(fault, at: lesson[index].operation)
      let hanging = Task { _ = try? await lab.workThrough(upTo: index + 1) }
      var stops = lab.network.stops.makeAsyncIterator()
      await stops.next()
      let again = try lab.restarted()
      _ = try await again.ledger.reconcile()
      try await again.workThrough()
      let expected = try Laboratory()
      try await expected.workThrough()
      #expect(try again.resources() == expected.resources())
      #expect(try again.store.unsettledCalls(run: again.ledger.run.id) == [])
      let keys = try await again.byHand("kms", "ListKeys")["Keys"]?.list?.count
      let expectedKeys = try await expected.byHand("kms", "ListKeys")["Keys"]?.list?.count
      #expect(keys == expectedKeys)
      #expect(try await again.byHand("macie2", "ListClassificationJobs")["items"]?.list?.count == 1)
      hanging.cancel()
    }
  }

  @Test func `an adopted key answers as CreateKey did`() async throws {
    let lab = try Laboratory()
    await lab.killed(.stoppedAfter, "kms", "CreateKey", ["Description": "d"])
    let again = try lab.restarted()
    let answer = try await again.run(0, "kms", "CreateKey", ["Description": "d"])
    #expect(again.network.count("CreateKey") == 0)
    #expect(answer.at("KeyMetadata.Description")?.string == "d")
    #expect(answer.at("KeyMetadata.CreationDate")?.timestamp != nil)
    // A third time the ledger answers alone.
    let third = try lab.restarted()
    #expect(try await third.run(0, "kms", "CreateKey", ["Description": "d"]) == answer)
    #expect(third.network.operations == [])
  }

  @Test func `another statement with the same input makes another key`() async throws {
    let lab = try Laboratory()
    let first = try await lab.run(0, "kms", "CreateKey")
    let second = try await lab.run(1, "kms", "CreateKey")
    #expect(first.at("KeyMetadata.KeyId") != second.at("KeyMetadata.KeyId"))
  }

  @Test func `a loop's calls are matched one by one`() async throws {
    let lab = try Laboratory()
    let first = try await lab.run(0, "kms", "CreateKey")
    let second = try await lab.client.call("kms", "CreateKey", [:])
    #expect(first != second)
    let again = try lab.restarted()
    #expect(try await again.run(0, "kms", "CreateKey") == first)
    #expect(try await again.client.call("kms", "CreateKey", [:]) == second)
    #expect(again.network.count("CreateKey") == 0)
    // The loop goes on: a third key is a new one.
    _ = try await again.client.call("kms", "CreateKey", [:])
    #expect(again.network.count("CreateKey") == 1)
  }

  @Test func `a lost answer is looked up at once, and the statement goes on`() async throws {
    let lab = try Laboratory()
    lab.network.inject(.answerLost, at: "CreateKey")
    let answer = try await lab.run(0, "kms", "CreateKey")
    #expect(answer.at("KeyMetadata.KeyId") != nil)
    #expect(lab.network.count("CreateKey") == 1)
    #expect(try lab.outcomes() == ["CreateKey created"])
  }

  @Test func `a request that was lost is an error, and the block run again makes one key`() async throws {
    let lab = try Laboratory()
    lab.network.inject(.lost, at: "CreateKey")
    await #expect(throws: AWSError.self) { try await lab.run(0, "kms", "CreateKey") }
    try await lab.run(0, "kms", "CreateKey")
    #expect(try lab.resources() == ["kms-key created live"])
  }

  @Test func `a call that the service refused is made again when its statement is`() async throws {
    let lab = try Laboratory()
    await #expect(throws: AWSError.self) {
      try await lab.run(0, "kms", "CreateAlias", ["AliasName": "alias/a", "TargetKeyId": "no-such-key"])
    }
    #expect(try lab.outcomes() == ["CreateAlias failed"])
    await #expect(throws: AWSError.self) {
      try await lab.run(0, "kms", "CreateAlias", ["AliasName": "alias/a", "TargetKeyId": "no-such-key"])
    }
    #expect(lab.network.count("CreateAlias") == 2)
    #expect(try lab.resources() == [])
  }

  @Test func `an operation the catalogue does not know is of unknown effect`() async throws {
    let lab = try Laboratory()
    try await lab.run(0, "ec2", "CreateTags", try await lab.tagging())
    #expect(try lab.outcomes() == ["CreateTags unknown-effect"])
    let plan = try await Teardown(lab.ledger).plan()
    #expect(
      plan.unknown == [
        "ec2 CreateTags was run in us-east-1; Cairn does not know what it left, and does not undo it."
      ])
    #expect(plan.isEmpty)
  }

  @Test func `an unknown operation that was interrupted is said, and made again only when asked again`()
    async throws
  {
    let lab = try Laboratory()
    let tags = try await lab.tagging()
    await lab.killed(.stoppedBefore, "ec2", "CreateTags", tags)
    let again = try lab.restarted()
    await #expect(throws: AWSError.self) { try await again.run(0, "ec2", "CreateTags", tags) }
    #expect(again.network.count("CreateTags") == 0)
    try await again.run(0, "ec2", "CreateTags", tags)
    #expect(again.network.count("CreateTags") == 1)
  }

  @Test func `credentials of another account are refused in words`() async throws {
    let lab = try Laboratory()
    let other = try Laboratory(
      account: try PracticeAccount(catalog: models, directory: nil, accountID: "999988887777"))
    let gate = VerifyingGate(lab.gate, account: UngatedAccount(other.console))
    let client = AWSClient(
      catalog: models, configuration: other.console.configuration, transport: other.network, gate: gate)
    let error = await #expect(throws: AWSError.self) { try await client.call("kms", "CreateKey", [:]) }
    #expect(
      error?.message.contains("belongs to account 111122223333; these credentials reach account 999988887777")
        == true)
    #expect(other.network.count("CreateKey") == 0)
    let own = AWSClient(
      catalog: models, configuration: lab.console.configuration, transport: lab.network,
      gate: VerifyingGate(lab.gate, account: UngatedAccount(lab.console)))
    _ = try await own.call("kms", "CreateKey", [:])
    _ = try await own.call("kms", "CreateKey", [:])
    #expect(lab.network.count("GetCallerIdentity") == 1)
  }

  @Test func `a run changes nothing in another Region`() async throws {
    let lab = try Laboratory()
    var options = CallOptions()
    options.region = "eu-west-1"
    let error = await #expect(throws: AWSError.self) {
      try await lab.client.call("kms", "CreateKey", [:], options)
    }
    #expect(error?.message.contains("works in us-east-1; the command would act in eu-west-1") == true)
    _ = try await lab.client.call("kms", "ListKeys", [:], options)
    #expect(try lab.outcomes() == [])
  }

  @Test func `Macie that was on before is neither the run's nor disabled by its commands`() async throws {
    let lab = try Laboratory()
    try await lab.byHand("macie2", "EnableMacie")
    await #expect(throws: AWSError.self) { try await lab.run(0, "macie2", "EnableMacie") }
    #expect(try lab.resources() == ["macie-session existed-before live"])
    let error = await #expect(throws: AWSError.self) { try await lab.run(1, "macie2", "DisableMacie") }
    #expect(error?.message.contains("was there before this run") == true)
    #expect(lab.network.count("DisableMacie") == 0)
  }

  @Test func `a store that cannot be written stops the call before it leaves`() async throws {
    let lab = try Laboratory()
    try lab.store.close()
    await #expect(throws: AWSError.self) { try await lab.run(0, "kms", "CreateKey") }
    #expect(lab.network.count("CreateKey") == 0)
  }

  @Test func `secrets do not reach the store`() throws {
    let operation = try #require(try models.model("iam").operation("CreateAccessKey"))
    let answer: Value = ["AccessKey": ["AccessKeyId": "AKIA", "SecretAccessKey": "hush", "UserName": "u"]]
    let text = LedgerValue.text(answer, shape: operation.output)
    #expect(!text.contains("hush"))
    #expect(text.contains("AKIA"))
    #expect(LedgerValue.value(text) == nil)
  }

  @Test(arguments: [
    Value.null, true, 7, 7.5, 7.0, "text", .blob([0, 255, 16]), .timestamp(Timestamp(milliseconds: 123)),
    [1, "a"],
    ["a": ["b": 1.0], "c": .timestamp(Timestamp(milliseconds: -5))],
    .timestamp(Timestamp(microseconds: 1_795_450_247_123_456)), .timestamp(Timestamp(microseconds: -1)),
  ])
  func `a value comes back from the ledger as it went in`(_ value: Value) {
    #expect(LedgerValue.value(LedgerValue.text(value, shape: nil)) == value)
  }

  @Test func `a digest sees neither the order of members nor the token`() throws {
    let operation = try #require(try models.model("macie2").operation("EnableMacie"))
    func digest(_ input: Value) -> String {
      LedgerValue.digest(service: "macie2", operation: operation, region: "r", input: input)
    }
    #expect(
      digest(["status": "ENABLED", "clientToken": "a"]) == digest(["clientToken": "b", "status": "ENABLED"]))
    #expect(digest(["status": "ENABLED"]) != digest(["status": "PAUSED"]))
  }
}

extension Laboratory {
  /// The input of a call that the catalogue has no entry for.
  fileprivate func tagging() async throws -> Value {
    let vpc = try await byHand("ec2", "DescribeVpcs").at("Vpcs.0.VpcId") ?? ""
    let endpoint = try await byHand(
      "ec2", "CreateVpcEndpoint", ["VpcId": vpc, "ServiceName": "com.amazonaws.us-east-1.s3"])
    return [
      "Resources": [endpoint.at("VpcEndpoint.VpcEndpointId") ?? ""], "Tags": [["Key": "a", "Value": "b"]],
    ]
  }
}
