import Digests
import Foundation
import OrderedJSON
import TestKit
import Testing
import Wire

@testable import ServiceModels

private func bytes(_ service: String) throws -> [UInt8] {
  let path = repositoryRoot + "/assets/models/\(service).cairnmodel"
  return Array(try #require(FileManager.default.contents(atPath: path)))
}

/// Reads whatever there is to read.
func exercise(_ model: ServiceModel) {
  for name in model.operationNames.prefix(40) {
    guard let operation = model.operation(name) else { continue }
    _ = operation.errors.map(\.faultCode)
    for shape in [operation.input, operation.output].compactMap({ $0 }) { walk(shape, depth: 0) }
    _ = model.paginator(name)
    _ = try? operation.request([:], endpoint: Endpoint(host: "h", signingRegion: "r", signingName: "s")) {
      "t"
    }
    if let partitions = try? bundle.partitions() {
      _ = try? operation.endpoint(["Bucket": "b"], region: "eu-west-1", partitions: partitions)
    }
  }
  _ = model.route(HTTPRequest(method: "GET", host: "h", path: "/a/b", query: "c"))
  for name in model.waiterNames.prefix(40) { _ = model.waiter(name) }
}

private func walk(_ shape: Shape, depth: Int) {
  guard depth < 3 else { return }
  for member in shape.members.prefix(20) + [shape.element, shape.key, shape.value].compactMap({ $0 }) {
    walk(member.shape, depth: depth + 1)
  }
}

@Suite struct PackedFileTests {
  @Test func `a file truncated anywhere is a typed error with file and position`() throws {
    let whole = try bytes("ebs")
    for length in 0..<whole.count {
      let error = try #require(throws: ModelError.self) {
        try ServiceModel(file: PackedFile(name: "ebs", bytes: Array(whole[..<length])))
      }
      #expect(error.kind == .corrupt && error.subject == "ebs" && error.position == .byte(length))
    }
  }

  /// The keys of equal objects stand once, so one wrong byte can make thousands of objects endless: the one key of most
  /// references, the none of structures without members.
  @Test(.timeLimit(.minutes(1)), arguments: [("ec2", 1), ("macie2", 0)])
  func `no wrong count of keys costs much time`(service: String, count: Int) throws {
    var damaged = try bytes(service)
    let file = try PackedFile(name: service, bytes: damaged)
    let shapes = try #require(file.root["model"]?["shapes"])
    let structures = (0..<shapes.count).compactMap { shapes[$0]?["members"] }
    let references = structures.compactMap { $0[0] }
    let object = try #require((count == 0 ? structures : references).first { $0.count == count })
    let keys = try #require(file.word(Int(object.word >> 3)))
    // Three quarters of all words: a count that the section can hold.
    let wrong = UInt32(file.wordCount / 4 * 3)
    for byte in 0..<4 {
      damaged[file.wordsStart + Int(keys) * 4 + byte] = UInt8(truncatingIfNeeded: wrong >> UInt32(byte * 8))
    }
    let endless = try PackedFile(name: service, bytes: damaged)
    #expect(PackedNode(file: endless, word: object.word).count == Int(wrong))
    exercise(try ServiceModel(file: endless))
  }

  @Test func `a missing file and an unknown service are typed errors`() {
    #expect(throws: ModelError.self) { try PackedFile(path: "/nonexistent/model") }
    #expect(throws: ModelError.self) { try bundle.model("nosuch") }
    #expect(ModelCatalog(directory: "/nonexistent").services.isEmpty)
  }

  @Test(arguments: 0..<400)
  func `a damaged file never traps`(seed: Int) throws {
    var damaged = try bytes(["sts", "kms", "s3"][seed % 3])
    var state = UInt64(seed) &* 0x2545_F491_4F6C_DD1D | 1
    for _ in 0..<(1 + seed % 60) {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      // Leave magic, version and length alone, mostly: behind them lies what is worth reading.
      let start = seed % 20 == 0 ? 0 : 12
      let position = start + Int(state % UInt64(seed % 20 == 0 ? 32 : damaged.count - start))
      damaged[position] = UInt8(truncatingIfNeeded: state >> 40)
    }
    guard let file = try? PackedFile(name: "damaged", bytes: damaged),
      let model = try? ServiceModel(file: file)
    else {
      return
    }
    exercise(model)
  }

  @Test(arguments: bundledServices)
  func `every operation and shape of a bundled model can be read`(service: String) throws {
    let model = try bundle.model(service)
    #expect(!model.operationNames.isEmpty)
    for name in model.operationNames {
      let operation = try #require(model.operation(name))
      #expect(operation.name == name)
      #expect(model.operation(cliName: operation.cliName) === operation)
    }
    for name in model.shapeNames { #expect(try #require(model.shape(name)).name == name) }
    for name in model.waiterNames { #expect(try #require(model.waiter(name)).acceptors.isEmpty == false) }
  }

  @Test func `the manifest knows every file by its digest`() throws {
    let manifest = try JSON.parse(contents(of: repositoryRoot + "/assets/models/manifest.json"))
    let files = try #require(manifest["files"]?.object)
    #expect(files.count == bundle.services.count + 1)
    for (name, facts) in files {
      let data = Array(
        try #require(FileManager.default.contents(atPath: repositoryRoot + "/assets/models/\(name)")))
      #expect(facts["bytes"]?.int == data.count)
      #expect(facts["sha256"]?.string == hex(data))
    }
    #expect(manifest["licence"]?.string == "Apache-2.0")
  }

  @Test(arguments: bundledServices)
  func `the script and this room pack alike`(service: String) throws {
    let whole = try bytes(service)
    let root = try PackedFile(name: service, bytes: whole).root
    #expect(PackedWriter.pack(root.json(limit: 10_000_000)) == whole)
  }

  @Test func `packing is reversible and the same every time`() throws {
    let json = try JSON.parse(
      #"{"a":[1,-2,3.50,"x",null,true,false,{}],"b":{"a":[1,-2,3.50,"x",null,true,false,{}]},"big":12345678901,"":""}"#
    )
    let packed = PackedWriter.pack(json)
    #expect(packed == PackedWriter.pack(json))
    #expect(try PackedFile(name: "x", bytes: packed).root.json().text() == json.text())
  }
}

private func hex(_ bytes: [UInt8]) -> String { hexEncoded(sha256(bytes)) }
