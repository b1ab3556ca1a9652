import Foundation
import JMESPath
import OrderedJSON
import ServiceModels
import TestKit
import Testing
import Wire

@testable import AWSClient

@Suite struct PagingTests {
  private func pages(_ bodies: String...) -> ScriptedTransport {
    ScriptedTransport(bodies.map { .response(200, $0, [:]) })
  }

  private func merged(
    _ transport: ScriptedTransport, _ service: String, _ name: String, _ input: Value = [:],
    _ paging: Paging = Paging()
  ) async throws -> JSON {
    let model = try catalog.model(service)
    return try await client(transport).mergedPages(
      model, try #require(model.operation(name)), input, paging)
  }

  // MARK: the models

  @Test func `every paginator of every service reads, and names members that there are`() throws {
    var count = 0
    for service in catalog.services {
      let model = try catalog.model(service)
      for name in model.operationNames {
        guard let paginator = model.paginator(name), let operation = model.operation(name) else { continue }
        count += 1
        let texts =
          paginator.resultKeys + paginator.outputTokens + paginator.nonAggregateKeys
          + [paginator.moreResults].compactMap { $0 }
        for text in texts {
          #expect(throws: Never.self, "\(service) \(name): \(text)") { try JMESPathExpression(text) }
          for path in text.split(separator: "|").map({ $0.filter { $0 != " " } })
          where path.allSatisfy({ $0.isLetter || $0 == "." }) {
            #expect(hasMember(path, operation.output), "\(service) \(name): \(path)")
          }
        }
        for member in paginator.inputTokens + [paginator.limitKey].compactMap({ $0 }) {
          #expect(
            operation.input?.member(member) != nil || PagingTests.faultyModels.contains("\(service) \(name)"),
            "\(service) \(name): \(member)")
        }
        #expect(paginator.inputTokens.count == paginator.outputTokens.count, "\(service) \(name)")
      }
    }
    #expect(count > 3000)
  }

  /// Paginators whose model names an input member that the operation does not have.
  private static let faultyModels: Set<String> = []

  private func hasMember(_ path: String, _ shape: Shape?) -> Bool {
    var shape = shape
    for name in path.split(separator: ".") {
      guard let member = shape?.member(String(name)) else { return false }
      shape = member.shape
    }
    return true
  }

  // MARK: the pages

  @Test func `several result keys add up, numbers too, and what is the same comes from the first page`()
    async throws
  {
    let transport = pages(
      #"{"Items":[{"a":{"S":"1"}}],"Count":1,"ScannedCount":5,"LastEvaluatedKey":{"a":{"S":"1"}},"ConsumedCapacity":{"TableName":"t"}}"#,
      #"{"Items":[{"a":{"S":"2"}}],"Count":1,"ScannedCount":7,"ConsumedCapacity":{"TableName":"u"}}"#)
    let whole = try await merged(transport, "dynamodb", "Scan", ["TableName": "t"])
    #expect(whole["Items"]?.array?.count == 2)
    #expect(whole["Count"]?.int == 2 && whole["ScannedCount"]?.int == 12)
    #expect(whole["ConsumedCapacity"]?["TableName"] == "t")
  }

  @Test func `pages end where the service says so, though a marker is there`() async throws {
    let transport = pages(#"{"Keys":[{"KeyId":"a"}],"Truncated":false,"NextMarker":"m"}"#)
    #expect(try await merged(transport, "kms", "ListKeys")["Keys"]?.array?.count == 1)
    #expect(transport.seen.count == 1)
  }

  @Test func `a service that repeats itself is left, with an error of its own`() async throws {
    let same = #"{"Keys":[],"Truncated":true,"NextMarker":"m"}"#
    let error = await #expect(throws: AWSError.self) {
      try await merged(pages(same, same, same), "kms", "ListKeys")
    }
    #expect(
      error?.message == "Error during pagination: The same next token was received twice: {'Marker': 'm'}")
    #expect(error?.mayHaveTakenEffect == false)
  }

  @Test func `a cut-off result goes on where it was cut, with the AWS CLI's token`() async throws {
    let first = #"{"Keys":[{"KeyId":"a"},{"KeyId":"b"},{"KeyId":"c"}],"Truncated":true,"NextMarker":"m"}"#
    let last = #"{"Keys":[{"KeyId":"d"}],"Truncated":false}"#
    var paging = Paging(maximumItems: 2, pageSize: 3)
    let head = try await merged(pages(first), "kms", "ListKeys", [:], paging)
    #expect(head["Keys"]?.array?.count == 2)
    let token = try #require(head["NextToken"]?.string)
    #expect(
      base64Decoded(token).map { String(decoding: $0, as: UTF8.self) }
        == #"{"Marker": null, "boto_truncate_amount": 2}"#)
    paging = Paging(startingToken: token)
    let transport = pages(first, last)
    let rest = try await merged(transport, "kms", "ListKeys", [:], paging)
    #expect(rest["Keys"]?.array?.compactMap { $0["KeyId"]?.string } == ["c", "d"])
    #expect(rest["NextToken"] == nil)
  }

