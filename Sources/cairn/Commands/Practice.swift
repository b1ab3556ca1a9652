import ArgumentParser
import Dispatch
import Glibc
import Lessons
import OrderedJSON
import PracticeServer
import TutorApp

struct Practice: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The practice account: serve it, look into it, break it, take it back.",
    discussion: """
      Each command works on an account that nobody serves and on one that a server or a run holds.
      """,
    subcommands: [
      Serve.self, AccountStatus.self, Clock.self, Snapshot.self, Restore.self, Snapshots.self,
      UndoChange.self,
      Scenarios.self, PlayScenario.self, Fault.self, Export.self, Import.self, Dump.self,
    ])
}

/// Which practice account is meant.
struct PracticeAccountOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Which account.", valueName: "name"))
  var account = "default"

  @Option(name: .customLong("run"), help: ArgumentHelp("The account of this run.", valueName: "run"))
  var ofRun: String?

  func validate() throws {
    guard account.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil else {
      throw ValidationError("--account takes letters, digits, '-' and '_'.")
    }
    if ofRun != nil, account != "default" {
      throw ValidationError("--account and --run name two accounts; give one of them.")
    }
  }

  /// Has something done to it.
  func order(_ order: AccountOrder, _ input: JSON = [:]) async throws -> JSON {
    try await Workshop(environment: environment()).account(named: account, run: ofRun).order(order, input)
  }
}

/// What goes wrong on purpose.
struct FaultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Something that goes wrong on purpose, may be repeated: \(FaultSpec.grammar).", valueName: "spec"))
  var fault: [String] = []

  func validate() throws {
    for spec in fault where FaultSpec.json(spec) == nil {
      throw ValidationError("--fault takes \(FaultSpec.grammar); '\(spec)' is none.")
    }
  }
}

extension Practice {
  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Serve a practice account on a loopback port until interrupted.",
      discussion: """
        Prints the lines that point another AWS client to it. Every request must be signed with the printed keys, and \
        policies are enforced. A new name makes a fresh account; what is done to it is kept.
        """)

    @Option(help: ArgumentHelp("The port; 0 takes a free one.", valueName: "port"))
    var port = 0

    @OptionGroup var which: PracticeAccountOptions
    @OptionGroup var faults: FaultOptions

    @Option(help: ArgumentHelp("The AWS Region of a new account.", valueName: "region"))
    var region: String?

    @Option(help: ArgumentHelp("Begin a new account with this scenario, by name or file.", valueName: "name"))
    var scenario: String?

    @Option(help: ArgumentHelp("Draw the ids of a new account from this number.", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("Let the account's time pass so many times as fast.", valueName: "n"))
    var speed = 1.0

    @Flag(inversion: .prefixedNo, help: "Whether policies decide; the account remembers it.")
    var authorization: Bool?

    func validate() throws {
      guard (0...65535).contains(port) else {
        throw ValidationError("--port takes a number from 0 to 65535.")
      }
      guard (1...100_000).contains(speed) else {
        throw ValidationError("--speed takes a number from 1 to 100000.")
      }
    }

    @MainActor func run() async throws {
      try await reporting {
        let workshop = try Workshop(environment: environment())
        var options = PracticeOptions(region: region)
        // Two accounts shall not share their keys, unless somebody wants the same twice.
        options.seed = seed ?? UInt64.random(in: 0...UInt64.max)
        options.scenario = try scenario.map { try ScenarioFile($0, in: workshop.assets) }
        options.faults = faults.fault.compactMap(FaultSpec.json)
        options.enforcesAuthorization = authorization
        options.speed = speed
        options.port = port
        let host = try await workshop.practice(named: which.account, run: which.ofRun, options: options)
        writeOutput(host.introduction(name: which.ofRun ?? which.account) + host.server.exportLines)
        await interruption()
        await host.stop()
        return 0
      }
    }
  }
}

/// Returns at SIGINT or SIGTERM.
private func interruption() async {
  let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
  let sources = [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { arrival.finish() }
    source.resume()
    return source
  }
  for await _ in arrivals {}
  sources.forEach { $0.cancel() }
}
