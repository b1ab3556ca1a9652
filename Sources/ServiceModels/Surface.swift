import OrderedJSON
import Wire

/// One thing wrong with an input, in botocore's words.
package struct ValidationProblem: Hashable, Sendable, CustomStringConvertible {
  /// `Tags[0].TagKey`; `input` for the whole.
  package var path: String
  /// The whole sentence: `Missing required parameter in input: "KeyId"`.
  package var message: String
  package var description: String { message }
}

extension Operation {
  /// Where this operation is to be found. `input` matters to S3 (the bucket) and few others.
  package func endpoint(
    _ input: Value, region: String?, custom: String? = nil, options: EndpointOptions = EndpointOptions(),
    partitions: Partitions
  ) throws(EndpointError) -> Endpoint {
    throw EndpointError("the endpoint rules are being written")
  }

  /// What is wrong with `input`; empty if nothing is.
  package func validate(_ input: Value) -> [ValidationProblem] { [] }
}
