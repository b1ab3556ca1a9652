import ServiceModels

extension Operation {
  /// `input` with every top-level idempotency token that is missing filled in (Smithy `idempotencyToken`).
  func fillingTokens(_ input: Value, with token: () -> String) -> Value {
    guard let shape = self.input else { return input }
    var fields = input.object ?? Fields()
    for member in shape.members where member.isIdempotencyToken && fields[member.name] == nil {
      fields[member.name] = .string(token())
    }
    return .object(fields)
  }
}
