/// The type of a value in a service's API. Shapes of a model are unique: identity is equality.
///
/// A shape keeps its model alive, and a model its shapes: models are few and live until the process ends.
package final class Shape: Sendable {
  /// The name in the model: `KeyMetadata`.
  package let name: String
  package let kind: Kind
  /// The members of a structure in model order; empty for everything else.
  package let members: [Member]
  /// The element of a list.
  package let element: Member?
  /// Key and value of a map.
  package let key: Member?
  package let value: Member?
  /// Exactly one member may be set.
  package let isUnion: Bool
  /// Any JSON value, whatever the members say.
  package let isDocument: Bool
  package let isException: Bool
  package let isSensitive: Bool
  /// The values that the model knows of a string; services may add to them.
  package var enumeration: [String] { choices?.strings ?? [] }
  /// Bounds of a number, or of the length of a string, list, map or blob.
  package let minimum: Double?
  package let maximum: Double?
  package let pattern: String?
  /// The member of a structure that is the whole body.
  package let payload: String?
  package let isStreaming: Bool
  /// The code on the wire of an exception, where it is not the shape's name.
  package let errorCode: String?
  package let httpStatus: Int?
  package let isSenderFault: Bool
  /// What the model says of trying again after this exception; nil: nothing.
  package let retryTrait: RetryTrait?
  /// `min` as the model writes it, for messages.
  let minimumText: String?
  /// What the shape itself says of its serialization; members overlay it.
  let traits: Traits

  /// `retryable` in the model.
  package enum RetryTrait: Hashable, Sendable {
    case transient, throttling
  }

  private let choices: PackedNode?
  /// Where members are, for structures with so many that looking through them would take longer.
  private let positions: [String: Int]
  private let required: [String]

  init(node: PackedNode, name: String, overlay: PackedNode? = nil, model: ServiceModel) {
    self.name = name
    var traits = Traits()
    var kind = Kind.structure
    var facts = Facts()
    for source in [node, overlay].compactMap({ $0 }) {
      let entries = source.facts
      for position in 0..<entries.count {
        guard let key = entries.key(position), let value = entries.value(position) else { continue }
        switch key {
        case "type": kind = value.string.flatMap { Kind(typeName: $0) } ?? .structure
        case "members": facts.members = value
        case "member": facts.element = value
        case "key": facts.key = value
        case "value": facts.value = value
        case "required": facts.required = value
        case "enum": facts.choices = value
        case "union": facts.isUnion = value.bool ?? false
        case "document": facts.isDocument = value.bool ?? false
        case "exception": facts.isException = value.bool ?? false
        case "fault": facts.isFault = value.bool ?? false
        case "error": facts.error = value
        case "retryable": facts.retryTrait = value["throttling"]?.bool ?? false ? .throttling : .transient
        case "min": facts.minimum = value
        case "max": facts.maximum = value
        case "pattern": facts.pattern = value.string
        default: traits.absorb(key, value)
        }
      }
    }
    self.kind = kind
    self.traits = traits
    isUnion = facts.isUnion
    isDocument = facts.isDocument
    isException = facts.isException || facts.isFault
    isSensitive = traits.isSensitive
    choices = facts.choices
    minimum = facts.minimum?.double
    minimumText = facts.minimum?.numberText
    maximum = facts.maximum?.double
    pattern = facts.pattern
    payload = traits.payload
    isStreaming = traits.isStreaming
    errorCode = facts.error?["code"]?.string
    httpStatus = facts.error?["httpStatusCode"]?.int
    isSenderFault = facts.error?["senderFault"]?.bool ?? false
    retryTrait = facts.retryTrait
    required = facts.required?.strings ?? []

    var members: [Member] = []
    var positions: [String: Int] = [:]
    if let list = facts.members?.structureMembers {
      members.reserveCapacity(list.count)
      let required = facts.required?.stringOffsets ?? []
      for position in 0..<list.count {
        guard let offset = list.keyOffset(position), let memberName = list.key(position),
          let reference = list.value(position)
        else { continue }
        members.append(
          Member(
            name: memberName, reference: reference, isRequired: required.contains(offset),
            isPayload: traits.payload == memberName, model: model))
      }
      if members.count > 12 {
        for (position, member) in members.enumerated() { positions[member.name] = position }
      }
    }
    self.members = members
    self.positions = positions
    func reference(_ node: PackedNode?, _ name: String) -> Member? {
      node.map { Member(name: name, reference: $0, isRequired: true, isPayload: false, model: model) }
    }
    element = reference(facts.element, "member")
    key = reference(facts.key, "key")
    value = reference(facts.value, "value")
  }

  /// The member called `name`.
  package func member(_ name: String) -> Member? {
    positions.isEmpty ? members.first { $0.name == name } : positions[name].map { members[$0] }
  }

  /// The required members, in the order in which the model lists them (it is the order of error messages).
  package var requiredMembers: [String] { required }

  /// The code under which this exception travels: the modelled one, else the shape's name.
  package var faultCode: String { errorCode ?? name }
}

extension Shape: Hashable {
  package static func == (a: Shape, b: Shape) -> Bool { a === b }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// What is read of a shape before its members are made.
private struct Facts {
  var retryTrait: Shape.RetryTrait?
  var members: PackedNode?
  var element: PackedNode?
  var key: PackedNode?
  var value: PackedNode?
  var required: PackedNode?
  var choices: PackedNode?
  var isUnion = false
  var isDocument = false
  var isException = false
  var isFault = false
  var error: PackedNode?
  var minimum: PackedNode?
  var maximum: PackedNode?
  var pattern: String?
}
