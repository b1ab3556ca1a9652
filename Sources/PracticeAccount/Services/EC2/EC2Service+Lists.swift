import ServiceModels
import Wire

extension EC2Service {
  /// A page of what a Describe operation was asked for: picked by id, filtered, turned into values.
  ///
  /// - `ids`: the member that names ids.
  /// - `filters`: what each filter looks at; tags are known anyway.
  /// - `least`: the smallest page the operation gives.
  static func listed<Item: NetworkResource>(
    _ input: Value, _ member: String, _ all: [Item], ids: String, _ kind: NetworkKind, least: Int64 = 1,
    filters: [String: (Item) -> [String]], _ value: (Item) -> Value
  ) throws(ServiceFault) -> Value {
    let wanted = input.texts(ids)
    for id in wanted where !all.contains(where: { $0.id == id }) { throw kind.unknown(id) }
    if !wanted.isEmpty, input["MaxResults"] != nil {
      throw fault(
        "InvalidParameterCombination", "The parameter \(ids) cannot be used with the parameter maxResults")
    }
    var found: [Item] = []
    for item in wanted.isEmpty ? all : all.filter({ wanted.contains($0.id) }) {
      let isWanted = try holds(input) { name in
        filters[name]?(item) ?? tagFilter(name, item.tags)
      }
      if isWanted { found.append(item) }
    }
    // A filter that is not known is one even where there is nothing to filter.
    for filter in input.items("Filters") {
      let name = filter.text("Name")
      if filters[name] == nil, tagFilter(name, []) == nil { throw unknownFilter(name) }
    }
    return try page(found, input, member, least: least, value)
  }

  private static func unknownFilter(_ name: String) -> ServiceFault {
    fault("InvalidParameterValue", "The filter '\(name)' is invalid")
  }

  /// `Filter.N`: names ANDed, values ORed, `*` and `?` as wildcards. `value` gives what a filter looks at; nil
  /// for a filter that is not known.
  static func holds(_ input: Value, _ value: (String) -> [String]?) throws(ServiceFault) -> Bool {
    for filter in input.items("Filters") {
      let name = filter.text("Name")
      guard let own = value(name) else { throw unknownFilter(name) }
      if !filter.texts("Values").contains(where: { wanted in own.contains { glob(wanted, $0) } }) {
        return false
      }
    }
    return true
  }

  static func tagFilter(_ name: String, _ tags: [Tag]) -> [String]? {
    if name == "tag-key" { return tags.map(\.key) }
    guard name.hasPrefix("tag:") else { return nil }
    return tags.filter { $0.key == name.dropFirst(4) }.map(\.value)
  }

  static func page<Item>(
    _ all: [Item], _ input: Value, _ member: String, least: Int64 = 1, _ value: (Item) -> Value
  ) throws(ServiceFault) -> Value {
    if let size = input["MaxResults"]?.integer, size < least {
      throw fault(
        "InvalidParameterValue",
        "Value ( \(size) ) for parameter maxResults is invalid. Expecting a value greater than \(least).")
    }
    guard
      let page = Page(all, limit: input["MaxResults"]?.integer, token: input["NextToken"]?.string, most: 1000)
    else {
      throw fault("InvalidNextToken", "The token '\(input.text("NextToken"))' is invalid")
    }
    var fields: Fields = [member: .list(page.items.map(value))]
    fields.add("NextToken", page.next.map(Value.string))
    return .object(fields)
  }
}