  @Test(.enabled(if: conformanceDirectory != nil))
  func `tokens are written and read as the AWS CLI does`() throws {
    let root = try #require(conformanceDirectory)
    let text = try String(contentsOfFile: root + "/cli/pagination-tokens.jsonl", encoding: .utf8)
    let rows = try text.split(separator: "\n").map { try JSON.parse(String($0)) }
    #expect(rows.count == 7)
    for row in rows {
      var members = try #require(row["token"]?.object)
      let encoded = try #require(row["encoded"]?.string)
      let cut = members["boto_truncate_amount"]?.int
      members["boto_truncate_amount"] = nil
      let (plain, blobs) = PagingTests.withoutBytes(.object(members), [])
      let token = PageToken(members: try #require(plain.object), truncation: cut ?? 0, blobs: blobs)
      #expect(token.encoded == encoded, "\(row["id"]?.string ?? "")")
      #expect(PageToken.decoded(encoded) == token, "\(row["id"]?.string ?? "")")
    }
  }

  /// The suite's `{"__bytes_b64__": "..."}` as the text, and where such values stood.
  private static func withoutBytes(_ value: JSON, _ path: [JSON]) -> (JSON, [[JSON]]) {
    switch value {
    case .object(let members):
      if let text = members["__bytes_b64__"] { return (text, [path]) }
      var out = members
      var found: [[JSON]] = []
      for (name, inner) in members {
        let (plain, blobs) = withoutBytes(inner, path + [.string(name)])
        out[name] = plain
        found += blobs
      }
      return (.object(out), found)
    case .array(let values):
      let parts = values.enumerated().map { withoutBytes($1, path + [.int($0)]) }
      return (.array(parts.map(\.0)), parts.flatMap(\.1))
    default: return (value, [])
    }
  }

  @Test func `binary keys in a token are found by the input's shape`() throws {
    let input = try #require(catalog.model("dynamodb").operation("Scan")).input
    let token = PageToken(members: ["ExclusiveStartKey": ["pk": ["B": "AAE="]]], truncation: 0, input: input)
    #expect(token.blobs == [["ExclusiveStartKey", "pk", "B"]])
  }

  @Test func `a token that is none is refused`() async {
    for text in ["", "!!", "a___b___c"] {
      await #expect(throws: AWSError.self, "\(text)") {
        try await merged(pages(), "kms", "ListKeys", [:], Paging(startingToken: text))
      }
    }
  }

  @Test func `pages come one by one, and none is asked for before it is wanted`() async throws {
    let transport = pages(
      #"{"Keys":[{"KeyId":"a"}],"Truncated":true,"NextMarker":"m"}"#,
      #"{"Keys":[{"KeyId":"b"}],"Truncated":true,"NextMarker":"n"}"#, #"{"Keys":[],"Truncated":false}"#)
    let model = try catalog.model("kms")
    let operation = try #require(model.operation("ListKeys"))
    let sequence = try #require(try client(transport).pageSequence(model, operation, [:]))
    #expect(transport.seen.isEmpty)
    var seen: [Int] = []
    for try await page in sequence {
      seen.append(page["Keys"]?.array?.count ?? -1)
      #expect(transport.seen.count == seen.count)
    }
    #expect(seen == [1, 1, 0])
  }

  @Test func `a cancelled task asks for no further page`() async throws {
    let transport = pages(
      #"{"Keys":[],"Truncated":true,"NextMarker":"m"}"#, #"{"Keys":[],"Truncated":false}"#)
    let model = try catalog.model("kms")
    let operation = try #require(model.operation("ListKeys"))
    let client = client(transport)
    let outcome = await Task { () async -> String in
      do {
        guard var reader = try client.pageReader(model, operation, [:]) else { return "no pages" }
        _ = try await reader.next()
        withUnsafeCurrentTask { $0?.cancel() }
        _ = try await reader.next()
        return "went on"
      } catch {
        return "\(error)"
      }
    }.value
    #expect(outcome == "cancelled")
    #expect(transport.seen.count == 1)
  }
}
