import Foundation
import OrderedJSON
import TestKit
import Testing
import Wire

@testable import ServiceModels

/// A case of botocore's protocol suites with the model that stands beside it.
struct ProtocolCase: Sendable, CustomTestStringConvertible {
  /// The id, or the position where there is none.
  var id: String
  /// `input`, `legacy/output`, ...
  var folder: String
  var file: String
  var endpoint: String
  var model: JSON
  var body: JSON
  var key: String { "\(folder)/\(id)" }
  var testDescription: String { "\(file) \(id)" }

  /// Every case under `folder` of `conformance/protocols`. Cases without an id are named by their position.
  static func all(_ folder: String) -> [ProtocolCase] {
    guard let root = conformanceDirectory else { return [] }
    let path = "\(root)/protocols/\(folder)"
    var cases: [ProtocolCase] = []
    for file in ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() {
      guard let text = try? String(contentsOfFile: "\(path)/\(file)", encoding: .utf8),
        let suites = try? JSON.parse(text)
      else { continue }
      let name = String(file.dropLast(".json".count))
      for (suiteIndex, suite) in (suites.array ?? []).enumerated() {
        for (index, body) in (suite["cases"]?.array ?? []).enumerated() {
          cases.append(
            ProtocolCase(
              id: body["id"]?.string ?? "\(name)/\(suiteIndex):\(index)", folder: folder, file: name,
              endpoint: suite["clientEndpoint"]?.string ?? "https://example.com", model: suite, body: body))
        }
      }
    }
    return cases
  }

  /// The operation that the case is about, in a model of its own.
  func operation() throws -> ServiceModels.Operation {
    var given = body["given"] ?? .null
    if var object = given.object {
      if object["name"] == nil { object["name"] = "OperationName" }
      given = .object(object)
    }
    let name = given["name"]?.string ?? "OperationName"
    var metadata = model["metadata"]?.object ?? JSONObject()
    for (key, value) in [
      ("targetPrefix", "Target"), ("endpointPrefix", "example"), ("apiVersion", "2014-01-01"),
    ]
    where metadata[key] == nil {
      metadata[key] = .string(value)
    }
    let service: JSON = [
      "metadata": .object(metadata), "operations": [name: given], "shapes": model["shapes"] ?? [:],
    ]
    let made = try ServiceModel(botocore: service)
    return try #require(made.operation(name))
  }
}

/// A suite's value as ours: blobs are text there, timestamps seconds.
func suiteValue(_ json: JSON, _ shape: Shape) -> Value {
  switch (shape.kind, json) {
  case (.structure, .object(let members)) where !shape.isDocument:
    .object(
      Fields(
        members.map { key, value in
          .init(key, shape.member(key).map { suiteValue(value, $0.shape) } ?? Value(document: value))
        }))
  case (.structure, .array(let events)): .list(events.map { suiteValue($0, shape) })
  case (.list, .array(let elements)):
    .list(elements.map { item in shape.element.map { suiteValue(item, $0.shape) } ?? .null })
  case (.map, .object(let members)):
    .object(
      Fields(
        members.map { key, value in .init(key, shape.value.map { suiteValue(value, $0.shape) } ?? .null) }))
  case (.blob, .string(let text)): .blob(Array(text.utf8))
  case (.timestamp, .number(let number)): .timestamp(Timestamp(seconds: number.double))
  case (.timestamp, .string(let text)): Timestamp(parsing: text).map { .timestamp($0) } ?? .string(text)
  case (.float, .string(let text)), (.double, .string(let text)):
    readDouble(text).map { .double($0) } ?? .string(text)
  default: Value(document: json)
  }
}

extension Value {
  /// Whole doubles as integers and blobs as text, so that only meaning is compared.
  var normalised: Value {
    switch self {
    case .double(let number): Int64(exactly: number).map { .integer($0) } ?? self
    case .blob(let bytes): .string(String(decoding: bytes, as: UTF8.self))
    case .timestamp(let time): .integer(time.milliseconds / 1000)
    case .list(let items): .list(items.map(\.normalised))
    case .object(let fields): .object(Fields(fields.map { .init($0.name, $0.value.normalised) }))
    default: self
    }
  }

  /// Equal texts are equal values.
  var meaning: String { Value.canonicalText(normalised) }
}
