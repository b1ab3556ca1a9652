import OrderedJSON
import TutorApp

// How a practice account stands, in words.

extension AccountReach {
  /// A row of `practice status --json`.
  func row(_ status: JSON) -> JSON {
    var members = status.object ?? [:]
    members["account"] = .string(name)
    members["served"] = endpointURL.map(JSON.string) ?? .null
    members["pid"] = server.map { .int(Int($0)) } ?? .null
    return .object(members)
  }
}

func statusText(_ row: JSON) -> String {
  let name = row["account"]?.string ?? ""
  if let error = row["error"]?.string { return "\(name)\n    cannot be read: \(error)\n" }
  let served =
    row["served"]?.string.map { "served at \($0) by process \(row["pid"]?.int ?? 0)" } ?? "not served"
  let enforced = row["enforcesAuthorization"]?.bool ?? true
  var lines = [
    "\(name)  \(row["accountId"]?.string ?? "")  \(row["region"]?.string ?? "")  \(served)",
    "    time \(row["time"]?.string ?? "") (\(ahead(row)))",
    "    scenario \(row["scenario"]?.string ?? "none"), authorization \(enforced ? "enforced" : "NOT ENFORCED")",
  ]
  let holds = (row["holds"]?.object ?? [:]).map { "\($1.int ?? 0) \($0)" }
  lines.append("    holds " + (holds.isEmpty ? "nothing" : holds.joined(separator: ", ")))
  let faults = (row["faults"]?.array ?? []).map(faultText)
  if !faults.isEmpty { lines.append("    goes wrong: " + faults.joined(separator: "; ")) }
  return lines.joined(separator: "\n") + "\n"
}

/// As it is typed.
func faultText(_ rule: JSON) -> String {
  func text(_ name: String) -> String { rule[name]?.string ?? "*" }
  var words = text("kind")
  if text("service") != "*" || text("operation") != "*" { words += ":" + text("service") }
  if text("operation") != "*" { words += ":" + text("operation") }
  for name in ["after", "times"] { if let count = rule[name]?.int { words += ",\(name)=\(count)" } }
  if let seconds = rule["seconds"]?.double { words += ",seconds=\(seconds)" }
  return words
}

/// How far the account's clock is ahead of ours: `2 h 10 min ahead`.
func ahead(_ status: JSON) -> String {
  var rest = status["ahead"]?.int ?? 0
  guard rest > 0 else { return "as our own" }
  var words: [String] = []
  for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")] {
    if rest >= unit { words.append("\(rest / unit) \(name)") }
    rest %= unit
  }
  return words.prefix(2).joined(separator: " ") + " ahead"
}
