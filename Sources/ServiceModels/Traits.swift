/// What a shape, or a reference to one, says about serialization. The reference wins over the shape.
struct Traits: Hashable, Sendable {
  var locationName: String?
  var location: Location?
  var queryName: String?
  var timestampFormat: TimestampFormat?
  var xmlNamespace: XMLNamespace?
  var payload: String?
  var resultWrapper: String?
  var contextParameter: String?
  var isFlattened = false
  /// The reference says so itself: then its own name, not the element's, is on the wire.
  var isFlattenedByReference = false
  /// The reference declares a namespace of its own, as AWS's models do for payloads whose root they name.
  var isNamespacedByReference = false
  var isStreaming = false
  var isXMLAttribute = false
  var isIdempotencyToken = false
  var isJSONValue = false
  var isHostLabel = false
  var isSensitive = false
  var isEventStream = false
  var isEvent = false
  var isEventPayload = false
  var isEventHeader = false
  var requiresLength = false

  /// Takes in one entry of a shape or reference; entries that are of no concern here are passed over.
  mutating func absorb(_ key: String, _ value: PackedNode) {
    switch key {
    case "locationName": locationName = value.string
    case "location": location = value.string.flatMap { Location(rawValue: $0) }
    case "queryName": queryName = value.string
    case "timestampFormat": timestampFormat = value.string.flatMap { TimestampFormat(rawValue: $0) }
    case "xmlNamespace":
      if let uri = value.string {
        xmlNamespace = XMLNamespace(uri: uri)
      } else if let uri = value["uri"]?.string {
        xmlNamespace = XMLNamespace(uri: uri, prefix: value["prefix"]?.string)
      }
    case "payload": payload = value.string
    case "resultWrapper": resultWrapper = value.string
    case "contextParam": contextParameter = value["name"]?.string
    case "flattened": isFlattened = value.bool ?? false
    case "streaming": isStreaming = value.bool ?? false
    case "xmlAttribute": isXMLAttribute = value.bool ?? false
    case "idempotencyToken": isIdempotencyToken = value.bool ?? false
    case "jsonvalue": isJSONValue = value.bool ?? false
    case "hostLabel": isHostLabel = value.bool ?? false
    case "sensitive": isSensitive = value.bool ?? false
    case "eventstream": isEventStream = value.bool ?? false
    case "event": isEvent = value.bool ?? false
    case "eventpayload": isEventPayload = value.bool ?? false
    case "eventheader": isEventHeader = value.bool ?? false
    case "requiresLength": requiresLength = value.bool ?? false
    default: break
    }
  }

  /// The traits that `reference` has over those of the shape that it names.
  static func merged(shape: PackedNode?, reference: PackedNode) -> Traits {
    var traits = Traits()
    for (source, isReference) in [(shape, false), (reference, true)] {
      guard let source else { continue }
      // The name of a structure is that of a document's root: it does not name members of that type.
      let isStructure = !isReference && source["type"]?.string == "structure"
      let entries = source.facts
      for position in 0..<entries.count {
        guard let key = entries.key(position), let value = entries.value(position) else { continue }
        if isStructure, key == "locationName" { continue }
        traits.absorb(key, value)
        if isReference, key == "flattened" { traits.isFlattenedByReference = traits.isFlattened }
        if isReference, key == "xmlNamespace" { traits.isNamespacedByReference = true }
      }
    }
    return traits
  }
}
