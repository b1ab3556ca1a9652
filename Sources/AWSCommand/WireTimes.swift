import OrderedJSON
import ServiceModels
import Wire

/// `cli_timestamp_format = wire`: times as the service sent them, numbers in JSON and texts elsewhere.
struct WireTimes {
  let model: ServiceModel
  private static let deepest = 100

  func shown(_ value: JSON, _ shape: Shape, timestampFormat: TimestampFormat? = nil, depth: Int = 0) -> JSON {
    guard depth < WireTimes.deepest, !shape.isDocument else { return value }
    switch (shape.kind, value) {
    case (.timestamp, .string(let text)):
      return Timestamp(parsing: text).map { sent($0, timestampFormat) } ?? value
    case (.structure, .object(let members)):
      var result = members
      for (key, inner) in members {
        guard let member = shape.member(key) else { continue }
        result[key] = shown(
          inner, member.shape, timestampFormat: member.timestampFormat, depth: depth + 1)
      }
      return .object(result)
    case (.map, .object(let members)):
      guard let element = shape.value else { return value }
      var result = members
      for (key, inner) in members {
        result[key] = shown(inner, element.shape, timestampFormat: element.timestampFormat, depth: depth + 1)
      }
      return .object(result)
    case (.list, .array(let values)):
      guard let element = shape.element else { return value }
      return .array(
        values.map {
          shown($0, element.shape, timestampFormat: element.timestampFormat, depth: depth + 1)
        })
    default: return value
    }
  }

  private func sent(_ time: Timestamp, _ format: TimestampFormat?) -> JSON {
    switch model.protocolName {
    case .json,
      .restJSON where format == nil:
      .number(JSONNumber(literal: time.epochSeconds) ?? JSONNumber(0))
    default: .string(time.iso8601)
    }
  }
}
