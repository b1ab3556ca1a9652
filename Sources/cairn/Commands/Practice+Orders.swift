import ArgumentParser
import Glibc
import Lessons
import OrderedJSON
import TutorApp

extension Practice {
  struct AccountStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "List the practice accounts and how they stand.",
      discussion: "Without --account and --run: all of them.")

    @Option(help: ArgumentHelp("Which account.", valueName: "name"))
    var account: String?

    @Option(name: .customLong("run"), help: ArgumentHelp("The account of this run.", valueName: "run"))
    var ofRun: String?

    @Flag(help: "Print JSON.")
    var json = false

    @MainActor func run() async throws {
      try await reporting {
        let workshop = try Workshop(environment: environment())
        let all =
          account == nil && ofRun == nil
          ? try workshop.accounts() : [try workshop.account(named: account ?? "default", run: ofRun)]
        var rows: [JSON] = []
        for reach in all {
          do throws(TutorError) {
            rows.append(reach.row(try await reach.order(.status)))
          } catch {
            // One that cannot be read must not hide the others.
            rows.append(["account": .string(reach.name), "error": .string(error.diagnostic.detail)])
          }
        }
        if json {
          writeOutput(JSON.object(["accounts": .array(rows)]).text(indent: 2) + "\n")
        } else {
          writeOutput(
            rows.isEmpty
              ? "No practice accounts yet. 'cairn practice serve' makes one.\n"
              : rows.map(statusText).joined())
        }
        return 0
      }
    }
  }

  struct Clock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the account's time, or move it forward.",
      discussion: "What falls due on the way happens in its order. 'cairn practice undo' takes it back.")

    @OptionGroup var which: PracticeAccountOptions

    @Option(help: ArgumentHelp("How far: 90s, 10m, 2h, 3d.", valueName: "span"))
    var advance: String?

    func validate() throws {
      if let advance, seconds(ofSpan: advance) == nil {
        throw ValidationError("--advance takes a span as in 90s, 10m, 2h or 3d; '\(advance)' is none.")
      }
    }

    @MainActor func run() async throws {
      try await reporting {
        let answer =
          if let span = advance.flatMap(seconds(ofSpan:)) {
            try await which.order(.advance, ["seconds": .double(span)])
          } else {
            try await which.order(.status)
          }
        writeOutput("\(answer["time"]?.string ?? "") (\(ahead(answer)))\n")
        return 0
      }
    }
  }

  struct Snapshot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keep an account as it is now, under a name.",
      discussion: "A snapshot of that name is replaced. --forget drops it.")

    @Argument(help: "Letters, digits, '.', '_' and '-'.")
    var name: String

    @OptionGroup var which: PracticeAccountOptions

    @Flag(help: "Forget the snapshot instead.")
    var forget = false

    @MainActor func run() async throws {
      try await reporting {
        _ = try await which.order(forget ? .forget : .snapshot, ["name": .string(name)])
        return 0
      }
    }
  }

  struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take an account back to a snapshot, which stays.",
      discussion: "'cairn practice undo' takes that back. A run's blocks are undone with 'cairn undo'.")

    @Argument(help: "The snapshot's name.")
    var name: String

    @OptionGroup var which: PracticeAccountOptions

    @MainActor func run() async throws {
      try await reporting {
        _ = try await which.order(.restore, ["name": .string(name)])
        return 0
      }
    }
  }

  struct Snapshots: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List an account's snapshots, oldest first.")

    @OptionGroup var which: PracticeAccountOptions

    @MainActor func run() async throws {
      try await reporting {
        let rows = try await which.order(.snapshots).array ?? []
        for row in rows { writeOutput("\(row["name"]?.string ?? "")  \(row["time"]?.string ?? "")\n") }
        return 0
      }
    }
  }

  struct UndoChange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "undo", abstract: "Take back the last restore, scenario or clock of an account.",
      discussion: "What clients did since is taken back with it. A run's blocks are undone with 'cairn undo'."
    )

    @OptionGroup var which: PracticeAccountOptions

    @MainActor func run() async throws {
      try await reporting {
        _ = try await which.order(.undo)
        return 0
      }
    }
  }

  struct Scenarios: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the scenarios.")

    @MainActor func run() async throws {
      try await reporting {
        let all = try ScenarioFile.all(in: Assets(environment: environment()))
        let width = all.map(\.name.count).max() ?? 0
        for file in all {
          let name = file.name
          writeOutput(name + String(repeating: " ", count: width - name.count + 2) + file.title + "\n")
        }
        return 0
      }
    }
  }

  struct PlayScenario: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "scenario", abstract: "Play a scenario on an account that is there: all of it or nothing.",
      discussion: "'cairn practice undo' takes it back.")

    @Argument(help: "Its name, or a file of your own.")
    var name: String

    @OptionGroup var which: PracticeAccountOptions

    @MainActor func run() async throws {
      try await reporting {
        let file = try ScenarioFile(name, in: Assets(environment: environment()))
        _ = try await which.order(.scenario, ["scenario": file.json])
        writeOutput(file.title + "\n")
        return 0
      }
    }
  }

  struct Fault: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what goes wrong on purpose, add to it, or clear it.",
      discussion: "SPEC is \(FaultSpec.grammar).")

    @Argument(help: ArgumentHelp("What is to go wrong.", valueName: "spec"))
    var specs: [String] = []

    @Flag(help: "Clear what was there before.")
    var clear = false

    @OptionGroup var which: PracticeAccountOptions

    func validate() throws {
      for spec in specs where FaultSpec.json(spec) == nil {
        throw ValidationError("a fault is \(FaultSpec.grammar); '\(spec)' is none.")
      }
    }

    @MainActor func run() async throws {
      try await reporting {
        let input: JSON = ["add": .array(specs.compactMap(FaultSpec.json)), "clear": .bool(clear)]
        let answer = try await which.order(.fault, input)
        for rule in answer["faults"]?.array ?? [] { writeOutput(faultText(rule) + "\n") }
        return 0
      }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write an account to one file, a tar archive.",
      discussion: "It holds the account's keys and objects in plain.")

    @Argument(help: "The file.", completion: .file())
    var file: String

    @OptionGroup var which: PracticeAccountOptions

    @MainActor func run() async throws {
      try await reporting {
        let path = file.hasPrefix("/") ? file : workingDirectory() + "/" + file
        _ = try await which.order(.export, ["file": .string(path)])
        return 0
      }
    }
  }

  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make an account of a file that export wrote.", discussion: "The name must be free.")

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The name of the new account.", valueName: "name"))
    var account = "default"

    func validate() throws {
      guard account.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil else {
        throw ValidationError("--account takes letters, digits, '-' and '_'.")
      }
    }

    @MainActor func run() async throws {
      try await reporting {
        try Workshop(environment: environment()).importAccount(from: file, as: account)
        return 0
      }
    }
  }

  struct Dump: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print what a practice account holds, as JSON.",
      discussion: "Accounts that hold the same print the same.")

    @OptionGroup var which: PracticeAccountOptions

    @MainActor func run() async throws {
      try await reporting {
        writeOutput(try await which.order(.dump).text(indent: 2) + "\n")
        return 0
      }
    }
  }
}

private func workingDirectory() -> String {
  guard let path = getcwd(nil, 0) else { return "" }
  defer { free(path) }
  return String(cString: path)
}
