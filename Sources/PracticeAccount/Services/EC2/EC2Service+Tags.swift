import ServiceModels
import Wire

extension EC2Service {
  static let tagRules: [String: OperationRule] = [
    "CreateTags": rule(
      takes: ["Resources", "Tags"],
      { (input, call) in
        input.texts("Resources").map { right("CreateTags", $0, call).requesting(tagList(input)) }
      },
      { (input, call) throws(ServiceFault) in
        var network = call.network
        for id in input.texts("Resources") {
          guard let tags = network[tagsOf: id] else { throw unknownResource(id) }
          network[tagsOf: id] = try merged(tags, tagList(input))
        }
        call.network = network
        return [:]
      }),
    "DeleteTags": rule(
      takes: ["Resources", "Tags"],
      { (input, call) in
        input.texts("Resources").map { id in
          var question = right("DeleteTags", id, call)
          let keys = tagList(input).map(\.key)
          if !keys.isEmpty { question.context["aws:TagKeys"] = keys }
          return question
        }
      },
      { (input, call) throws(ServiceFault) in
        var network = call.network
        for id in input.texts("Resources") {
          guard var tags = network[tagsOf: id] else { throw unknownResource(id) }
          let wanted = input.items("Tags")
          // Without a value the tag goes whatever it says; without any tags all that are the user's own go.
          tags.removeAll { tag in
            wanted.isEmpty
              || wanted.contains {
                $0.text("Key") == tag.key && ($0["Value"] == nil || $0.text("Value") == tag.value)
              }
          }
          network[tagsOf: id] = tags
        }
        call.network = network
        return [:]
      }),
    "DescribeTags": looking(
      "DescribeTags",
      { (input, call) throws(ServiceFault) in
        var rows: [(kind: NetworkKind, id: String, tag: Tag)] = []
        for (kind, id, tags) in call.network.resources {
          for tag in tags.sorted(by: { $0.key < $1.key }) {
            let isWanted = try holds(input) { name in
              switch name {
              case "resource-id": [id]
              case "resource-type": [kind.rawValue]
              case "key": [tag.key]
              case "value": [tag.value]
              default: tagFilter(name, [tag])
              }
            }
            if isWanted { rows.append((kind, id, tag)) }
          }
        }
        return try page(rows, input, "Tags", least: 5) { row in
          [
            "Key": .string(row.tag.key), "ResourceId": .string(row.id),
            "ResourceType": .string(row.kind.rawValue), "Value": .string(row.tag.value),
          ]
        }
      }),
  ]

  private static func right(_ operation: String, _ id: String, _ call: Call) -> AccessQuestion {
    NetworkKind(id: id).map { right(operation, $0, id, call) }
      ?? AccessQuestion("ec2:\(operation)", call.arn("ec2", "*/\(id)"))
  }

  private static func unknownResource(_ id: String) -> ServiceFault {
    NetworkKind(id: id)?.unknown(id) ?? fault("InvalidID", "The ID '\(id)' is not valid")
  }

  /// Tags with others added, within what EC2 allows (EC2 user guide, "Tag your Amazon EC2 resources").
  static func merged(_ old: [Tag], _ new: [Tag]) throws(ServiceFault) -> [Tag] {
    var tags = old
    for tag in new {
      guard !tag.key.lowercased().hasPrefix("aws:") else {
        throw fault("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
      }
      guard (1...128).contains(tag.key.count) else {
        throw fault("InvalidParameterValue", "Tag key exceeds the maximum length of 128 characters")
      }
      guard tag.value.count <= 256 else {
        throw fault("InvalidParameterValue", "Tag value exceeds the maximum length of 256 characters")
      }
      if let index = tags.firstIndex(where: { $0.key == tag.key }) {
        tags[index] = tag
      } else {
        tags.append(tag)
      }
    }
    guard tags.count <= 50 else {
      throw fault("TagLimitExceeded", "The maximum number of Tags for this resource has been reached.")
    }
    return tags
  }
}
