import ArgumentParser
import Dispatch
import Glibc
import LabEngine
import Lessons
import PracticeServer
import TutorApp

struct Practice: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The practice account, for other AWS clients and to look into.",
    subcommands: [Serve.self, Dump.self])

  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Serve a practice account on a loopback port until interrupted.",
      discussion: """
        Prints the lines that point another AWS client to it. Every request must be signed with the printed keys, and \
        policies are enforced.
        """)

    @Option(help: ArgumentHelp("The port; 0 takes a free one.", valueName: "port"))
    var port = 0

    @Option(help: ArgumentHelp("Which account; a new name makes a fresh one.", valueName: "name"))
    var account = "default"

    @Option(name: .customLong("run"), help: ArgumentHelp("The account of this run.", valueName: "run"))
    var ofRun: String?

    @Option(help: ArgumentHelp("The AWS Region of the printed lines.", valueName: "region"))
    var region = Workshop.practiceRegion

    func validate() throws {
      guard (0...65535).contains(port) else {
        throw ValidationError("--port takes a number from 0 to 65535.")
      }
      guard account.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil else {
        throw ValidationError("--account takes letters, digits, '-' and '_'.")
      }
    }

    @MainActor func run() async throws {
      let directory = account
      try await reporting {
        let workshop = try Workshop(environment: environment())
        let host = try await workshop.practice(named: directory, run: ofRun, region: region, port: port)
        writeOutput(host.server.exportLines)
        await interruption()
        await host.server.stop()
        return 0
      }
    }
  }

  struct Dump: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print what a practice account holds, as JSON.",
      discussion: "Accounts that hold the same print the same.")

    @Option(help: ArgumentHelp("Which account.", valueName: "name"))
    var account = "default"

    @Option(name: .customLong("run"), help: ArgumentHelp("The account of this run.", valueName: "run"))
    var ofRun: String?

    @MainActor func run() async throws {
      try await reporting {
        let workshop = try Workshop(environment: environment())
        writeOutput(try workshop.dump(named: account, run: ofRun) + "\n")
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
