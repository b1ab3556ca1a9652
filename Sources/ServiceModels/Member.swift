/// A member of a structure, the element of a list, or the key or value of a map.
package final class Member: Sendable {
  /// `KeyId`; `member`, `key` or `value` in lists and maps.
  package let name: String
  package let isRequired: Bool
  /// The whole body is this member.
  package let isPayload: Bool
  /// What reference and shape together say of serialization.
  let traits: Traits
  private let shapeIndex: Int
  private let model: ServiceModel

  init(name: String, reference: PackedNode, isRequired: Bool, isPayload: Bool, model: ServiceModel) {
    self.name = name
    self.isRequired = isRequired
    self.isPayload = isPayload
    self.model = model
    shapeIndex = model.shapeIndex(of: reference) ?? -1
    traits = Traits.merged(shape: model.shapeNode(at: shapeIndex), reference: reference)
  }

  /// The shape, materialised on first use.
  package var shape: Shape { model.shape(at: shapeIndex) }

  package var location: Location? { traits.location }
  /// In the head of a response, that is: not in its body, where members meant for requests' paths and queries go.
  var isInHead: Bool { location == .header || location == .headers || location == .statusCode }
  /// The name on the wire.
  package var locationName: String { traits.locationName ?? name }
  /// The name on the wire where the model gives one.
  package var explicitLocationName: String? { traits.locationName }
  /// The name in requests of the ec2 protocol, where it differs.
  package var queryName: String? { traits.queryName }
  package var timestampFormat: TimestampFormat? { traits.timestampFormat }
  package var isXMLAttribute: Bool { traits.isXMLAttribute }
  package var isFlattened: Bool { traits.isFlattened }
  /// The name of each element of a flattened list. A shape that is flattened gives its elements their name, as the old
  /// models do; a reference that flattens keeps its own (Smithy, `xmlFlattened`).
  var flattenedName: String {
    traits.isFlattenedByReference ? locationName : shape.element?.explicitLocationName ?? locationName
  }
  package var isIdempotencyToken: Bool { traits.isIdempotencyToken }
  package var isStreaming: Bool { traits.isStreaming }
  package var isSensitive: Bool { traits.isSensitive }
  package var isHostLabel: Bool { traits.isHostLabel }
  package var isEventStream: Bool { traits.isEventStream }
  /// Of an event: travels in a header of the message, or is its whole payload.
  var isEventHeader: Bool { traits.isEventHeader }
  var isEventPayload: Bool { traits.isEventPayload }
  /// A JSON document as text, Base64-encoded when it travels in a header.
  package var isJSONValue: Bool { traits.isJSONValue }
  package var xmlNamespace: XMLNamespace? { traits.xmlNamespace }
  /// The endpoint rules' parameter that takes this member's value.
  package var contextParameter: String? { traits.contextParameter }
}
