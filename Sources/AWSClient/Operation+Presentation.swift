import OrderedJSON
import ServiceModels
import Wire

extension Operation {
  /// The output as the AWS CLI shows it: JSON in model order, IAM's policy documents decoded to objects.
  package func presented(_ output: Value) -> JSON {
    let json = headersFirst(output.json(shape: self.output))
    guard model.service == "iam", let shape = self.output else { return json }
    return PolicyDocuments.decoded(json, shape, depth: 0)
  }

  /// botocore reads the head of a REST response before its body, and the CLI prints in that order.
  private func headersFirst(_ json: JSON) -> JSON {
    guard model.protocolName == .restJSON || model.protocolName == .restXML, let shape = self.output,
      case .object(let members) = json, shape.members.contains(where: { $0.location != nil })
    else { return json }
    let inHead = Set(shape.members.filter { $0.location != nil }.map(\.name))
    let all = members.map { ($0.key, $0.value) }
    return .object(JSONObject(all.filter { inHead.contains($0.0) } + all.filter { !inHead.contains($0.0) }))
  }
}

/// IAM sends policy documents URL-encoded (IAM API reference, GetRolePolicy); botocore hands them on as objects.
private enum PolicyDocuments {
  static func decoded(_ value: JSON, _ shape: Shape, depth: Int) -> JSON {
    guard depth < 100 else { return value }
    switch value {
    case .string(let text) where shape.name == "policyDocumentType":
      return (try? JSON.parse(percentDecoded(text))) ?? value
    case .object(let members) where shape.kind == .structure:
      var result = members
      for (key, inner) in members {
        if let member = shape.member(key) { result[key] = decoded(inner, member.shape, depth: depth + 1) }
      }
      return .object(result)
    case .array(let values) where shape.kind == .list:
      guard let element = shape.element?.shape else { return value }
      return .array(values.map { decoded($0, element, depth: depth + 1) })
    default: return value
    }
  }
}
