import OrderedJSON
import Testing

@testable import ServiceModels

/// Rule sets come from models, and models may be anybody's (`~/.aws/models`): none may eat time or memory.
@Suite struct HostileRulesTests {
  @Test func `a text that doubles with every rule is cut short`() throws {
    let doubling: JSON = ["fn": "coalesce", "argv": ["{Region}{Region}"], "assign": "Region"]
    #expect(try refusal(of: [rule(conditions: Array(repeating: doubling, count: 60))]).contains("too long"))
  }

  @Test func `a template that repeats a long text is cut short`() throws {
    let text = String(repeating: "{Region}", count: 10_000)
    #expect(
      try refusal(of: [rule(conditions: [["fn": "isSet", "argv": [.string(text)]]])]).contains("too long"))
    let endpoint: JSON = ["type": "endpoint", "conditions": [], "endpoint": ["url": .string(text)]]
    #expect(try refusal(of: [endpoint]).contains("too long"))
  }

  @Test func `rules count as steps though they call nothing`() throws {
    var nested: JSON = ["type": "tree", "conditions": [], "rules": []]
    for _ in 0..<17 { nested = ["type": "tree", "conditions": [], "rules": [nested, nested]] }
    #expect(try refusal(of: [nested]).contains("too many steps"))
  }

  @Test func `rules and calls nested too deeply are refused`() throws {
    var nested: JSON = ["type": "tree", "conditions": [], "rules": []]
    for _ in 0..<100 { nested = ["type": "tree", "conditions": [], "rules": [nested]] }
    #expect(try refusal(of: [nested]).contains("too deeply"))
    var call: JSON = ["fn": "not", "argv": [true]]
    for _ in 0..<100 { call = ["fn": "not", "argv": [call]] }
    #expect(try refusal(of: [rule(conditions: [call])]).contains("too many steps"))
  }

  private func rule(conditions: [JSON]) -> JSON {
    ["type": "error", "conditions": .array(conditions), "error": "reached"]
  }

  private func refusal(of rules: [JSON]) throws -> String {
    let set: JSON = ["parameters": ["Region": ["type": "String"]], "rules": .array(rules)]
    let file = try PackedFile(name: "rules", bytes: PackedWriter.pack(set))
    let rules = RuleSet(file.root, partitions: try bundle.partitions())
    do {
      return "gave \(try rules.evaluate(["Region": .string("us-east-1")]))"
    } catch {
      return error.message
    }
  }
}
