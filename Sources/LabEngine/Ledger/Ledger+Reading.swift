import AWSClient
import OrderedJSON
import ProgressStore
import Resources
import ServiceModels
import Wire

/// What asking the account about a resource came to.
struct AccountReading: Sendable {
  var reading: Reading
  var answer: Value?
  /// When the thing was made, milliseconds since 1970, if the answer says so.
  var created: Int64?
  /// For a setting that is there, the value a restoring call needs.
  var earlier: JSON?
}

extension Ledger {
  /// Asks the account about the resource with these parts. Nil: its type has no question.
  func read(_ type: ResourceType, _ parts: JSONObject) async throws(AWSError) -> AccountReading? {
    guard let question = type.read else { return nil }
    let document = document(parts)
    do {
      let answer = try await account.call(
        question.service, question.operation, question.input.value(in: document))
      let reading = question.reading(answer, about: document)
      return AccountReading(
        reading: reading, answer: answer,
        created: question.created.flatMap { answer.at($0)?.timestamp?.milliseconds },
        earlier: question.earlier?.value(in: document.adding("output", answer.outline)))
    } catch {
      guard case .service(let fault, _, _) = error, let reading = question.reading(fault) else { throw error }
      return AccountReading(reading: reading)
    }
  }

  /// How a search for what a call made ended.
  enum Found {
    case nothing
    case one(JSONObject)
    /// Several things could be it.
    case ambiguous(Int)
  }

  /// Looks for what a call made, when its identity was not known beforehand.
  func find(_ type: ResourceType, call: LedgerCall, input: Value) async throws -> Found {
    guard let finding = type.finding else { return .nothing }
    // A call that carried the run's mark can only have made something that carries it.
    let wasMarked = call.intent.input.contains(Marks.runKey)
    var candidates: [Candidate] = []
    let base = document([:]).adding("input", input.outline)
    var page = finding.input.value(in: base)
    for _ in 0..<1000 {
      let answer = try await account.call(finding.service, finding.operation, page)
      let seen = base.adding("output", answer.outline)
      for item in finding.items.value(in: seen)?.array ?? [] {
        if let candidate = try await candidate(item, finding, type, call, base) {
          candidates.append(candidate)
        }
      }
      guard let next = finding.next, let token = next.path.value(in: seen), case .object(var fields) = page
      else {
        break
      }
      fields[next.member] = Value(plain: token)
      page = .object(fields)
    }
    let proven = candidates.filter(\.proven)
    if wasMarked || !proven.isEmpty {
      let oldest = proven.min { ($0.created ?? .max) < ($1.created ?? .max) }
      return oldest.map { .one($0.parts) } ?? .nothing
    }
    if candidates.count > 1 { return .ambiguous(candidates.count) }
    return candidates.first.map { .one($0.parts) } ?? .nothing
  }

  /// Something on the account that a call may have made.
  private struct Candidate {
    var parts: JSONObject
    var created: Int64?
    /// It carries the run's mark.
    var proven: Bool
  }

  private func candidate(
    _ item: JSON, _ finding: Finding, _ type: ResourceType, _ call: LedgerCall, _ base: JSON
  ) async throws -> Candidate? {
    var document = base.adding("item", item)
    var parts = JSONObject()
    for part in finding.parts { parts[part.name] = part.expression.text(in: document).map(JSON.string) }
    guard let identity = type.identity(of: parts),
      try !store.isKnown(type: type.name, identity: identity, region: region(of: type))
    else { return nil }
    for detail in finding.details {
      do {
        let answer = try await account.call(
          detail.service, detail.operation, detail.input.value(in: document))
        document = document.adding(detail.name, answer.outline)
      } catch {
        // A thing that may not be looked at, an AWS managed key for one, is none of ours.
        guard case .service(let fault, _, _) = error, fault.httpStatus < 500 else {
          throw error
        }
        return nil
      }
    }
    guard finding.matches.holds(in: document) else { return nil }
    let mark = finding.proof?.text(in: document)
    if let mark, mark != run.id { return nil }
    let created = finding.created?.text(in: document).flatMap { Timestamp(parsing: $0) }?.milliseconds
    if let created, created < call.intent.at - Ledger.clockTolerance { return nil }
    // Without a time and without a mark, likeness alone proves nothing.
    if created == nil && mark == nil { return nil }
    return Candidate(parts: parts, created: created, proven: mark != nil)
  }

  /// How far the account's clock may be behind ours, in milliseconds.
  static let clockTolerance: Int64 = 120_000
}
