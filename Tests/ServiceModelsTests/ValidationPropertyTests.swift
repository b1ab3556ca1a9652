import Testing

@testable import ServiceModels

/// What must hold of every input of every operation of some services, whatever its shape.
@Suite struct ValidationPropertyTests {
  @Test(arguments: bundledServices)
  func `an input that fits has no problem but one of length or size`(service: String) throws {
    try forEachInput(of: service) { operation, _, input in
      for problem in operation.validate(.object(input)) {
        #expect(
          problem.message.hasPrefix("Invalid length") || problem.message.hasPrefix("Invalid value"),
          "\(operation.name): \(problem)")
      }
    }
  }

  @Test(arguments: bundledServices)
  func `each required member that is missing is named once, and nothing else changes`(service: String) throws
  {
    try forEachInput(of: service) { operation, shape, input in
      for name in shape.requiredMembers where input[name] != nil {
        var less = input
        less[name] = nil
        let others = operation.validate(.object(input)).filter { !concerns($0, name) }
        let found = operation.validate(.object(less))
        #expect(
          found.map(\.message) == ["Missing required parameter in input: \"\(name)\""]
            + others.map(\.message),
          "\(operation.name).\(name)")
      }
    }
  }

  @Test(arguments: bundledServices)
  func `a member that is unknown is named once, with all that there are`(service: String) throws {
    try forEachInput(of: service) { operation, shape, input in
      var more = input
      more["Nonesuch"] = 1
      let names = shape.members.map(\.name).joined(separator: ", ")
      let added = operation.validate(.object(more)).map(\.message).filter { $0.contains("Nonesuch") }
      #expect(
        added == ["Unknown parameter in input: \"Nonesuch\", must be one of: \(names)"], "\(operation.name)")
      #expect(operation.validate(.object(more)).count == operation.validate(.object(input)).count + 1)
    }
  }

  @Test(arguments: bundledServices)
  func `a member of another type is named once by its own path`(service: String) throws {
    try forEachInput(of: service) { operation, shape, input in
      for field in input {
        guard let member = shape.member(field.name), !member.shape.isDocument, !member.isJSONValue else {
          continue
        }
        var other = input
        // No shape takes null.
        other[field.name] = .null
        let found = operation.validate(.object(other)).filter { concerns($0, field.name) }
        #expect(found.count == 1, "\(operation.name).\(field.name)")
        #expect(
          found.first?.message.hasPrefix(
            "Invalid type for parameter \(field.name), value: None, type: <class 'NoneType'>, valid types: ")
            ?? false,
          "\(operation.name).\(field.name)")
      }
    }
  }

  private func concerns(_ problem: ValidationProblem, _ name: String) -> Bool {
    problem.path == name || problem.path.hasPrefix("\(name).") || problem.path.hasPrefix("\(name)[")
      || problem.path.hasPrefix("\(name) ")
  }

  /// Each operation with a sample of its whole input.
  private func forEachInput(
    of service: String, _ body: (Operation, Shape, Fields) throws -> Void
  ) throws {
    let model = try bundle.model(service)
    for name in model.operationNames {
      let operation = try #require(model.operation(name))
      guard let shape = operation.input else { continue }
      var sampler = Sampler(seed: 5)
      sampler.depth = 7
      sampler.width = 1
      try body(operation, shape, try #require(sampler.structure(shape).object))
    }
  }
}
