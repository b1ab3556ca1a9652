import OrderedJSON

@testable import ServiceModels

/// Any bytes as a packed model; `{` begins a model as botocore writes it. Everything of it is looked at.
func readModel(_ bytes: borrowing [UInt8]) {
  let bytes = copy bytes
  let model: ServiceModel?
  if bytes.first == 0x7B {
    guard let json = try? JSON.parse(bytes: bytes) else { return }
    model = try? ServiceModel(
      botocore: json, paginators: json["paginators"], waiters: json["waiters"],
      endpointRules: json["endpointRules"])
  } else {
    model = (try? PackedFile(name: "model", bytes: bytes)).flatMap { try? ServiceModel(file: $0) }
  }
  guard let model else { return }
  for name in model.operationNames.prefix(4) {
    guard let operation = model.operation(name) else { continue }
    _ = model.operation(cliName: operation.cliName)
    _ = model.paginator(name)
    var modelled = Modelled(Entropy(bytes))
    let input = operation.input.map { modelled.value($0) } ?? [:]
    _ = operation.validate(input)
    let found = try? operation.endpoint(input, region: "us-east-1", partitions: Service.partitions)
    let endpoint = found ?? Endpoint(host: "example.com", signingRegion: "us-east-1", signingName: "x")
    _ = try? operation.request(input, endpoint: endpoint, tokens: { "token" })
    if let output = operation.output { walk(output, 0) }
  }
  for name in model.waiterNames.prefix(4) { _ = model.waiter(name) }
  for name in model.shapeNames.prefix(16) { _ = model.shape(name)?.members.count }
}

private func walk(_ shape: Shape, _ depth: Int) {
  guard depth < 6 else { return }
  for member in shape.members.prefix(4) { walk(member.shape, depth + 1) }
  for member in [shape.element, shape.key, shape.value] { if let member { walk(member.shape, depth + 1) } }
}
