import Foundation
import OrderedJSON
import TestKit
import Testing

@testable import ServiceModels

private let catalog = ModelCatalog(directory: repositoryRoot + "/assets/models")

/// One answer of botocore's endpoint provider; `scripts/record-endpoints` writes them.
private struct RecordedEndpoint {
  var service: String
  var region: String
  var variant: String
  var url: String
  var schemes: String

  static let all: [RecordedEndpoint] = {
    let path = repositoryRoot + "/Tests/ServiceModelsTests/Goldens/botocore-endpoints.tsv"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 5 else { return nil }
      return RecordedEndpoint(
        service: cells[0], region: cells[1], variant: cells[2], url: cells[3], schemes: cells[4])
    }
  }()
}

@Suite struct EndpointCoverageTests {
  private func functions(in json: JSON) -> Set<String> {
    switch json {
    case .object(let members):
      members.reduce(into: Set(members["fn"]?.string.map { [$0] } ?? [])) {
        $0.formUnion(functions(in: $1.value))
      }
    case .array(let items): items.reduce(into: []) { $0.formUnion(functions(in: $1)) }
    default: []
    }
  }

  @Test func `every service has rules, of known functions and known parameters only`() throws {
    #expect(catalog.services.count == 424)
    let builtIns: Set = [
      "AWS::Region", "AWS::UseFIPS", "AWS::UseDualStack", "SDK::Endpoint", "AWS::Auth::AccountId",
      "AWS::Auth::AccountIdEndpointMode", "AWS::S3::ForcePathStyle", "AWS::S3::Accelerate",
      "AWS::S3::UseGlobalEndpoint", "AWS::S3::DisableMultiRegionAccessPoints", "AWS::S3::UseArnRegion",
      "AWS::S3Control::UseArnRegion", "AWS::STS::UseGlobalEndpoint",
    ]
    for service in catalog.services {
      let rules = try #require(try catalog.model(service).endpointRules, "\(service)")
      #expect(functions(in: rules.json()).subtracting(RuleFunctions.names) == [], "\(service)")
      let used = try RuleSet(rules, partitions: catalog.partitions()).parameters.compactMap(\.builtIn)
      #expect(Set(used).subtracting(builtIns) == [], "\(service)")
    }
  }

  @Test
  func
    `every service is found where botocore finds it, plainly, with FIPS, dual-stack and in other partitions`()
    throws
  {
    #expect(RecordedEndpoint.all.count == 424 * 7)
    let partitions = try catalog.partitions()
    for row in RecordedEndpoint.all {
      let rules = RuleSet(try #require(catalog.model(row.service).endpointRules), partitions: partitions)
      var given: [String: RuleValue] = [:]
      for parameter in rules.parameters {
        switch parameter.builtIn {
        case "AWS::Region": given[parameter.name] = .string(row.region)
        case "AWS::UseFIPS": given[parameter.name] = .bool(row.variant.contains("fips"))
        case "AWS::UseDualStack": given[parameter.name] = .bool(row.variant.contains("dual"))
        default: break
        }
      }
      let name = "\(row.service) \(row.region) \(row.variant)"
      do {
        let outcome = try rules.evaluate(given)
        #expect(outcome.url == row.url, "\(name)")
        let schemes = (outcome.properties["authSchemes"]?.array ?? []).map { scheme in
          let set = (scheme["signingRegionSet"]?.array ?? []).compactMap(\.string).joined(separator: "+")
          return [
            scheme["name"]?.string ?? "", scheme["signingRegion"]?.string ?? set,
            scheme["signingName"]?.string ?? "",
          ].joined(separator: "/")
        }
        #expect(schemes.joined(separator: " ") == row.schemes, "\(name)")
      } catch {
        #expect("!" + error.message == row.url, "\(name)")
      }
    }
  }

  @Test func `every expression over an operation's input is understood`() throws {
    var found = 0
    for service in catalog.services {
      let model = try catalog.model(service)
      for operation in model.operationNames.compactMap({ model.operation($0) }) {
        guard let list = operation.operationContextParameters else { continue }
        for position in 0..<list.count {
          let path = try #require(list[position]?["path"]?.string)
          #expect(ContextPath(path) != nil, "\(service) \(operation.name): \(path)")
          found += 1
        }
      }
    }
    #expect(found > 0)
  }

  @Test(
    arguments: [
      ("keys(RequestItems)", ["RequestItems": ["a": [], "b": []]], ["a", "b"]),
      ("TransactItems[*].Get.TableName", ["TransactItems": [["Get": ["TableName": "t"]], [:]]], ["t"]),
      (
        "TransactItems[*].[ConditionCheck.TableName, Put.TableName][]",
        ["TransactItems": [["Put": ["TableName": "p"]], ["ConditionCheck": ["TableName": "c"]]]], ["p", "c"]
      ),
      ("A.B", ["A": ["B": "x"]], "x"), ("A.B", ["A": [:]], nil),
    ] as [(String, Value, Value?)])
  func `an expression finds what JMESPath finds`(path: String, input: Value, found: Value?) throws {
    #expect(try #require(ContextPath(path)).value(in: input) == found)
  }

  @Test(arguments: ["", ".", "a..b", "a[?b]", "length(a)", "a[0]", "[", "[a", "keys(", "keys(a", "a]b"])
  func `what is beyond those expressions is refused`(path: String) {
    #expect(ContextPath(path) == nil)
  }
}
