import OrderedJSON
import PracticeAccount
import PracticeServer
import Wire

/// What an account's owner can have done to it beside its services, by a word and a JSON input: the same for an account
/// that is opened here and for one that another process serves.
package enum AccountOrder: String, Sendable, CaseIterable {
  /// How it stands.
  case status
  /// `{"seconds": 600}`: moves the clock forward.
  case advance
  /// `{"name": NAME}`: keeps the account as it is.
  case snapshot
  /// `{"name": NAME}`: takes it back.
  case restore
  /// `{"name": NAME}`: forgets a snapshot.
  case forget
  /// The snapshots that somebody named, oldest first.
  case snapshots
  /// Takes back the last `restore`, `scenario` or `advance`.
  case undo
  /// `{"scenario": {...}}`: plays it.
  case scenario
  /// `{"add": [...], "clear": true}`: what goes wrong on purpose.
  case fault
  case dump
  /// What was refused, oldest first.
  case denials
  /// `{"file": PATH}`: writes the account to an absolute path.
  case export
}

/// An order cannot be carried out; a sentence for the reader.
struct OrderError: Error, Sendable {
  var message: String
}

extension AccountOrder {
  /// Snapshots that are taken by themselves: before what `undo` takes back, and before blocks of a run.
  static let ownSnapshots = ["auto-", "undo-"]
  /// How many changes can be taken back.
  private static let mostChanges = 20

  /// Does it to `account`, which is kept in `directory`.
  func carryOut(_ input: JSON, on account: PracticeAccount, in directory: String) throws(OrderError) -> JSON {
    do {
      return try perform(input, account, directory)
    } catch let error as OrderError {
      throw error
    } catch let error as StoreError {
      throw OrderError(message: error.message)
    } catch {
      throw OrderError(message: "\(error)")
    }
  }

  private func perform(_ input: JSON, _ account: PracticeAccount, _ directory: String) throws -> JSON {
    switch self {
    case .status: break
    case .advance:
      guard let seconds = input["seconds"]?.double, seconds > 0, seconds <= 20 * 366 * 86_400 else {
        throw OrderError(message: "the clock moves forward by up to 20 years at a time, never back")
      }
      try keepForUndo(account)
      try account.clock.advance(seconds: seconds)
    case .snapshot: try account.takeSnapshot(try name(input))
    case .restore:
      let name = try name(input)
      guard account.snapshots.contains(where: { $0.name == name }) else {
        throw OrderError(message: "the practice account has no snapshot named \(name)")
      }
      try keepForUndo(account)
      try account.restore(name)
    case .forget: account.forgetSnapshot(try name(input))
    case .snapshots:
      let named = account.snapshots.filter { snapshot in
        !Self.ownSnapshots.contains { snapshot.name.hasPrefix($0) }
      }
      return .array(named.map { ["name": .string($0.name), "time": .string($0.time.iso8601)] })
    case .undo:
      guard let last = changes(account).last else {
        throw OrderError(
          message: "there is nothing to take back: only restore, scenario and clock can be undone")
      }
      try account.restore(last)
      account.forgetSnapshot(last)
    case .scenario:
      guard let json = input["scenario"] else { throw OrderError(message: "no scenario was given") }
      let scenario = try Scenario(json: json)
      try keepForUndo(account)
      try account.play(scenario)
    case .fault:
      if input["clear"]?.bool == true { try account.clearFaults() }
      for rule in input["add"]?.array ?? [] {
        guard let rule = FaultRule(json: rule) else {
          throw OrderError(message: "this is no fault: \(rule.text())")
        }
        try account.add(rule)
      }
    case .dump: return account.dump()
    case .denials: return .array(account.denials().map { $0.denial.json(number: $0.number) })
    case .export:
      guard let file = input["file"]?.string, file.hasPrefix("/") else {
        throw OrderError(message: "the file must be named by an absolute path")
      }
      try AccountArchive.write(account, in: directory, to: file)
    }
    return account.status()
  }

  private func name(_ input: JSON) throws(OrderError) -> String {
    guard let name = input["name"]?.string, !Self.ownSnapshots.contains(where: { name.hasPrefix($0) }) else {
      throw OrderError(
        message: "names that begin with \(Self.ownSnapshots.joined(separator: " or ")) are taken")
    }
    return name
  }

  /// The snapshots before changes that can be taken back, the last one last.
  private func changes(_ account: PracticeAccount) -> [String] {
    account.snapshots.map(\.name).filter { $0.hasPrefix("auto-") }.sorted()
  }

  private func keepForUndo(_ account: PracticeAccount) throws {
    let known = changes(account)
    let number = (known.last.flatMap { Int($0.dropFirst(5)) } ?? 0) + 1
    let digits = String(number)
    try account.takeSnapshot("auto-" + String(repeating: "0", count: max(0, 9 - digits.count)) + digits)
    for name in known.dropLast(Self.mostChanges - 1) { account.forgetSnapshot(name) }
  }
}
