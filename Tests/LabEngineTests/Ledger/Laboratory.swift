import AWSClient
import Foundation
import OrderedJSON
import PracticeAccount
import PracticeServer
import ProgressStore
import Resources
import ServiceModels
import SigV4
import Synchronization
import TestKit
import Testing
import Wire

@testable import LabEngine

let models = ModelCatalog(directory: repositoryRoot + "/assets/models")

/// The practice account as a network: requests are real and signed, nothing leaves the process.
final class InProcess: Transport {
  /// What the network does to a request.
  enum Fault: Sendable {
    /// The connection breaks before the request arrives, or after it was dealt with.
    case lost, answerLost
    /// The process stops with the request on its way, or with the answer on its way: the call never returns.
    case stoppedBefore, stoppedAfter
    /// The service answers this status instead.
    case status(Int)
  }

  private let account: PracticeAccount
  private let fault = Mutex<(operation: String, fault: Fault, once: Bool)?>(nil)
  private let seen = Mutex<[String]>([])
  private let stopped: AsyncStream<Void>.Continuation
  /// Yields when a call stops for ever.
  let stops: AsyncStream<Void>

  init(_ account: PracticeAccount) {
    self.account = account
    (stops, stopped) = AsyncStream.makeStream()
  }

  /// The operations asked for, in order.
  var operations: [String] { seen.withLock { $0 } }
  func forget() { seen.withLock { $0 = [] } }
  func count(_ operation: String) -> Int { operations.filter { $0 == operation }.count }

  func inject(_ fault: Fault, at operation: String, once: Bool = true) {
    self.fault.withLock { $0 = (operation, fault, once) }
  }

  func heal() { fault.withLock { $0 = nil } }

  func send(_ request: HTTPRequest, _ options: SendOptions) async throws(TransportError) -> HTTPResponse {
    let name = operation(of: request)
    seen.withLock { $0.append(name) }
    let due = fault.withLock { planned -> Fault? in
      guard let plan = planned, plan.operation == name else { return nil }
      if plan.once { planned = nil }
      return plan.fault
    }
    let broken = TransportError(
      kind: .connectionClosed, url: request.url, detail: "injected", requestMayHaveArrived: true)
    switch due {
    case .lost: throw broken
    case .stoppedBefore: return await stop()
    case .status(let status): return HTTPResponse(status: status)
    case .answerLost:
      _ = await account.respond(to: request)
      throw broken
    case .stoppedAfter:
      _ = await account.respond(to: request)
      return await stop()
    case nil: return await account.respond(to: request)
    }
  }

  private func stop() async -> HTTPResponse {
    stopped.yield()
    return await withUnsafeContinuation { _ in }
  }

  private func operation(of request: HTTPRequest) -> String {
    let service =
      request.headers["authorization"].flatMap { text in
        text.split(separator: "/").dropFirst(3).first.map(String.init)
      } ?? ""
    return (try? models.model(service).route(request)?.name) ?? "?"
  }
}

/// The account's own clock: waiting moves it.
struct PracticeTime: AccountClock {
  let account: PracticeAccount
  var now: Timestamp { account.clock.now }
  func wait(seconds: Double) async throws { try account.clock.advance(seconds: seconds) }
  func remarks() async -> [String] { [] }
}

/// A folder for one test; removed with its last user, if it was made here.
final class Folder: Sendable {
  let path: String
  private let isOwn: Bool

  init(path: String? = nil) {
    self.path = path ?? NSTemporaryDirectory() + "cairn-ledger-" + UUID().uuidString
    isOwn = path == nil
  }

  deinit {
    if isOwn { try? FileManager.default.removeItem(atPath: path) }
  }
}

/// A run on a practice account, with a store; `restarted` is the same run in a new process.
struct Laboratory {
  let folder: Folder
  let account: PracticeAccount
  let network: InProcess
  let store: ProgressStore
  let ledger: Ledger
  let gate: LedgerGate
  /// Through the gate, as a lesson's commands go.
  let client: AWSClient
  /// Past the gate, as the console goes.
  let console: AWSClient

  init(
    folder: Folder = Folder(), account: PracticeAccount? = nil, crash: CrashPoints = .off,
    settings: LedgerGate.Settings = .init(), mode: RunMode = .practice
  ) throws {
    self.folder = folder
    let account = try account ?? PracticeAccount(catalog: models, directory: nil, seed: 7)
    self.account = account
    network = InProcess(account)
    store = try ProgressStore.open(at: folder.path + "/progress.sqlite")
    let run =
      try store.latestRun()
      ?? store.createRun(
        RunDraft(
          lessonPath: "l.md", lessonID: "lab", lessonDigest: "d", mode: mode, account: account.accountID,
          region: "us-east-1", identityARN: "arn:aws:iam::111122223333:user/learner"), at: 1)
    let key = account.accessKey
    let configuration = ClientConfiguration(
      region: "us-east-1", credentials: StaticCredentials(key), endpointURL: "http://127.0.0.1:1")
    let seams = ClientSeams(sleep: { _ in }, random: { 0.5 })
    console = AWSClient(catalog: models, configuration: configuration, transport: network, seams: seams)
    ledger = Ledger(
      run: run, store: store,
      catalog: try ResourceCatalog(directory: repositoryRoot + "/assets/resources"),
      account: UngatedAccount(console), clock: PracticeTime(account: account), crash: crash)
    gate = LedgerGate(ledger, settings: settings)
    client = AWSClient(
      catalog: models, configuration: configuration, transport: network, gate: gate, seams: seams)
  }

  /// The same run and account after the process was killed.
  func restarted() throws -> Laboratory { try Laboratory(folder: folder, account: account) }

