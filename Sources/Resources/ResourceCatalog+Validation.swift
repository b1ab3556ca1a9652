import JMESPath
import OrderedJSON
import ServiceModels

extension ResourceCatalog {
  /// What in the catalogue does not agree with the service models: operations and members that are not there,
  /// expressions that find nothing in an answer with every member set. Empty if all agrees.
  package func problems(_ models: ModelCatalog) throws(ModelError) -> [String] {
    var check = CatalogCheck(catalog: self, models: models)
    for type in types { try check.type(type) }
    for name in knownOperations {
      let parts = name.split(separator: ".").map(String.init)
      guard parts.count == 2 else { continue }
      for effect in effects(of: parts[0], parts[1]) ?? [] { try check.effect(effect) }
    }
    return check.problems
  }
}

/// Compares entries with models, and collects what differs.
private struct CatalogCheck {
  let catalog: ResourceCatalog
  let models: ModelCatalog
  var problems: [String] = []

  mutating func type(_ type: ResourceType) throws(ModelError) {
    let parts = partsSample(type)
    if let question = type.read {
      let place = "\(type.name).read"
      let output = try call(question.service, question.operation, question.input, place)
      path(question.pendingUntil, in: output, .timestamp, place)
      path(question.created, in: output, .timestamp, place)
      if let earlier = question.earlier {
        let seen = JSON.object(parts).adding("output", sample(output))
        let value = earlier.value(in: seen)
        if value?.object.map({ $0.contains { $0.value.isNull } }) ?? true {
          problems.append("\(place).earlier: finds nothing")
        }
      }
    }
    if let finding = type.finding { try self.finding(finding, type) }
    for (index, step) in (type.removal + type.removalOfUnset).enumerated() {
      try self.step(step, parts, "\(type.name).remove[\(index)]")
    }
  }

  private mutating func finding(_ finding: Finding, _ type: ResourceType) throws(ModelError) {
    let place = "\(type.name).find"
    let output = try call(finding.service, finding.operation, finding.input, place)
    var document: JSON = ["output": sample(output)]
    if let next = finding.next {
      if next.path.value(in: document) == nil { problems.append("\(place).next: finds nothing") }
      if try operation(finding.service, finding.operation, place)?.input?.member(next.member) == nil {
        problems.append("\(place).next: no input member \(next.member)")
      }
    }
    guard let item = finding.items.value(in: document)?[0] else {
      problems.append("\(place).items: finds nothing")
      return
    }
    document = ["item": item]
    for detail in finding.details {
      document = document.adding(
        detail.name,
        sample(try call(detail.service, detail.operation, detail.input, "\(place).\(detail.name)")))
    }
    for part in finding.parts
    where !part.expression.path.text.hasPrefix("input.") && part.expression.path.text != "region" {
      if part.expression.value(in: document) == nil {
        problems.append("\(place).parts.\(part.name): finds nothing")
      }
    }
    if let created = finding.created, created.value(in: document) == nil {
      problems.append("\(place).created: finds nothing")
    }
  }

  private mutating func step(_ step: RemovalStep, _ parts: JSONObject, _ place: String) throws(ModelError) {
    let output = try call(step.service, step.operation, step.input, place)
    if let failures = step.failures {
      let item = failures.items.value(in: ["output": sample(output)])?[0]
      if item.flatMap({ failures.code.value(in: $0) }) == nil {
        problems.append("\(place).failures: finds nothing")
      }
    }
    if let condition = step.condition {
      _ = try call(condition.service, condition.operation, condition.input, "\(place).if")
    }
    if let each = step.each {
      let listed = try call(each.service, each.operation, each.input, "\(place).each")
      if each.items.value(in: ["output": sample(listed)])?[0] == nil {
        problems.append("\(place).each.items: finds nothing")
      }
    }
  }

