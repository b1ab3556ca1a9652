import Foundation
import OrderedJSON
import TestKit
import Testing

@testable import ServiceModels

private let folder = repositoryRoot + "/assets/models"
private let manifest = (try? JSON.parse(contents(of: folder + "/manifest.json"))) ?? .null

/// What the bundle as a whole must be.
@Suite struct BundleTests {
  @Test func `every service of AWS's published models is there`() {
    #expect(bundle.services.count == 424)
    #expect(manifest["services"]?.int == 424)
    #expect(manifest["operations"]?.int == 18_378)
    let counted = (manifest["files"]?.object ?? JSONObject()).reduce(0) {
      $0 + ($1.value["operations"]?.int ?? 0)
    }
    #expect(counted == 18_378)
  }

  @Test func `all of it is at most 16 MB`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let sizes = try names.map { try #require(FileManager.default.contents(atPath: "\(folder)/\($0)")).count }
    #expect(sizes.reduce(0, +) <= 16_000_000)
  }

  @Test func `the manifest names origin, version and licence`() {
    #expect(manifest["origin"]?.string == "botocore")
    #expect(manifest["originURL"]?.string == "https://github.com/boto/botocore")
    #expect(manifest["originVersion"]?.string?.split(separator: ".").count == 3)
    #expect(manifest["licence"]?.string == "Apache-2.0")
  }

  /// A model that reads as absent what is there would not fail elsewhere, only do less: hence every reference is
  /// followed and every count compared.
  @Test(arguments: bundle.services)
  func `every operation of every service can be built whole`(service: String) throws {
    let model = try bundle.model(service)
    let facts = manifest["files"]?["\(service).cairnmodel"]
    #expect(model.service == service)
    #expect(model.apiVersion == facts?["apiVersion"]?.string)
    let names = model.operationNames
    #expect(names.count == facts?["operations"]?.int)
    var seen: Set<Shape> = []
    for name in names {
      let operation = try #require(model.operation(name))
      for shape in [operation.input, operation.output].compactMap({ $0 }) + operation.errors {
        walk(shape, &seen)
      }
    }
    #expect(seen.allSatisfy { !$0.name.isEmpty }, "a reference leads nowhere")
    for index in model.shapeNames.indices {
      let type = model.shapeNode(at: index)?["type"]?.string ?? "none"
      #expect(Kind(typeName: type) != nil, "\(type)")
    }
    for name in model.waiterNames {
      let waiter = try #require(model.waiter(name))
      #expect(model.operation(waiter.operation) != nil && !waiter.acceptors.isEmpty)
    }
    for name in names {
      guard let paginator = model.paginator(name) else { continue }
      #expect(!paginator.inputTokens.isEmpty && paginator.inputTokens.count == paginator.outputTokens.count)
    }
  }

  @Test(arguments: bundle.services)
  func `endpoint rules call known functions and have known types`(service: String) throws {
    let rules = try #require(bundle.model(service).endpointRules)
    let partitions = try bundle.partitions()
    var functions: Set<String> = []
    var types: Set<String> = []
    func visit(_ value: JSON) {
      if let name = value["fn"]?.string { functions.insert(name) }
      if value["conditions"] != nil, let type = value["type"]?.string { types.insert(type) }
      for element in value.array ?? [] { visit(element) }
      for (_, member) in value.object ?? JSONObject() { visit(member) }
    }
    visit(rules.json())
    for name in functions { #expect(throws: Never.self) { try RuleFunctions.call(name, [], partitions) } }
    #expect(!types.isEmpty && types.isSubset(of: ["tree", "endpoint", "error"]))
  }

  @Test(
    .enabled(
      if: installedBotocore == manifest["originVersion"]?.string, "the botocore of the manifest is not here"))
  func `packing again gives the committed bytes`() throws {
    let target = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: target) }
    let services = ["cloudfront", "ec2", "kms", "sqs"]
    _ = try python([repositoryRoot + "/scripts/distil-models", "--to", target] + services)
    for name in services + ["_partitions"] {
      let committed = FileManager.default.contents(atPath: "\(folder)/\(name).cairnmodel")
      #expect(FileManager.default.contents(atPath: "\(target)/\(name).cairnmodel") == committed)
    }
  }

  /// The script in Python and `PackedWriter` start from the same raw files here.
  @Test(
    .enabled(
      if: installedBotocore == manifest["originVersion"]?.string, "the botocore of the manifest is not here"))
  func `raw models load as the packed ones do`() throws {
    let data = try python(["-c", "import botocore, os; print(os.path.dirname(botocore.__file__) + '/data')"])
    let raw = ModelCatalog(directory: "/nonexistent", dataPath: [data])
    #expect(raw.services == bundle.services)
    // Of several versions the newest; merged extras; all protocols.
    for service in ["cloudfront", "ec2", "kms", "lambda", "rds", "s3", "sqs", "sts"] {
      let model = try raw.model(service)
      #expect(
        try model.file.root.json(limit: 10_000_000) == bundle.model(service).file.root.json(limit: 10_000_000)
      )
    }
  }
}

private func walk(_ root: Shape, _ seen: inout Set<Shape>) {
  var waiting = [root]
  while let shape = waiting.popLast() {
    guard seen.insert(shape).inserted else { continue }
    for member in shape.members { waiting.append(member.shape) }
    for member in [shape.element, shape.key, shape.value] {
      if let member { waiting.append(member.shape) }
    }
  }
}

/// The version of botocore that python3 finds, nil if it finds none.
private let installedBotocore = try? python(["-c", "import botocore; print(botocore.__version__)"])

/// What python3 prints for `arguments`, without the end of line.
private func python(_ arguments: [String]) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["python3"] + arguments
  let output = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
  return text.trimmingCharacters(in: .newlines)
}
