import Foundation
import OrderedJSON
import ServiceModels
import TestKit
import Testing

@testable import AWSCommand

/// The names of everything that can be typed, against the recorded command table.
@Suite struct SurfaceTests {
  private static let folder = (conformanceDirectory ?? "") + "/cli"

  private func rows(_ name: String) throws -> [JSON] {
    let given = ProcessInfo.processInfo.environment["SURFACE_FILE"]
    let text = try contents(of: given ?? "\(SurfaceTests.folder)/\(name).jsonl")
    return try text.split(separator: "\n").map { try JSON.parse(String($0)) }
  }

  @Test(.enabled(if: Conformance.isPresent)) func `Every recorded command has its options`() throws {
    var outcomes: [(id: String, problem: String?)] = []
    for row in try rows("command-surface") {
      let service = row["service"]?.string ?? ""
      let command = row["command"]?.string ?? ""
      outcomes.append(("\(service) \(command)", problem(row, service, command)))
    }
    Conformance.judge("command-surface", outcomes)
  }

  @Test(.enabled(if: Conformance.isPresent)) func `Every recorded name has its spelling`() throws {
    let outcomes = try rows("xform-names").map { row -> (id: String, problem: String?) in
      let name = row["name"]?.string ?? ""
      let found = cliName(name)
      return (name, found == row["cli"]?.string ? nil : found)
    }
    Conformance.judge("xform-names", outcomes)
  }

  @Test(.enabled(if: Conformance.isPresent)) func `Every recorded service has its command`() throws {
    let names = try JSON.parse(contents(of: "\(SurfaceTests.folder)/service-commands.json")).array ?? []
    let line = AWSCommandLine(catalog: Conformance.catalog) { _ in preconditionFailure("nothing is called") }
    let context = CommandContext(
      line: line, environment: [:], workingDirectory: "/",
      console: Console(input: { _ in [] }, output: { _ in }, error: { _ in }))
    let known = Set(context.commandNames)
    let outcomes = names.compactMap(\.string).map { ("command \($0)", known.contains($0) ? nil : "unknown") }
    Conformance.judge("service-commands", outcomes)
  }

  @Test func `Every operation of every model can be typed`() throws {
    var count = 0
    var problems: [String] = []
    for service in Conformance.catalog.services {
      let model = try Conformance.catalog.model(service)
      let command = commandName(service)
      let names = CustomCommands.operations(of: command, model.operationNames.map { cliName($0) })
      if Set(names).count != names.count { problems.append("\(command): two operations of one name") }
      for name in names {
        let named = CustomCommands.operation(command, name).flatMap { model.operation($0) }
        if (named ?? model.operation(cliName: name)) == nil {
          problems.append("\(command) \(name): no operation")
        }
      }
      count += names.count
    }
    print("operations that can be typed: \(count)")
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
  }

  /// One service in twelve by default; `EVERY_OPERATION=1` takes them all, which is a matter of ten seconds.
  @Test func `No two options of an operation share a name, and none hides a global one`() throws {
    let every = ProcessInfo.processInfo.environment["EVERY_OPERATION"] != nil
    let global = Set(GlobalOptions.specs.map(\.name))
    var problems: [String] = []
    for (index, service) in Conformance.catalog.services.enumerated() where every || index % 12 == 0 {
      let model = try Conformance.catalog.model(service)
      let command = commandName(service)
      for name in CustomCommands.operations(of: command, model.operationNames.map { cliName($0) }) {
        let named = CustomCommands.operation(command, name).flatMap { model.operation($0) }
        guard let operation = named ?? model.operation(cliName: name) else { continue }
        let options = OperationArguments(
          model, operation, command: command, name: name, paginates: true, requires: true
        ).specs.map(\.name)
        if Set(options).count != options.count {
          problems.append("\(command) \(name): two options of one name")
        }
        for option in options where global.contains(option) {
          problems.append("\(command) \(name): \(option) hides a global option")
        }
      }
    }
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
  }

  private func problem(_ row: JSON, _ service: String, _ command: String) -> String? {
    if row["custom"]?.bool == true {
      let known = CustomCommands.missingIn[service]?.contains(command) ?? false
      return known ? nil : "nobody knows of it"
    }
    guard let model = try? Conformance.catalog.model(serviceName(service)) else { return "no model" }
    if command == "wait" {
      let expected = (row["subcommands"]?.array ?? []).compactMap(\.string)
      return compared(expected, model.waiterNames.map { cliName($0) })
    }
    let named = CustomCommands.operation(service, command).flatMap { model.operation($0) }
    guard let operation = named ?? model.operation(cliName: command),
      !(CustomCommands.removed[service]?.contains(command) ?? false)
    else { return "no such operation" }
    if operation.name != row["operation"]?.string { return "operation \(operation.name)" }
    let arguments = OperationArguments(
      model, operation, command: service, name: command, paginates: true, requires: true)
    // Version 1's own, and version 2's own.
    let expected = (row["args"]?.array ?? []).map { described($0) }
    var found = arguments.specs.filter { $0.name != "--cli-input-yaml" }.map {
      $0.name + ($0.isRequired ? " required" : "")
    }
    found += arguments.positionals.map { $0.name + ($0.isRequired ? " required" : "") }
    return compared(expected, found)
  }

  private func described(_ argument: JSON) -> String {
    (argument["name"]?.string ?? "") + (argument["required"]?.bool == true ? " required" : "")
  }

  private func compared(_ expected: [String], _ found: [String]) -> String? {
    let missing = Set(expected).subtracting(found).sorted()
    let extra = Set(found).subtracting(expected).sorted()
    if missing.isEmpty, extra.isEmpty { return nil }
    return "missing \(missing), extra \(extra)"
  }
}
