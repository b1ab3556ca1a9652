import JMESPath
import OrderedJSON
import ServiceModels

/// How far a paginated call is to go.
package struct Paging: Hashable, Sendable {
  /// Items of the first result key to return; nil: all.
  package var maximumItems: Int?
  /// Asked of the service for each page.
  package var pageSize: Int?
  /// What an earlier, cut-off call gave as `NextToken`.
  package var startingToken: String?

  package init(maximumItems: Int? = nil, pageSize: Int? = nil, startingToken: String? = nil) {
    self.maximumItems = maximumItems
    self.pageSize = pageSize
    self.startingToken = startingToken
  }
}

/// The pages of one call as they come, and what the last of them leaves.
package struct PageReader: Sendable {
  /// The expressions whose results the pages add up.
  package let resultKeys: [JMESPathExpression]
  /// What is the same on all pages, taken from the first.
  package private(set) var constants = JSONObject()
  /// For `--starting-token`; nil if nothing is left.
  package private(set) var resumeToken: String?

  private let client: AWSClient
  private let model: ServiceModel
  private let operation: Operation
  private let paginator: Paginator
  private let paging: Paging
  private let options: CallOptions
  private let constantKeys: [JMESPathExpression]
  private let outputTokens: [JMESPathExpression]
  private let moreResults: JMESPathExpression?

  private var input: Fields
  private var nextToken: JSONObject
  private var previousToken: JSONObject?
  private var startsAt = 0
  private var total = 0
  private var isFirst = true
  private var isDone = false

  init(
    _ client: AWSClient, _ model: ServiceModel, _ operation: Operation, _ paginator: Paginator,
    _ input: Value,
    _ paging: Paging, _ options: CallOptions
  ) throws(AWSError) {
    self.client = client
    self.model = model
    self.operation = operation
    self.paginator = paginator
    self.paging = paging
    self.options = options
    self.input = input.object ?? Fields()
    resultKeys = try paginator.resultKeys.map(PageReader.expression)
    constantKeys = try paginator.nonAggregateKeys.map(PageReader.expression)
    outputTokens = try paginator.outputTokens.map(PageReader.expression)
    moreResults = try paginator.moreResults.map(PageReader.expression)
    nextToken = JSONObject(paginator.inputTokens.map { ($0, JSON.null) })
    if let text = paging.startingToken {
      guard let token = PageToken.decoded(text) ?? PageToken.old(text, paginator.inputTokens) else {
        throw .unbuildable("Bad starting token: \(text)")
      }
      nextToken = token.members
      startsAt = token.truncation
      inject(nextToken)
    }
    if let size = paging.pageSize, let key = paginator.limitKey,
      let shape = operation.input?.member(key)?.shape
    {
      self.input[key] = shape.kind == .string ? .string(String(size)) : .integer(Int64(size))
    }
  }

  /// The next page, cut to the bound; nil after the last.
  package mutating func next() async throws(AWSError) -> JSON? {
    guard !isDone else { return nil }
    if Task.isCancelled { throw .cancelled }
    let output = try await client.call(model, operation, .object(input), options)
    var page = operation.presented(output)
    let firstResult = resultKeys.first
    var cutAtStart = 0
    if isFirst {
      if paging.startingToken != nil { cutAtStart = cutStart(&page) }
      isFirst = false
      for key in constantKeys { constants.set(path: key.text, to: search(key, page)) }
    }
    let items = firstResult.map { search($0, page) } ?? .null
    let count = items.array?.count ?? items.string?.count ?? 0
    if let bound = paging.maximumItems, total + count > bound, let key = firstResult {
      let kept = max(0, bound - total)
      let cut: JSON =
        items.string.map { .string(String($0.prefix(kept))) }
        ?? .array(Array((items.array ?? []).prefix(kept)))
      page = page.setting(path: key.text, to: cut)
      resumeToken =
        PageToken(members: nextToken, truncation: kept + cutAtStart, input: operation.input).encoded
      isDone = true
      return page
    }
    total += count
    advance(after: page)
    if let bound = paging.maximumItems, total == bound, !isDone {
      resumeToken = PageToken(members: nextToken, truncation: 0, input: operation.input).encoded
      isDone = true
      return page
    }
    if !isDone {
      if let previousToken, previousToken == nextToken {
        throw .pagination("The same next token was received twice: \(PageReader.shown(nextToken))")
      }
      inject(nextToken)
      previousToken = nextToken
    }
    return page
  }

  private mutating func advance(after page: JSON) {
    if let moreResults, !isTruthy(search(moreResults, page)) {
      isDone = true
      return
    }
    var token = JSONObject()
    for (input, output) in zip(paginator.inputTokens, outputTokens) {
      let value = search(output, page)
      token[input] = isTruthy(value) ? value : .null
    }
    nextToken = token
    isDone = token.values.allSatisfy { $0 == .null }
  }

  /// Drops what an earlier call has already returned of this page; returns how much that was.
  private func cutStart(_ page: inout JSON) -> Int {
    guard let first = resultKeys.first else { return 0 }
    switch search(first, page) {
    case .array(let items):
      page = page.setting(path: first.text, to: .array(Array(items.dropFirst(startsAt))))
    case .string(let text):
      page = page.setting(path: first.text, to: .string(String(text.dropFirst(startsAt))))
    default: page = page.setting(path: first.text, to: .null)
    }
    for key in resultKeys.dropFirst() {
      switch search(key, page) {
      case .array: page = page.setting(path: key.text, to: .array([]))
      case .string: page = page.setting(path: key.text, to: .string(""))
      // What the service counted on this page it has counted again (DynamoDB's ScannedCount).
      case .number: break
      default: page = page.setting(path: key.text, to: .null)
      }
    }
    return startsAt
  }

  private mutating func inject(_ token: JSONObject) {
    for (name, value) in token {
      if value == .null || value.string == "None" {
        input[name] = nil
      } else if let shape = operation.input?.member(name)?.shape,
        let typed = try? Value(json: value, shape: shape)
      {
        input[name] = typed
      } else {
        input[name] = value.string.map { .string($0) }
      }
    }
  }

  private func search(_ expression: JMESPathExpression, _ document: JSON) -> JSON {
    (try? expression.search(document)) ?? .null
  }

  /// As Python prints it.
  private static func shown(_ token: JSONObject) -> String {
    let members = token.map { "'\($0.key)': " + ($0.value.string.map { "'\($0)'" } ?? $0.value.text()) }
    return "{" + members.joined(separator: ", ") + "}"
  }

  private static func expression(_ text: String) throws(AWSError) -> JMESPathExpression {
    do {
      return try JMESPathExpression(text)
    } catch {
      throw .model("the paginator's expression \(text) does not parse")
    }
  }
}

