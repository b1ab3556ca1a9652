import ServiceModels
import Wire

/// What Macie would cost: AWS's own estimates. Prices: aws.amazon.com/macie/pricing, us-east-1, in dollars. As on AWS
/// they say what would be due without the free trial.
extension MacieService {
  static let usageRules: [String: OperationRule] = [
    "GetUsageTotals": OperationRule(
      ask("GetUsageTotals"),
      { (input, call) throws(ServiceFault) in
        let range = input["timeRange"]?.string ?? "PAST_30_DAYS"
        let usage = try MacieUsage(range: range, call)
        return [
          "timeRange": .string(range),
          "usageTotals": .list(
            usage.costs.map {
              [
                "currency": "USD", "estimatedCost": .string(MacieUsage.text($0.cost)),
                "type": .string($0.type),
              ]
            }),
        ]
      }),
    "GetUsageStatistics": OperationRule(
      ask("GetUsageStatistics"),
      { (input, call) throws(ServiceFault) in
        let range = input["timeRange"]?.string ?? "PAST_30_DAYS"
        let usage = try MacieUsage(range: range, call)
        let total = usage.costs.reduce(0) { $0 + $1.cost }
        var isWanted = true
        for term in input.items("filterBy") {
          let holds = try holds(term, account: call.accountID, total: total)
          isWanted = isWanted && holds
        }
        guard isWanted else { return ["records": [], "timeRange": .string(range)] }
        let records = usage.costs.map { cost -> Value in
          var fields: Fields = [
            "currency": "USD", "estimatedCost": .string(MacieUsage.text(cost.cost)),
            "type": .string(cost.type),
          ]
          if cost.type == "SENSITIVE_DATA_DISCOVERY" {
            // Macie quotas: 5 TB a month.
            fields["serviceLimit"] = ["isServiceLimited": false, "unit": "TERABYTES", "value": 5]
          }
          return .object(fields)
        }
        var record: Fields = ["accountId": .string(call.accountID)]
        let trial = call.seen.macie[call.region]?.trialBegan.map(Value.timestamp)
        record.add("automatedDiscoveryFreeTrialStartDate", trial)
        record.add("freeTrialStartDate", trial)
        record["usage"] = .list(records)
        return ["records": [.object(record)], "timeRange": .string(range)]
      }),
  ]

  private static func holds(_ term: Value, account: String, total: Double) throws(ServiceFault) -> Bool {
    let values = term.texts("values")
    let comparator = term["comparator"]?.string ?? "EQ"
    switch term.text("key") {
    case "accountId":
      switch comparator {
      case "EQ": return values.contains(account)
      case "NE": return !values.contains(account)
      case "CONTAINS": return values.contains { account.contains($0) }
      default: throw invalid("accountId can't be compared with \(comparator)")
      }
    case "total":
      let bounds = values.compactMap(Double.init)
      switch comparator {
      case "GT": return bounds.allSatisfy { total > $0 }
      case "GTE": return bounds.allSatisfy { total >= $0 }
      case "LT": return bounds.allSatisfy { total < $0 }
      case "LTE": return bounds.allSatisfy { total <= $0 }
      case "EQ": return bounds.contains(total)
      case "NE": return !bounds.contains(total)
      default: throw invalid("total can't be compared with \(comparator)")
      }
    default:
      throw invalid("the practice account filters usage by accountId and total only")
    }
  }
}

/// Costs of a period.
struct MacieUsage {
  var costs: [(type: String, cost: Double)]

  init(range: String, _ call: Call) throws(ServiceFault) {
    let now = call.now
    let parts = now.parts
    let start: Timestamp
    switch range {
    case "MONTH_TO_DATE": start = Timestamp(year: parts.year, month: parts.month, day: 1)
    case "PAST_30_DAYS": start = now.adding(seconds: -30 * 86_400)
    default: throw MacieService.invalid("timeRange must be MONTH_TO_DATE or PAST_30_DAYS")
    }
    let session = try MacieService.session(call)
    let days = (now.seconds - max(start, session.created).seconds) / 86_400
    let buckets = call.seen.s3.buckets.values.filter { $0.region == call.region }
    let objects = buckets.reduce(0) { $0 + $1.objects.count }
    let isDiscovering = session.automatedDiscovery == "ENABLED"
    let bytes = (call.seen.macie[call.region]?.analyses ?? []).filter { $0.time >= start }.reduce(0.0) {
      $0 + Double($1.bytes)
    }
    let gigabytes = bytes / 1_073_741_824
    costs = [
      ("DATA_INVENTORY_EVALUATION", 0.10 / 30 * days * Double(buckets.count)),
      // The first gigabyte of a month is free.
      ("SENSITIVE_DATA_DISCOVERY", max(0, gigabytes - 1) * 1.00),
      // Nothing is sampled here.
      ("AUTOMATED_SENSITIVE_DATA_DISCOVERY", 0),
      ("AUTOMATED_OBJECT_MONITORING", isDiscovering ? 0.01 / 100_000 * Double(objects) * days / 30 : 0),
    ]
  }

  /// With four decimals at most.
  static func text(_ cost: Double) -> String {
    let parts = Int64((max(0, min(cost, 1e12)) * 10_000).rounded())
    let digits = String(parts % 10_000)
    return "\(parts / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