  /// One command of the lesson.
  @discardableResult
  func run(_ statement: Int, _ service: String, _ operation: String, _ input: Value = [:]) async throws
    -> Value
  {
    gate.begin(GateContext(section: "step-1", block: "step-1.1", execution: 1, statement: statement))
    return try await client.call(service, operation, input)
  }

  /// One command of the learner's, past the ledger.
  @discardableResult
  func byHand(_ service: String, _ operation: String, _ input: Value = [:]) async throws -> Value {
    try await console.call(service, operation, input)
  }

  /// A command during which the process is killed.
  func killed(_ fault: InProcess.Fault, _ service: String, _ operation: String, _ input: Value = [:]) async {
    network.inject(fault, at: operation)
    let hanging = Task { _ = try? await run(0, service, operation, input) }
    var stops = network.stops.makeAsyncIterator()
    await stops.next()
    _ = hanging
  }

  func tornDown() async throws -> TeardownReport {
    let teardown = Teardown(ledger)
    return try await teardown.apply(try await teardown.plan())
  }

  /// Type, origin and state of every resource, sorted.
  func resources() throws -> [String] {
    try store.resources(run: ledger.run.id).map {
      "\($0.type) \($0.draft.origin.rawValue) \($0.state.rawValue)"
    }
    .sorted()
  }

  func outcomes() throws -> [String] {
    try store.calls(run: ledger.run.id).map {
      "\($0.intent.operation) \($0.outcome?.kind.rawValue ?? "pending")"
    }
  }
}

/// The commands of the lesson, in order.
let bucket = "ai-data-111122223333"
let trust =
  #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
let access =
  #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::ai-data-111122223333/*"}]}"#

struct Command: Sendable {
  var service: String
  var operation: String
  var input: @Sendable (_ key: String) -> Value
}

let lesson: [Command] = [
  Command(service: "kms", operation: "CreateKey") { _ in
    ["Description": "Encryption Key for AI Training Data"]
  },
  Command(service: "kms", operation: "CreateAlias") {
    ["AliasName": "alias/ai-lab-key", "TargetKeyId": .string($0)]
  },
  Command(service: "s3", operation: "CreateBucket") { _ in ["Bucket": .string(bucket)] },
  Command(service: "s3", operation: "PutBucketEncryption") {
    [
      "Bucket": .string(bucket),
      "ServerSideEncryptionConfiguration": [
        "Rules": [
          [
            "ApplyServerSideEncryptionByDefault": [
              "SSEAlgorithm": "aws:kms",
              "KMSMasterKeyID": .string("arn:aws:kms:us-east-1:111122223333:key/" + $0),
            ], "BucketKeyEnabled": true,
          ]
        ]
      ],
    ]
  },
  Command(service: "s3", operation: "PutObject") { _ in
    [
      "Bucket": .string(bucket), "Key": "raw_training_data.csv",
      "Body": .blob(Array("Name,Email,SSN,CreditScore\nJohn Doe,john@example.com,123-45-6789,750\n".utf8)),
    ]
  },
  Command(service: "macie2", operation: "EnableMacie") { _ in [:] },
  Command(service: "kms", operation: "PutKeyPolicy") {
    ["KeyId": .string($0), "PolicyName": "default", "Policy": .string(keyPolicy)]
  },
  Command(service: "macie2", operation: "CreateClassificationJob") { _ in
    [
      "jobType": "ONE_TIME", "name": "AI-Dataset-PII-Scan",
      "s3JobDefinition": [
        "bucketDefinitions": [["accountId": "111122223333", "buckets": [.string(bucket)]]]
      ],
    ]
  },
  Command(service: "iam", operation: "CreateRole") { _ in
    ["RoleName": "AILab-SageMaker-ExecutionRole", "AssumeRolePolicyDocument": .string(trust)]
  },
  Command(service: "iam", operation: "PutRolePolicy") { _ in
    [
      "RoleName": "AILab-SageMaker-ExecutionRole", "PolicyName": "AI-Data-Access",
      "PolicyDocument": .string(access),
    ]
  },
]

let keyPolicy =
  #"{"Version":"2012-10-17","Statement":[{"Sid":"Root","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"},{"Sid":"Macie","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie"},"Action":"kms:Decrypt","Resource":"*"}]}"#

extension Laboratory {
  /// Works through the lesson from where the store says it stands; a statement's end is committed as the engine does.
  func workThrough(upTo end: Int = lesson.count) async throws {
    let now = ledger.clock.now.milliseconds
    let id = ledger.run.id
    let execution: BlockExecution
    if let last = try store.latestExecution(run: id, block: "step-1.1") {
      execution = try store.resumeExecution(last.id, at: now)
    } else {
      execution = try store.beginExecution(run: id, section: "step-1", block: "step-1.1", at: now)
    }
    var key = try store.variables(run: id).first { $0.name == "KEY" }?.value ?? ""
    for index in lesson.indices where index >= execution.nextStatement && index < end {
      gate.begin(
        GateContext(section: "step-1", block: "step-1.1", execution: execution.id, statement: index))
      let command = lesson[index]
      let answer = try await client.call(command.service, command.operation, command.input(key))
      var set: [VariableRecord] = []
      if index == 0 {
        key = answer.at("KeyMetadata.KeyId")?.string ?? ""
        set = [VariableRecord(name: "KEY", value: key, block: "step-1.1", statement: 0, setAt: now)]
      }
      try store.commitStatement(execution.id, next: index + 1, snapshot: nil, variables: set, at: now)
      ledger.crash.point()
    }
  }
}
