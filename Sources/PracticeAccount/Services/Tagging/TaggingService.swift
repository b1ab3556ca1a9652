import ServiceModels
import Wire

/// The Resource Groups Tagging API: the tags of everything in a Region, whatever service it belongs to.
/// Source: Resource Groups Tagging API reference.
enum TaggingService {
  static let service = PracticeService(
    name: "resourcegroupstaggingapi",
    rules: [
      "GetResources": OperationRule(ask("GetResources"), getResources),
      "GetTagKeys": OperationRule(
        ask("GetTagKeys"),
        { (input, call) throws(ServiceFault) in
          let keys = Set(TaggedResource.all(call).flatMap(\.tags).map(\.key)).sorted()
          return try page(keys.map(Value.string), input, "TagKeys")
        }),
      "GetTagValues": OperationRule(
        ask("GetTagValues"),
        { (input, call) throws(ServiceFault) in
          let key = input.text("Key")
          let tags = TaggedResource.all(call).flatMap(\.tags).filter { $0.key == key }
          return try page(Set(tags.map(\.value)).sorted().map(Value.string), input, "TagValues")
        }),
      "TagResources": OperationRule(
        { (input, _) in [AccessQuestion("tag:TagResources").requesting(newTags(input))] },
        { (input, call) throws(ServiceFault) in
          let tags = newTags(input)
          guard (1...50).contains(tags.count) else { throw invalid("From 1 to 50 tags can be given.") }
          return try forEach(input, call) { TagForwarding.tagging($0, tags) }
        }),
      "UntagResources": OperationRule(
        { (input, _) in [AccessQuestion("tag:UntagResources").untagging(input.texts("TagKeys"))] },
        { (input, call) throws(ServiceFault) in
          let keys = input.texts("TagKeys")
          guard (1...50).contains(keys.count) else { throw invalid("From 1 to 50 tag keys can be given.") }
          return try forEach(input, call) { TagForwarding.untagging($0, keys) }
        }),
    ],
    denial: { question, verdict, principal in
      fault("AccessDeniedException", denialText(question, verdict, principal))
    })

  static func ask(_ operation: String) -> OperationRule.Questions {
    { (_, _) in [AccessQuestion("tag:\(operation)")] }
  }

  static func invalid(_ text: String) -> ServiceFault { fault("InvalidParameterException", text) }

  private static func newTags(_ input: Value) -> [Tag] {
    (input["Tags"]?.object ?? [:]).map { Tag(key: $0.name, value: $0.value.string ?? "") }
  }

  /// The last page has an empty token, not none.
  private static func page(
    _ items: [Value], _ input: Value, _ member: String, size: Int64 = 1000
  ) throws(ServiceFault) -> Value {
    guard let page = Page(items, limit: size, token: input["PaginationToken"]?.string, most: 1000) else {
      throw fault("PaginationTokenExpiredException", "The pagination token is not valid.")
    }
    return ["PaginationToken": .string(page.next ?? ""), member: .list(page.items)]
  }

  private static func getResources(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    for name in ["IncludeComplianceDetails", "ExcludeCompliantResources"] where input[name]?.bool == true {
      throw invalid("The practice account has no tag policies; \(name) is not modelled.")
    }
    let arns = input.texts("ResourceARNList")
    let others = ["TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "TagsPerPage"]
    if !arns.isEmpty, let other = others.first(where: { input[$0] != nil }) {
      throw invalid("ResourceARNList and \(other) cannot be given together.")
    }
    guard arns.count <= 100 else { throw invalid("Up to 100 ARNs can be given.") }
    for arn in arns where ResourceARN(arn) == nil { throw invalid("The ARN \(arn) is not valid.") }
    let filters = input.items("TagFilters")
    guard filters.count <= 50 else { throw invalid("Up to 50 tag filters can be given.") }
    for filter in filters where filter["Key"] == nil || filter.items("Values").count > 20 {
      throw invalid("A tag filter needs a key, and up to 20 values.")
    }
    let types = input.texts("ResourceTypeFilters")
    let found = TaggedResource.all(call).filter { resource in
      (arns.isEmpty || arns.contains(resource.arn.text))
        && (types.isEmpty || types.contains(where: resource.arn.isOf))
        && filters.allSatisfy { filter in
          let values = filter.texts("Values")
          return resource.tags.contains {
            $0.key == filter.text("Key") && (values.isEmpty || values.contains($0.value))
          }
        }
    }
    return try page(
      found.map { resource in
        [
          "ResourceARN": .string(resource.arn.text),
          "Tags": .list(resource.tags.map { ["Key": .string($0.key), "Value": .string($0.value)] }),
        ]
      }, input, "ResourceTagMappingList", size: pageSize(input, found))
  }

  /// By resources, or by tags: as many resources as have no more tags than that, at least one.
  private static func pageSize(_ input: Value, _ found: [TaggedResource]) throws(ServiceFault) -> Int64 {
    if let size = input["ResourcesPerPage"]?.integer {
      guard input["TagsPerPage"] == nil else {
        throw invalid("ResourcesPerPage and TagsPerPage cannot be given together.")
      }
      guard (1...100).contains(size) else { throw invalid("ResourcesPerPage must be from 1 to 100.") }
      return size
    }
    guard let tags = input["TagsPerPage"]?.integer else { return 50 }
    guard (100...500).contains(tags), tags % 100 == 0 else {
      throw invalid("TagsPerPage must be a multiple of 100, from 100 to 500.")
    }
    // Nothing here has more than 50 tags, so that this many resources never have more.
    return tags / 50
  }

  /// Does something to each resource; what fails is told in `FailedResourcesMap`, and the call succeeds.
  private static func forEach(
    _ input: Value, _ call: Call, _ step: (ResourceARN) -> TagForwarding?
  ) throws(ServiceFault) -> Value {
    let texts = input.texts("ResourceARNList")
    guard (1...20).contains(texts.count) else { throw invalid("From 1 to 20 ARNs can be given.") }
    var arns: [ResourceARN] = []
    for text in texts {
      guard let arn = ResourceARN(text) else { throw invalid("The ARN \(text) is not valid.") }
      arns.append(arn)
    }
    var failures = Fields()
    for arn in arns {
      do throws(ServiceFault) {
        guard arn.account.isEmpty || arn.account == call.accountID else {
          throw invalid("The resource belongs to another account.")
        }
        guard arn.isIn(call.region, call) else {
          throw invalid("The resource is not in the Region \(call.region).")
        }
        guard let forwarding = step(arn) else {
          throw fault(
            "InternalServiceException", "The practice account cannot tag resources of this type.", 500)
        }
        try forwarding.perform(for: call)
      } catch {
        failures[arn.text] = [
          "StatusCode": .integer(Int64(error.httpStatus)), "ErrorCode": .string(error.code),
          "ErrorMessage": .string(error.message),
        ]
      }
    }
    return ["FailedResourcesMap": .object(failures)]
  }
}
