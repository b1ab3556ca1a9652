import JMESPath
import OrderedJSON
import ServiceModels

extension AWSClient {
  /// Reads an operation page by page; nil if it has no pages.
  package func pageReader(
    _ model: ServiceModel, _ operation: Operation, _ input: Value, _ paging: Paging = Paging(),
    _ options: CallOptions = CallOptions()
  ) throws(AWSError) -> PageReader? {
    guard let paginator = model.paginator(operation.name), !paginator.resultKeys.isEmpty else { return nil }
    return try PageReader(self, model, operation, paginator, input, paging, options)
  }

  /// The pages of an operation, read as they are wanted; nil if it has no pages.
  package func pageSequence(
    _ model: ServiceModel, _ operation: Operation, _ input: Value, _ paging: Paging = Paging(),
    _ options: CallOptions = CallOptions()
  ) throws(AWSError) -> PageSequence? {
    try pageReader(model, operation, input, paging, options).map { PageSequence(reader: $0) }
  }

  /// All pages as one document, merged as the AWS CLI merges them: lists and numbers under the result keys add up, the
  /// keys that are the same everywhere come from the first page, and `NextToken` is there if something was left.
  package func mergedPages(
    _ model: ServiceModel, _ operation: Operation, _ input: Value, _ paging: Paging = Paging(),
    _ options: CallOptions = CallOptions()
  ) async throws(AWSError) -> JSON {
    guard var reader = try pageReader(model, operation, input, paging, options) else {
      return operation.presented(try await call(model, operation, input, options))
    }
    var whole = JSON.object(JSONObject())
    while let page = try await reader.next() {
      for key in reader.resultKeys {
        let found = (try? key.search(page)) ?? .null
        guard found != .null else { continue }
        let sum = PageMerge.sum((try? key.search(whole)) ?? .null, found)
        whole = whole.setting(path: key.text, to: sum)
      }
    }
    whole = PageMerge.adding(reader.constants, to: whole)
    if let token = reader.resumeToken { whole = whole.setting(path: "NextToken", to: .string(token)) }
    return whole
  }

  /// All pages of an operation as one output value.
  package func pages(
    _ service: String, _ operation: String, _ input: Value, _ options: CallOptions = CallOptions()
  ) async throws(AWSError) -> Value {
    let model = try model(service)
    guard let found = model.operation(operation) else {
      throw .unknownOperation(service: service, operation: operation)
    }
    let merged = try await mergedPages(model, found, input, Paging(), options)
    guard let shape = found.output else { return .object(Fields()) }
    do {
      return try Value(json: merged, shape: shape)
    } catch {
      throw .unreadable(error.description)
    }
  }
}

/// How pages add up.
enum PageMerge {
  static func sum(_ existing: JSON, _ found: JSON) -> JSON {
    switch (existing, found) {
    case (.array(let a), .array(let b)): .array(a + b)
    case (.number(let a), .number(let b)): PageMerge.total(a, b)
    case (.string(let a), .string(let b)): .string(a + b)
    case (.null, _): found
    default: existing
    }
  }

  private static func total(_ a: JSONNumber, _ b: JSONNumber) -> JSON {
    if let x = a.int, let y = b.int {
      let (sum, overflow) = x.addingReportingOverflow(y)
      if !overflow { return .number(JSONNumber(sum)) }
    }
    return .double(a.double + b.double)
  }

  /// Members of `more` that `document` lacks, at any depth.
  static func adding(_ more: JSONObject, to document: JSON) -> JSON {
    var members = document.object ?? JSONObject()
    for (key, value) in more {
      if case .object(let inner) = value, let existing = members[key], existing.object != nil {
        members[key] = adding(inner, to: existing)
      } else {
        members[key] = value
      }
    }
    return .object(members)
  }
}