/// The pages of a call, one after the other: `for try await page in client.pageSequence(...)`. Throws `AWSError`.
/// Nothing is asked before the first page is, and nothing more once the task is cancelled.
package struct PageSequence: AsyncSequence, Sendable {
  package struct AsyncIterator: AsyncIteratorProtocol {
    var reader: PageReader

    package mutating func next() async throws -> JSON? { try await reader.next() }
  }

  let reader: PageReader

  package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: reader) }
}

/// What JMESPath takes for true.
func isTruthy(_ value: JSON) -> Bool {
  switch value {
  case .null: false
  case .bool(let flag): flag
  case .string(let text): !text.isEmpty
  case .array(let values): !values.isEmpty
  case .object(let members): !members.isEmpty
  case .number: true
  }
}

extension JSON {
  /// This document with `value` under the dotted `path`.
  func setting(path: String, to value: JSON) -> JSON {
    var members = object ?? JSONObject()
    members.set(path: path, to: value)
    return .object(members)
  }
}

extension JSONObject {
  /// Sets what the dotted `path` names, making objects on the way.
  package mutating func set(path: String, to value: JSON) {
    let parts = path.split(separator: ".", maxSplits: 1)
    guard let head = parts.first.map(String.init) else { return }
    if parts.count == 1 {
      self[head] = value
    } else {
      self[head] = (self[head] ?? .object(JSONObject())).setting(path: String(parts[1]), to: value)
    }
  }
}
