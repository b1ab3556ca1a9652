import OrderedJSON
import ServiceModels
import Wire

/// The event history: every call this account answered, management events alone, newest first.
///
/// Source: CloudTrail API reference, LookupEvents; user guide, "Working with CloudTrail event history". There are
/// no trails: they would need a bucket to write to and somebody who pays for it.
enum CloudTrailService {
  static let service = PracticeService(
    name: "cloudtrail",
    rules: [
      "LookupEvents": OperationRule({ (_, _) in [AccessQuestion("cloudtrail:LookupEvents")] }, lookup),
      "DescribeTrails": OperationRule(
        { (_, _) in [AccessQuestion("cloudtrail:DescribeTrails")] }, { (_, _) in ["trailList": .list([])] }),
      "ListTrails": OperationRule(
        { (_, _) in [AccessQuestion("cloudtrail:ListTrails")] }, { (_, _) in ["Trails": .list([])] }),
    ],
    denial: { question, verdict, principal in
      fault("AccessDeniedException", denialText(question, verdict, principal))
    })

  private static let attributes: [String: @Sendable (TrailEvent, String) -> Bool] = [
    "EventId": { $0.id == $1 },
    "EventName": { $0.name == $1 },
    "ReadOnly": { ($0.isReadOnly ? "true" : "false") == $1 },
    "Username": { $0.username == $1 },
    "ResourceType": { event, type in event.resources.contains { $0.type == type } },
    "ResourceName": { event, name in event.resources.contains { $0.name == name } },
    "EventSource": { $0.source == $1 },
    "AccessKeyId": { $0.accessKeyID == $1 },
  ]

  @Sendable private static func lookup(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let wanted = input.items("LookupAttributes")
    guard wanted.count <= 1 else {
      throw fault("InvalidLookupAttributesException", "You can only specify one lookup attribute.")
    }
    var test: (TrailEvent) -> Bool = { _ in true }
    if let attribute = wanted.first {
      guard let holds = attributes[attribute.text("AttributeKey")] else {
        throw fault("InvalidLookupAttributesException", "The lookup attribute is not valid.")
      }
      let value = attribute.text("AttributeValue")
      test = { holds($0, value) }
    }
    let (start, end) = (input["StartTime"]?.timestamp, input["EndTime"]?.timestamp)
    if let start, let end, end < start {
      throw fault("InvalidTimeRangeException", "The start time must be before the end time.")
    }
    let size = input["MaxResults"]?.integer ?? 50
    guard (1...50).contains(size) else {
      throw fault("InvalidMaxResultsException", "The number of results must be from 1 to 50.")
    }
    // A global service's events are those of us-east-1 (user guide, "Global service events").
    let events = call.seen.trail.values.filter { event in
      !event.isData && event.region == call.region && start.map { event.time >= $0 } ?? true
        && end.map { event.time <= $0 } ?? true && test(event)
    }
    guard let page = Page(events.reversed(), limit: size, token: input["NextToken"]?.string, most: 50) else {
      throw fault("InvalidNextTokenException", "The next token is not valid.")
    }
    var fields: Fields = ["Events": .list(page.items.map { described($0, call) })]
    fields.add("NextToken", page.next.map(Value.string))
    return .object(fields)
  }

  private static func described(_ event: TrailEvent, _ call: Call) -> Value {
    [
      "EventId": .string(event.id), "EventName": .string(event.name),
      "ReadOnly": event.isReadOnly ? "true" : "false", "AccessKeyId": .string(event.accessKeyID),
      "EventTime": .timestamp(event.time.wholeSeconds), "EventSource": .string(event.source),
      "Username": .string(event.username),
      "Resources": .list(
        event.resources.map { ["ResourceType": .string($0.type), "ResourceName": .string($0.name)] }),
      "CloudTrailEvent": .string(record(event, call).text()),
    ]
  }

  /// The record a trail would write ("CloudTrail record contents").
  private static func record(_ event: TrailEvent, _ call: Call) -> JSON {
    var record: JSONObject = [
      "eventVersion": "1.11", "userIdentity": .object(identity(event)),
      "eventTime": .string(event.time.wholeSeconds.iso8601), "eventSource": .string(event.source),
      "eventName": .string(event.name), "awsRegion": .string(event.region), "sourceIPAddress": "127.0.0.1",
      "userAgent": .string(event.userAgent),
    ]
    record["errorCode"] = event.errorCode.map(JSON.string)
    record["errorMessage"] = event.errorMessage.map(JSON.string)
    record["requestParameters"] =
      event.parameters.value.object?.isEmpty == false ? event.parameters.value.json(shape: nil) : .null
    record["responseElements"] = event.response?.value.json(shape: nil) ?? .null
    record["requestID"] = .string(event.requestID)
    record["eventID"] = .string(event.id)
    record["readOnly"] = .bool(event.isReadOnly)
    record["eventType"] = "AwsApiCall"
    record["managementEvent"] = .bool(!event.isData)
    record["recipientAccountId"] = .string(call.accountID)
    record["eventCategory"] = event.isData ? "Data" : "Management"
    return .object(record)
  }

  private static func identity(_ event: TrailEvent) -> JSONObject {
    let principal = event.principal
    let type =
      switch principal.kind {
      case .user: "IAMUser"
      case .root: "Root"
      case .role, .roleSession: "AssumedRole"
      case .service: "AWSService"
      case .federatedUser: "FederatedUser"
      }
    var identity: JSONObject = [
      "type": .string(type), "principalId": .string(principal.userID), "arn": .string(principal.arn),
      "accountId": .string(principal.account), "accessKeyId": .string(event.accessKeyID),
    ]
    if principal.kind == .user { identity["userName"] = .string(event.username) }
    if let role = principal.roleARN {
      identity["sessionContext"] = [
        "sessionIssuer": [
          "type": "Role", "principalId": .string(String(principal.userID.prefix { $0 != ":" })),
          "arn": .string(role), "accountId": .string(principal.account),
          "userName": .string(role.split(separator: "/").last.map(String.init) ?? ""),
        ]
      ]
    }
    return identity
  }
}
