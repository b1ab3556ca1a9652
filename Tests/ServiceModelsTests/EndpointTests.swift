import Foundation
import OrderedJSON
import TestKit
import Testing

@testable import ServiceModels

private let catalog = ModelCatalog(directory: repositoryRoot + "/assets/models")

private struct RuleCase: Sendable, CustomTestStringConvertible {
  var suite: String
  var rules: JSON
  var body: JSON
  var testDescription: String { "\(suite): \(body["documentation"]?.string ?? "")" }

  static let all: [RuleCase] = {
    guard let root = conformanceDirectory else { return [] }
    let folder = "\(root)/protocols/endpoints"
    func load(_ path: String) -> JSON? {
      (try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)).flatMap { try? JSON.parse($0) }
    }
    func list(_ path: String) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(path)")) ?? []).sorted()
    }
    let suites =
      list("test-cases").map { ($0, "valid-rules/\($0)", "test-cases/\($0)") }
      + list("services").map {
        ($0, "services/\($0)/endpoint-rule-set-1.json", "services/\($0)/endpoint-tests-1.json")
      }
    return suites.flatMap { name, rules, cases -> [RuleCase] in
      guard let rules = load(rules), let cases = load(cases)?["testCases"]?.array else { return [] }
      return cases.map { RuleCase(suite: name, rules: rules, body: $0) }
    }
  }()
}

private let conformancePartitions: Partitions? = {
  guard let root = conformanceDirectory,
    let text = try? String(contentsOfFile: "\(root)/protocols/endpoints/partitions.json", encoding: .utf8),
    let json = try? JSON.parse(text),
    let file = try? PackedFile(name: "partitions", bytes: PackedWriter.pack(json))
  else { return nil }
  return try? Partitions(file: file)
}()

@Suite struct EndpointTests {
  @Test(.enabled(if: conformanceDirectory != nil))
  func `endpoint rules give what the suites say`() throws {
    let partitions = try #require(conformancePartitions)
    #expect(RuleCase.all.count > 1000)
    for row in RuleCase.all {
      let rules = RuleSet(
        try PackedFile(name: row.suite, bytes: PackedWriter.pack(row.rules)).root, partitions: partitions)
      var given: [String: RuleValue] = [:]
      for (name, value) in row.body["params"]?.object ?? JSONObject() {
        given[name] =
          value.string.map { .string($0) } ?? value.bool.map { .bool($0) }
          ?? .array((value.array ?? []).compactMap { $0.string.map { .string($0) } })
      }
      let expected = row.body["expect"] ?? .null
      do {
        let outcome = try rules.evaluate(given)
        let wanted = expected["endpoint"] ?? .null
        #expect(outcome.url == wanted["url"]?.string, "\(row)")
        #expect(outcome.properties == wanted["properties"] ?? [:], "\(row)")
        let headers = (wanted["headers"]?.object ?? JSONObject()).map {
          ($0.key, ($0.value.array ?? []).compactMap(\.string))
        }
        #expect(outcome.headers == Dictionary(uniqueKeysWithValues: headers), "\(row)")
      } catch {
        #expect(error.message == expected["error"]?.string, "\(row)")
      }
    }
  }

  @Test(
    arguments: [
      // service, operation, bucket, region, custom, URL, signing Region, signing name, bucket included
      (
        "kms", "CreateKey", nil, "eu-west-1", nil, "https://kms.eu-west-1.amazonaws.com", "eu-west-1", "kms",
        false
      ),
      (
        "sts", "GetCallerIdentity", nil, "us-east-1", nil, "https://sts.us-east-1.amazonaws.com", "us-east-1",
        "sts", false
      ),
      ("iam", "CreateRole", nil, "eu-west-1", nil, "https://iam.amazonaws.com", "us-east-1", "iam", false),
      (
        "iam", "CreateRole", nil, "eu-west-1", "http://127.0.0.1:80", "http://127.0.0.1:80", "us-east-1",
        "iam", false
      ),
      (
        "macie2", "EnableMacie", nil, "us-east-1", nil, "https://macie2.us-east-1.amazonaws.com", "us-east-1",
        "macie2", false
      ),
      (
        "s3", "PutObject", "lab", "us-east-1", nil, "https://lab.s3.us-east-1.amazonaws.com", "us-east-1",
        "s3", true
      ),
      (
        "s3", "PutObject", "My.Lab", "us-east-1", nil, "https://s3.us-east-1.amazonaws.com/My.Lab",
        "us-east-1", "s3", true
      ),
      (
        "s3", "ListBuckets", nil, "us-east-1", nil, "https://s3.us-east-1.amazonaws.com", "us-east-1", "s3",
        false
      ),
      (
        "s3", "PutObject", "lab", "eu-west-1", "http://127.0.0.1:8080", "http://127.0.0.1:8080/lab",
        "eu-west-1", "s3", true
      ),
      (
        "s3", "PutObject", "lab", "eu-west-1", "http://localhost:8080", "http://localhost:8080/lab",
        "eu-west-1", "s3", true
      ),
    ] as [(String, String, String?, String, String?, String, String, String, Bool)])
  func `operations are found where AWS has them`(
    service: String, operation: String, bucket: String?, region: String, custom: String?, url: String,
    signingRegion: String, signingName: String, includesBucket: Bool
  ) throws {
    let operation = try #require(catalog.model(service).operation(operation))
    let input: Value = bucket.map { ["Bucket": .string($0), "Key": "k"] } ?? [:]
    let found = try operation.endpoint(
      input, region: region, custom: custom, partitions: catalog.partitions())
    #expect("\(found.scheme)://\(found.host)\(found.path)" == url)
    #expect(found.signingRegion == signingRegion)
    #expect(found.signingName == signingName)
    #expect(found.includesBucket == includesBucket)
    #expect(found.doubleEncodesPath == (service != "s3"))
  }

  @Test(
    arguments: [
      (
        EndpointOptions.AddressingStyle.auto, "GetBucketLocation", nil,
        "https://s3.us-east-1.amazonaws.com/lab"
      ),
      (.path, "PutObject", nil, "https://s3.us-east-1.amazonaws.com/lab"),
      (.virtual, "PutObject", "http://localhost:8080", "http://lab.localhost:8080"),
      (.virtual, "PutObject", "http://127.0.0.1:8080", "http://127.0.0.1:8080/lab"),
    ] as [(EndpointOptions.AddressingStyle, String, String?, String)])
  func `the addressing style is botocore's`(
    style: EndpointOptions.AddressingStyle, operation: String, custom: String?, url: String
  ) throws {
    let operation = try #require(catalog.model("s3").operation(operation))
    var options = EndpointOptions()
    options.addressingStyle = style
    let found = try operation.endpoint(
      ["Bucket": "lab"], region: "us-east-1", custom: custom, options: options,
      partitions: catalog.partitions())
    #expect("\(found.scheme)://\(found.host)\(found.path)" == url)
  }

  @Test func `a missing Region is the rules' own error`() throws {
    let operation = try #require(catalog.model("kms").operation("CreateKey"))
    #expect(throws: EndpointError("Invalid Configuration: Missing Region")) {
      try operation.endpoint([:], region: nil, partitions: catalog.partitions())
    }
  }
}
