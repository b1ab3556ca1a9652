extension Operation {
  /// Whether the endpoint may differ from input to input (S3's buckets, access points, account identifiers). Where it
  /// does not, one answer of the rules serves every call.
  package var endpointDependsOnInput: Bool {
    if ["s3", "s3control"].contains(model.service) || operationContextParameters != nil { return true }
    return input?.members.contains { $0.contextParameter != nil } ?? false
  }
}