  mutating func effect(_ effect: OperationEffect) throws(ModelError) {
    let place = "\(effect.type).\(effect.verb.rawValue) \(effect.operation)"
    guard let type = catalog.type(effect.type),
      let operation = try operation(effect.service, effect.operation, place)
    else { return }
    var document: JSON = [
      "input": sample(operation.input), "output": sample(operation.output), "account": "a", "region": "r",
      "partition": "p",
    ]
    if let items = effect.items {
      guard let item = items.value(in: document)?[0] else {
        problems.append("\(place).items: finds nothing")
        return
      }
      document = document.adding("item", item)
    }
    for part in effect.parts where part.expression.value(in: document) == nil {
      problems.append("\(place).parts.\(part.name): finds nothing")
    }
    for name in type.key where !effect.parts.contains(where: { $0.name == name }) {
      problems.append("\(place): the part \(name) is missing")
    }
    path(effect.until, in: operation.output, .timestamp, place)
    if let tags = effect.tags, operation.input?.member(tags.member) == nil {
      problems.append("\(place).tags: no input member \(tags.member)")
    }
    if let token = effect.tokenMember, operation.input?.member(token) == nil {
      problems.append("\(place).token: no input member \(token)")
    }
    try answer(effect, of: operation, type, place)
  }

  private mutating func answer(
    _ effect: OperationEffect, of operation: Operation, _ type: ResourceType, _ place: String
  ) throws(ModelError) {
    for entry in effect.answer {
      switch entry {
      case .expression(let member, _):
        if operation.output?.member(member) == nil {
          problems.append("\(place).answer: no output member \(member)")
        }
      case .path(let member, let path):
        if operation.output?.member(member) == nil {
          problems.append("\(place).answer: no output member \(member)")
        }
        guard let read = type.read else {
          problems.append("\(place).answer: there is no read")
          continue
        }
        let output = try self.operation(read.service, read.operation, place)?.output
        if shape(at: path, in: output) == nil { problems.append("\(place).answer: the read has no \(path)") }
      }
    }
  }

  /// Checks a call and returns the shape of its output.
  private mutating func call(
    _ service: String, _ name: String, _ input: Template, _ place: String
  ) throws(ModelError) -> Shape? {
    guard let operation = try operation(service, name, place) else { return nil }
    members(input, operation.input, place)
    for required in operation.input?.requiredMembers ?? [] where !input.memberNames.contains(required) {
      problems.append("\(place): \(name) needs \(required)")
    }
    return operation.output
  }

  private mutating func operation(_ service: String, _ name: String, _ place: String) throws(ModelError)
    -> Operation?
  {
    if let operation = try models.model(service).operation(name) { return operation }
    problems.append("\(place): \(service) has no operation \(name)")
    return nil
  }

  private mutating func members(_ template: Template, _ shape: Shape?, _ place: String) {
    switch template {
    case .object(let fields):
      for field in fields {
        if let member = shape?.member(field.name) {
          members(field.template, member.shape, "\(place).\(field.name)")
        } else {
          problems.append("\(place): no member \(field.name)")
        }
      }
    case .array(let elements): for element in elements { members(element, shape?.element?.shape, place) }
    case .literal, .expression: break
    }
  }

  private mutating func path(_ path: String?, in shape: Shape?, _ kind: Kind, _ place: String) {
    guard let path else { return }
    if self.shape(at: path, in: shape)?.kind != kind { problems.append("\(place): no \(kind) at \(path)") }
  }

  private func shape(at path: String, in shape: Shape?) -> Shape? {
    var shape = shape
    for name in path.split(separator: ".") {
      shape = Int(name) == nil ? shape?.member(String(name))?.shape : shape?.element?.shape
    }
    return shape
  }

  private func partsSample(_ type: ResourceType) -> JSONObject {
    JSONObject((type.key + (type.parent?.key ?? [])).map { ($0, JSON.string("x")) })
  }
}

/// A document with every member of a shape set, to a bounded depth.
private func sample(_ shape: Shape?, depth: Int = 0) -> JSON {
  guard let shape, depth < 8 else { return "x" }
  switch shape.kind {
  case .structure:
    return .object(JSONObject(shape.members.map { ($0.name, sample($0.shape, depth: depth + 1)) }))
  case .list: return [sample(shape.element?.shape, depth: depth + 1)]
  case .map: return ["x": sample(shape.value?.shape, depth: depth + 1)]
  case .boolean: return true
  case .integer, .long, .float, .double: return 1
  default: return "x"
  }
}
