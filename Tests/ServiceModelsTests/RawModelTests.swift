import Compression
import Foundation
import OrderedJSON
import TestKit
import Testing

@testable import ServiceModels

/// A small service in botocore's form.
private func rawModel(version: String, operation: String = "DoThing", prefix: String = "thing") -> String {
  """
  {"version": "2.0",
   "metadata": {"apiVersion": "\(version)", "endpointPrefix": "\(prefix)", "protocol": "json", "jsonVersion": "1.1",
     "targetPrefix": "Thing", "serviceId": "Thing", "signatureVersion": "v4"},
   "operations": {"\(operation)": {"name": "\(operation)", "http": {"method": "POST", "requestUri": "/"},
     "input": {"shape": "Input"}, "errors": [{"shape": "Gone"}], "documentation": "<p>Does it.</p>"}},
   "shapes": {"Input": {"type": "structure", "required": ["Name"], "members": {"Name": {"shape": "Name"},
       "Sizes": {"shape": "Sizes"}}},
     "Name": {"type": "string", "max": 64}, "Sizes": {"type": "list", "member": {"shape": "Size"}},
     "Size": {"type": "integer"}, "Gone": {"type": "structure", "members": {}, "exception": true}}}
  """
}

/// A directory of raw models for one test.
private final class Folder {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func put(_ name: String, _ text: String) throws { try put(name, Array(text.utf8)) }

  func put(_ name: String, _ bytes: [UInt8]) throws {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }
}

private func catalog(_ folders: Folder...) -> ModelCatalog {
  ModelCatalog(directory: bundle.directory, dataPath: folders.map(\.path))
}

private let fips = {
  var options = EndpointOptions()
  options.usesFIPS = true
  return options
}()

@Suite struct RawModelTests {
  @Test func `a service that the bundle lacks is found, as it is or gzipped`() throws {
    let folder = Folder()
    try folder.put("thing/2020-01-01/service-2.json", rawModel(version: "2020-01-01"))
    try folder.put("zipped/2020-01-01/service-2.json.gz", gzip(Array(rawModel(version: "2020-01-01").utf8)))
    let catalog = catalog(folder)
    for service in ["thing", "zipped"] {
      let model = try catalog.model(service)
      #expect(model.service == service)
      #expect(model.operation(cliName: "do-thing")?.input?.members.map(\.name) == ["Name", "Sizes"])
      #expect(model.operation("DoThing")?.errors.first?.faultCode == "Gone")
      #expect(catalog.contains(service) && catalog.services.contains(service))
    }
    #expect(catalog.services.count == bundle.services.count + 2)
  }

  @Test func `of several versions the latest is taken, wherever it is`() throws {
    let (first, second) = (Folder(), Folder())
    try first.put("thing/2020-01-01/service-2.json", rawModel(version: "2020-01-01", operation: "Old"))
    try second.put("thing/2021-01-01/service-2.json", rawModel(version: "2021-01-01", operation: "New"))
    try second.put("thing/2022-01-01/paginators-1.json", "{}")
    #expect(try catalog(first, second).model("thing").operationNames == ["New"])
  }

  @Test func `of one version the first directory's is taken`() throws {
    let (first, second) = (Folder(), Folder())
    try first.put("thing/2020-01-01/service-2.json", rawModel(version: "2020-01-01", operation: "First"))
    try second.put("thing/2020-01-01/service-2.json", rawModel(version: "2020-01-01", operation: "Second"))
    #expect(try catalog(first, second).model("thing").operationNames == ["First"])
    #expect(try catalog(second, first).model("thing").operationNames == ["Second"])
  }

  @Test func `the bundle wins but over newer versions`() throws {
    let bundled = try bundle.model("kms").apiVersion
    for version in ["1999-01-01", bundled] {
      let folder = Folder()
      try folder.put("kms/\(version)/service-2.json", rawModel(version: version))
      #expect(try catalog(folder).model("kms").operation("CreateKey") != nil)
    }
    let folder = Folder()
    try folder.put("kms/2999-01-01/service-2.json", rawModel(version: "2999-01-01"))
    #expect(try catalog(folder).model("kms").operationNames == ["DoThing"])
    #expect(try catalog(folder).model("sts").operation("AssumeRole") != nil)
  }

