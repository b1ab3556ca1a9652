import Resources
import ServiceModels

/// The run's marks on what it makes: tags that a search after a crash, or another machine, can go by.
enum Marks {
  static let runKey = "cairn:run"
  static let stepKey = "cairn:step"

  /// The input with the marks added, where the operation takes tags and the input does not set them.
  static func adding(to input: Value, _ tags: OperationEffect.Tags, run: String, step: String?) -> Value {
    guard case .object(var fields) = input else { return input }
    var marks = [(runKey, run)]
    if let step, !step.isEmpty { marks.append((stepKey, step)) }
    if let resourceType = tags.resourceType {
      fields[tags.member] = specification(fields[tags.member], tags, resourceType, marks)
    } else if tags.key.isEmpty {
      var map = fields[tags.member]?.object ?? Fields()
      for (key, value) in marks where map[key] == nil { map[key] = .string(value) }
      fields[tags.member] = .object(map)
    } else {
      fields[tags.member] = .list(list(fields[tags.member]?.list ?? [], tags, marks))
    }
    return .object(fields)
  }

  private static func list(
    _ present: [Value], _ tags: OperationEffect.Tags, _ marks: [(String, String)]
  ) -> [Value] {
    let keys = present.compactMap { $0[tags.key]?.string }
    return present
      + marks.filter { !keys.contains($0.0) }.map { mark in
        .object(Fields([Fields.Field(tags.key, .string(mark.0)), Fields.Field(tags.value, .string(mark.1))]))
      }
  }

  /// EC2 takes tags per kind of resource.
  private static func specification(
    _ present: Value?, _ tags: OperationEffect.Tags, _ resourceType: String, _ marks: [(String, String)]
  ) -> Value {
    var specifications = present?.list ?? []
    let position = specifications.firstIndex { $0["ResourceType"]?.string == resourceType }
    let old = position.flatMap { specifications[$0]["Tags"]?.list } ?? []
    let new: Value = .object(
      Fields([
        Fields.Field("ResourceType", .string(resourceType)),
        Fields.Field("Tags", .list(list(old, tags, marks))),
      ]))
    if let position { specifications[position] = new } else { specifications.append(new) }
    return .list(specifications)
  }
}
