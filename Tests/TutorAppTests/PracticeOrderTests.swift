import Foundation
import LabEngine
import Lessons
import OrderedJSON
import PracticeAccount
import PracticeServer
import ProgressStore
import TestKit
import Testing
import Wire

@testable import TutorApp

private func serving(_ home: Home, _ options: PracticeOptions = PracticeOptions()) async throws
  -> PracticeHost
{
  try await home.workshop().practice(named: "shop", run: nil, options: options)
}

@Suite struct PracticeOrderTests {
  @Test(arguments: [false, true])
  func `orders do the same to an account that is served and to one that is not`(isServed: Bool) async throws {
    let home = try Home()
    // A process ends where its scope ends: it holds the account as long.
    func servedAndStopped() async throws { try await serving(home).stop() }
    if !isServed { try await servedAndStopped() }
    let host = isServed ? try await serving(home) : nil
    let reach = try home.workshop().account(named: "shop", run: nil)
    #expect((reach.endpointURL != nil) == isServed)
    let fresh = try await reach.order(.dump)
    _ = try await reach.order(.snapshot, ["name": "first"])
    let answer = try await reach.order(.advance, ["seconds": 7200])
    #expect(answer["ahead"]?.int == 7200)
    let scenario = try ScenarioFile("macie-enabled", in: home.workshop().assets)
    #expect(
      try await reach.order(.scenario, ["scenario": scenario.json])["scenario"]?.string == "macie-enabled")
    let changed = try await reach.order(.dump)
    #expect(changed != fresh)
    _ = try await reach.order(.restore, ["name": "first"])
    #expect(try await reach.order(.dump) == fresh)
    _ = try await reach.order(.undo)
    #expect(try await reach.order(.dump) == changed)
    _ = try await reach.order(.undo)
    #expect(try await reach.order(.dump) == fresh)
    #expect(try await reach.order(.snapshots).array?.compactMap { $0["name"]?.string } == ["first"])
    _ = try await reach.order(.forget, ["name": "first"])
    #expect(try await reach.order(.snapshots) == .array([]))
    let fault = try #require(FaultSpec.json("throttle:kms:CreateKey,times=3"))
    #expect(try await reach.order(.fault, ["add": .array([fault])])["faults"] == .array([fault]))
    #expect(try await reach.order(.fault, ["clear": true])["faults"] == .array([]))
    #expect(try await reach.order(.denials) == .array([]))
    for (order, input) in [
      (AccountOrder.restore, ["name": "nosuch"] as JSON), (.restore, ["name": "auto-000000001"]),
      (.snapshot, ["name": "../x"]), (.snapshot, [:]), (.advance, ["seconds": -1]), (.scenario, [:]),
      (.export, ["file": "relative"]), (.fault, ["add": ["x"]]),
    ] {
      await #expect(throws: TutorError.self) { try await reach.order(order, input) }
    }
    await host?.stop()
  }

  @Test func `an exported account is the same under another name`() async throws {
    let home = try Home()
    let workshop = try home.workshop()
    var options = PracticeOptions()
    options.scenario = try ScenarioFile("macie-enabled", in: workshop.assets)
    let host = try await serving(home, options)
    let reach = try workshop.account(named: "shop", run: nil)
    let file = home.path + "/shop.tar"
    _ = try await reach.order(.export, ["file": .string(file)])
    try workshop.importAccount(from: file, as: "copy")
    #expect(try await workshop.account(named: "copy", run: nil).order(.dump) == reach.order(.dump))
    #expect(throws: TutorError.self) { try workshop.importAccount(from: file, as: "copy") }
    #expect(throws: TutorError.self) { try workshop.importAccount(from: #filePath, as: "other") }
    #expect(throws: TutorError.self) { try workshop.account(named: "other", run: nil) }
    await host.stop()
  }

  @Test func `accounts that are served beside each other know nothing of each other`() async throws {
    let home = try Home()
    let workshop = try home.workshop()
    var hosts: [PracticeHost] = []
    for (name, seed) in [("one", 1), ("two", 2)] as [(String, UInt64)] {
      var options = PracticeOptions()
      options.seed = seed
      hosts.append(try await workshop.practice(named: name, run: nil, options: options))
    }
    let (one, two) = (
      hosts[0].access(region: "us-east-1").environment, hosts[1].access(region: "us-east-1").environment
    )
    #expect(one["AWS_ACCESS_KEY_ID"] != two["AWS_ACCESS_KEY_ID"])
    #expect(one["AWS_SECRET_ACCESS_KEY"] != two["AWS_SECRET_ACCESS_KEY"])
    let before = try await workshop.account(named: "two", run: nil).order(.status)
    _ = try await workshop.account(named: "one", run: nil).order(.advance, ["seconds": 3600])
    let scenario = try ScenarioFile("macie-enabled", in: workshop.assets)
    _ = try await workshop.account(named: "one", run: nil).order(.scenario, ["scenario": scenario.json])
    let after = try await workshop.account(named: "two", run: nil).order(.status)
    #expect(after["holds"] == before["holds"])
    #expect(after["ahead"] == before["ahead"])
    #expect(try workshop.accounts().map(\.name) == ["one", "two"])
    for host in hosts { await host.stop() }
  }

  @Test func `the record of how to reach a server is its owner's and goes with it`() async throws {
    let home = try Home()
    let host = try await serving(home)
    let path = home.path + "/state/cairn/practice/shop/serving.json"
    let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(rights == 0o600)
    await host.stop()
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `time passes as fast as asked`() async throws {
    let home = try Home()
    var options = PracticeOptions()
    options.speed = 100_000
    let host = try await serving(home, options)
    let begin = SystemClock().now
    while host.account.clock.now < begin.adding(seconds: 20_000),
      SystemClock().now < begin.adding(seconds: 60)
    {
      await Task.yield()
    }
    #expect(host.account.clock.now >= begin.adding(seconds: 20_000))
    await host.stop()
  }

  @Test func `a skipped wait is over at once, and the next ten minutes`() async throws {
    let home = try Home()
    let host = try await serving(home)
    let time = PracticeTime(account: host.account, pace: .times(0.001))
    let before = time.now
    let first = Task { try await time.wait(seconds: 300) }
    // A skip before the wait began counts as well.
    time.skip()
    try await first.value
    try await time.wait(seconds: 200)
    #expect(time.now >= before.adding(seconds: 500))
    await host.stop()
  }

  @Test func `a block that is refused is told why, policy by policy`() async throws {
    let home = try Home()
    let lesson = try home.lesson(
      """
      # L

      ## Step 1: lock yourself out

      ```bash
      aws s3api create-bucket --bucket locked-111122223333 > /dev/null
      aws s3api put-bucket-policy --bucket locked-111122223333 --policy '{"Version": "2012-10-17", "Statement":
        [{"Sid": "NoReading", "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::locked-111122223333/*"}]}'
      aws s3api get-object --bucket locked-111122223333 --key x out
      ```
      """)
    let opened = try await home.begin(lesson)
    let told = Paper()
    _ = try await opened.session.run(block: "step-1-lock-yourself-out-1") { event in
      if case .remark(let text) = event { told.write(text + "\n") }
    }
    #expect(
      told.text.contains(
        "why: an explicit deny wins, although it is allowed by the identity-based policy AdministratorAccess\n"
      ))
    #expect(told.text.contains("NoReading"))
    let run = opened.session.run.id
    let denials = try await home.workshop().accountOfRun(run).order(.denials)
    let text = DenialText.full(try #require(denials[0]))
    #expect(
      text.contains("User: arn:aws:iam::111122223333:user/learner is not authorized to perform: s3:GetObject")
    )
    #expect(text.contains("identity-based policy AdministratorAccess allows: "))
    #expect(text.contains("denies: "))
    await opened.close()
  }

  @Test func `a run begins with a scenario`() async throws {
    let home = try Home()
    let workshop = try home.workshop()
    var options = PracticeOptions()
    options.scenario = try ScenarioFile("bucket-taken", in: workshop.assets)
    options.seed = 42
    let opened = try await workshop.begin(lesson: ourLesson, on: .practice(options), pace: .instant)
    #expect(opened.practice?.account.status()["scenario"]?.string == "bucket-taken")
    #expect(opened.practice?.introduction(name: "x").contains("bucket-taken") == true)
    await opened.close()
  }

  @Test(
    arguments: [
      ("90s", 90), ("10m", 600), ("2h", 7200), ("3d", 259_200), ("1h30m", 5400), ("45", 45), ("", nil),
      ("m", nil),
      ("-5m", nil), ("5x", nil), ("0", nil), ("0s", nil), ("10m5", nil), ("٣m", nil),
    ] as [(String, Double?)])
  func `spans are read as they are typed`(text: String, expected: Double?) {
    #expect(seconds(ofSpan: text) == expected)
  }

  @Test(
    arguments: [
      ("throttle", "{\"kind\": \"throttle\", \"service\": \"*\", \"operation\": \"*\"}"),
      ("500:s3", "{\"kind\": \"500\", \"service\": \"s3\", \"operation\": \"*\"}"),
      (
        "drop-after:kms:CreateKey,after=2,times=1",
        "{\"kind\": \"drop-after\", \"service\": \"kms\", \"operation\": \"CreateKey\", \"after\": 2, \"times\": 1}"
      ),
      ("delay,seconds=2", "{\"kind\": \"delay\", \"service\": \"*\", \"operation\": \"*\", \"seconds\": 2}"),
      ("delay", nil), ("", nil), ("slow", nil), ("500:", nil), ("500:a:b:c", nil), ("500,times=0", nil),
      ("500,times=x", nil), ("500,times=-1", nil), ("500,when=1", nil), ("500,after=1.5", nil),
    ] as [(String, String?)])
  func `faults are read as they are typed`(spec: String, expected: String?) throws {
    #expect(FaultSpec.json(spec) == (try expected.map { try JSON.parse($0) }))
  }
}