  @Test func `paginators, waiters and extras come along`() throws {
    let folder = Folder()
    let place = "thing/2020-01-01/"
    try folder.put(place + "service-2.json", rawModel(version: "2020-01-01"))
    try folder.put(
      place + "service-2.sdk-extras.json",
      #"{"version": 1.0, "merge": {"shapes": {"Input": {"members": {"Extra": {"shape": "Name"}}}}}}"#)
    try folder.put(
      place + "paginators-1.json",
      #"{"pagination": {"DoThing": {"input_token": "A", "output_token": "B", "result_key": "C"}}}"#)
    try folder.put(
      place + "paginators-1.sdk-extras.json",
      #"{"version": 1.0, "merge": {"pagination": {"DoThing": {"non_aggregate_keys": ["D"]}}}}"#)
    try folder.put(
      place + "waiters-2.json.gz",
      gzip(
        Array(
          #"""
          {"version": 2, "waiters": {"ThingDone": {"operation": "DoThing", "delay": 3, "maxAttempts": 9,
            "acceptors": [{"state": "success", "matcher": "status", "expected": 200}]}}}
          """#.utf8)))
    let model = try catalog(folder).model("thing")
    #expect(model.operation("DoThing")?.input?.members.map(\.name) == ["Name", "Sizes", "Extra"])
    #expect(model.paginator("DoThing")?.nonAggregateKeys == ["D"])
    #expect(model.waiter("ThingDone")?.delay == 3)
  }

  @Test(arguments: [
    ("us-west-2", nil, "thing.us-west-2.amazonaws.com"),
    ("cn-north-1", nil, "thing.cn-north-1.amazonaws.com.cn"),
    ("us-west-2", "http://localhost:4566", "localhost:4566"),
  ])
  func `a model without endpoint rules is reached in the common way`(
    region: String, custom: String?, host: String
  ) throws {
    let folder = Folder()
    try folder.put("thing/2020-01-01/service-2.json", rawModel(version: "2020-01-01"))
    let catalog = catalog(folder)
    let operation = try #require(catalog.model("thing").operation("DoThing"))
    let endpoint = try operation.endpoint(
      [:], region: region, custom: custom, partitions: catalog.partitions())
    #expect(endpoint.host == host)
    #expect(throws: EndpointError.self) {
      try operation.endpoint([:], region: nil, partitions: catalog.partitions())
    }
    #expect(throws: EndpointError.self) {
      try operation.endpoint(
        [:], region: region, options: fips, partitions: catalog.partitions())
    }
  }

  @Test func `a newer version without endpoint rules keeps the service's latest`() throws {
    let folder = Folder()
    try folder.put("kms/2999-01-01/service-2.json", rawModel(version: "2999-01-01", prefix: "kms"))
    let catalog = catalog(folder)
    let operation = try #require(catalog.model("kms").operation("DoThing"))
    let endpoint = try operation.endpoint(
      [:], region: "us-east-1", options: fips, partitions: catalog.partitions())
    #expect(endpoint.host == "kms-fips.us-east-1.amazonaws.com")
  }

  @Test func `a service touches its own file alone`() throws {
    let folder = Folder()
    let own = try #require(FileManager.default.contents(atPath: bundle.directory + "/sts.cairnmodel"))
    try folder.put("sts.cairnmodel", Array(own))
    for other in ["a", "kms", "zz", "_partitions"] { try folder.put("\(other).cairnmodel", "no model") }
    let catalog = ModelCatalog(directory: folder.path)
    #expect(try catalog.model("sts").operation("AssumeRole") != nil)
    #expect(try #require(throws: ModelError.self) { try catalog.model("kms") }.kind == .corrupt)
    #expect(catalog.services == ["a", "kms", "sts", "zz"])
  }

  @Test(arguments: ["", ".", "..", "../models/kms", "/etc", "_partitions", "a\u{0}b", "nosuch", "KMS "])
  func `a name that is no service is a typed error`(name: String) throws {
    let folder = Folder()
    try folder.put("thing/2020-01-01/service-2.json", rawModel(version: "2020-01-01"))
    let error = try #require(throws: ModelError.self) { try catalog(folder).model(name) }
    #expect(error.kind == .unknownService)
    #expect(!catalog(folder).contains(name))
  }

  @Test func `AWS_DATA_PATH is taken apart as botocore does`() {
    func paths(_ value: String?) -> [String] {
      var environment = ["HOME": "/home/ada", "TEAM": "/srv/team"]
      environment["AWS_DATA_PATH"] = value
      return ModelCatalog.dataPath(environment: environment, home: "/home/ada")
    }
    let own = "/home/ada/.aws/models"
    #expect(paths(nil) == [own])
    #expect(paths("") == [own])
    #expect(paths("/a:/b c:") == ["/a", "/b c", own])
    #expect(paths("~/m:~:~bob/m") == ["/home/ada/m", "/home/ada", "~bob/m", own])
    #expect(paths("$TEAM/m:${TEAM}s:$NONE/x:a$") == ["/srv/team/m", "/srv/teams", "$NONE/x", "a$", own])
    #expect(ModelCatalog.dataPath(environment: ["AWS_DATA_PATH": "~/m"], home: nil) == ["~/m"])
  }
}

@Suite struct DamagedRawModelTests {
  @Test func `every truncation is a typed error with file and position`() throws {
    let text = Array(rawModel(version: "2020-01-01").utf8)
    let folder = Folder()
    for length in 0..<text.count {
      try folder.put("thing/2020-01-01/service-2.json", Array(text[..<length]))
      let error = try #require(throws: ModelError.self) { try catalog(folder).model("thing") }
      #expect(error.kind == .corrupt && error.position != nil)
      #expect(error.subject == folder.path + "/thing/2020-01-01/service-2.json")
    }
  }

  @Test func `a truncated gzip is told with its position`() throws {
    let folder = Folder()
    let packed = try gzip(Array(rawModel(version: "2020-01-01").utf8))
    try folder.put("thing/2020-01-01/service-2.json.gz", Array(packed[..<(packed.count / 2)]))
    let error = try #require(throws: ModelError.self) { try catalog(folder).model("thing") }
    #expect(error.kind == .corrupt && error.position == .byte(packed.count / 2))
  }

  @Test(arguments: [
    (#"{"shape": "Name"}"#, #"{"shape": "Nam"}"#, #"shapes.Input.members.Name: there is no shape "Nam""#),
    (
      #"{"shape": "Gone"}"#, #"{"shape": "Lost"}"#, #"operations.DoThing.errors[0]: there is no shape "Lost""#
    ),
    (#"{"shape": "Input"}"#, #"{}"#, "operations.DoThing.input: it names no shape"),
    (#""type": "integer""#, #""type": "number""#, "shapes.Size.type: it is no type of a shape"),
    (#", "member": {"shape": "Size"}"#, "", "shapes.Sizes.member: it is missing"),
    (#""metadata""#, #""meta""#, "metadata: an object is missing"),
    (#""protocol": "json""#, #""protocol": "morse""#, "it speaks only morse"),
  ])
  func `what is wrong is told by its place`(what: String, instead: String, problem: String) throws {
    let folder = Folder()
    let text = rawModel(version: "2020-01-01")
    let changed = text.replacing(what, with: instead, maxReplacements: 1)
    #expect(changed != text)
    try folder.put("thing/2020-01-01/service-2.json", changed)
    let error = try #require(throws: ModelError.self) { try catalog(folder).model("thing") }
    #expect(error.detail == problem)
    #expect(error.description.contains(folder.path))
  }

  @Test(arguments: 0..<300)
  func `changed bytes never trap`(seed: Int) throws {
    var bytes = Array(rawModel(version: "2020-01-01").utf8)
    var state = UInt64(seed) &* 0x2545_F491_4F6C_DD1D | 1
    for _ in 0...(seed % 4) {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let pieces = Array("{}[]\",:0null\u{80}".utf8)
      bytes[Int(state % UInt64(bytes.count))] = pieces[Int(state >> 32) % pieces.count]
    }
    let folder = Folder()
    try folder.put("thing/2020-01-01/service-2.json", bytes)
    guard let model = try? catalog(folder).model("thing") else { return }
    exercise(model)
  }
}
