import ArgumentParser
import LabEngine
import OrderedJSON
import TutorApp

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the runs and what of them still exists.",
    discussion: "What exists is what the ledger knows; 'cairn teardown RUN --plan' asks the account.")

  @Flag(help: "Print JSON.")
  var json = false

  @MainActor func run() async throws {
    try await reporting {
      let workshop = try Workshop(environment: environment())
      let runs = try workshop.summaries()
      if json {
        writeOutput(JSON.runs(runs).text(indent: 2) + "\n")
      } else {
        writeOutput(
          runs.isEmpty ? "No runs yet. 'cairn run LESSON' begins one.\n" : runs.map(\.text).joined())
      }
      return 0
    }
  }
}

extension JSON {
  fileprivate static func runs(_ runs: [RunSummary]) -> JSON {
    let rows = runs.map { run -> JSON in
      [
        "id": .string(run.id), "lesson": .string(run.lesson), "title": .string(run.title),
        "mode": .string(run.mode),
        "account": .string(run.account), "region": .string(run.region), "state": .string(run.state),
        "outstanding": .array(
          run.outstanding.map { resource -> JSON in
            [
              "type": .string(resource.type), "id": .string(resource.identity),
              "name": .string(resource.name),
              "region": .string(resource.region), "state": .string(resource.state),
            ]
          }),
        "pending": .array(
          run.pending.map { resource -> JSON in
            [
              "type": .string(resource.type), "id": .string(resource.identity),
              "until": .string(resource.until ?? ""),
            ]
          }),
      ]
    }
    return ["runs": .array(rows)]
  }
}
