/// How the pages of an operation follow each other. Every text but `limitKey` is a JMESPath expression.
package struct Paginator: Hashable, Sendable {
  /// Input members that take the tokens, one for each of `outputTokens`.
  package var inputTokens: [String]
  package var outputTokens: [String]
  /// The input member that limits the size of a page.
  package var limitKey: String?
  /// What the pages add up.
  package var resultKeys: [String]
  /// True as long as more pages follow; absent: as long as there is a token.
  package var moreResults: String?
  /// What is the same on every page.
  package var nonAggregateKeys: [String]

  init(node: PackedNode) {
    func texts(_ key: String) -> [String] {
      guard let value = node[key] else { return [] }
      return value.string.map { [$0] } ?? value.strings
    }
    inputTokens = texts("input_token")
    outputTokens = texts("output_token")
    limitKey = node["limit_key"]?.string
    resultKeys = texts("result_key")
    moreResults = node["more_results"]?.string
    nonAggregateKeys = texts("non_aggregate_keys")
  }
}
