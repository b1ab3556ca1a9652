import AWSClient
import OrderedJSON
import ProgressStore
import Resources
import ServiceModels

/// What the account said, before a call, of the resources that the call is about.
///
/// Kept with the intent: after a crash it alone tells what the run made from what was there.
struct Probe: Sendable {
  enum State: String {
    case absent, present, foreign
    /// The account would not say.
    case unknown
    /// The run made it before; the account was not asked.
    case ours
  }

  private(set) var answers = JSONObject()

  init() {}

  /// - Parameter text: as `text` gave it.
  init(text: String?) {
    answers = text.flatMap { try? JSON.parse($0) }?.object ?? JSONObject()
  }

  var text: String? { answers.isEmpty ? nil : JSON.object(answers).text() }

  mutating func note(_ state: State, earlier: JSON? = nil, of type: ResourceType, _ parts: JSONObject) {
    guard let key = Probe.key(type, parts) else { return }
    var answer: JSON = ["state": .string(state.rawValue)]
    if let earlier { answer = answer.adding("earlier", earlier) }
    answers[key] = answer
  }

  /// What was said; nil if it was not asked.
  func state(of type: ResourceType, _ parts: JSONObject) -> State? {
    Probe.key(type, parts).flatMap { answers[$0]?["state"]?.string }.flatMap(State.init(rawValue:))
  }

  func earlier(of type: ResourceType, _ parts: JSONObject) -> JSON? {
    Probe.key(type, parts).flatMap { answers[$0]?["earlier"] }
  }

  private static func key(_ type: ResourceType, _ parts: JSONObject) -> String? {
    type.identity(of: parts).map { "\(type.name) \($0)" }
  }
}

extension Ledger {
  /// Asks what is there before a call, as far as the catalogue wants it and the ledger does not know.
  func probe(_ effects: [OperationEffect], input: Value) async throws(LedgerFailure) -> Probe {
    var probe = Probe()
    let document = surroundings.document(input: input, output: nil)
    for effect in effects {
      guard let type = catalog.type(effect.type) else { continue }
      let asks =
        switch effect.verb {
        case .creates: type.probes
        case .sets, .unsets: type.kind == .setting
        case .deletes, .revives, .alters: false
        }
      guard asks else { continue }
      for parts in effect.resources(in: document, type: type) {
        do {
          if try isOurs(type, parts) {
            probe.note(.ours, of: type, parts)
            continue
          }
          guard let reading = try await read(type, parts) else { continue }
          switch reading.reading {
          case .absent: probe.note(.absent, of: type, parts)
          case .foreign: probe.note(.foreign, of: type, parts)
          case .present, .over, .pendingDeletion:
            probe.note(.present, earlier: reading.earlier, of: type, parts)
          }
        } catch let error as StoreError {
          throw .store(error)
        } catch let error as AWSError {
          // No answer at all: the call itself would fare no better. A refusal to answer is not the call's.
          guard case .service = error else { throw .account(error) }
          probe.note(.unknown, of: type, parts)
        } catch {
          throw .store(.failed(path: store.path, reason: "\(error)"))
        }
      }
    }
    return probe
  }

  /// Whether the run made it, or what it lives in, and it is there.
  private func isOurs(_ type: ResourceType, _ parts: JSONObject) throws(StoreError) -> Bool {
    if try ownsParent(of: type, parts) { return true }
    guard let known = try record(type, parts) else { return false }
    return known.state == .live && known.draft.origin == .created && type.kind == .thing
  }
}

/// Why the ledger could not do its part.
package enum LedgerFailure: Error, Sendable {
  case store(StoreError)
  case account(AWSError)

  /// As the caller of a gate sees it.
  var callError: AWSError {
    switch self {
    case .store(let error): .refused(error.message)
    case .account(let error): error
    }
  }

  /// A sentence for the reader.
  package var message: String {
    switch self {
    case .store(let error): error.message
    case .account(let error): error.message
    }
  }
}
