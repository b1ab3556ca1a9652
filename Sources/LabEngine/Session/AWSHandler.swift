import AWSClient
import AWSCommand
import ServiceModels
import ShellRuntime
import Synchronization

/// The `aws` of the lab shell: the client core, in this process, with the ledger's gate in it.
final class AWSHandler: CommandHandler {
  private let line: AWSCommandLine
  private let gate: LedgerGate
  private let failed = Mutex(false)

  /// - Parameter clock: the account's time, in which `aws ... wait` waits.
  init(models: ModelCatalog, gate: LedgerGate, clock: any AccountClock) {
    self.gate = gate
    var settings = AWSCommandLine.Settings()
    settings.sleep = { try? await clock.wait(seconds: $0) }
    settings.suggestsOptions = true
    settings.showsSecrets = false
    line = AWSCommandLine(catalog: models, settings: settings) { configuration in
      // A command may name other credentials than the run's (`--profile`): they are asked who they are first.
      let account = UngatedAccount(AWSClient(catalog: models, configuration: configuration))
      return AWSClient(
        catalog: models, configuration: configuration, gate: VerifyingGate(gate, account: account))
    }
  }

  /// Whether a call failed since the statement began.
  var callFailed: Bool { failed.withLock { $0 } }

  /// The calls from now on are this statement's.
  func begin(_ place: GateContext) {
    gate.begin(place)
    failed.withLock { $0 = false }
  }

  func handles(_ name: String) -> Bool { name == "aws" }

  func run(_ invocation: Invocation) async -> Int32 {
    let status = await line.run(
      argv: invocation.argv, environment: invocation.environment,
      workingDirectory: invocation.workingDirectory,
      standardInput: { await invocation.standardInput.read(upTo: $0) },
      standardOutput: { await invocation.standardOutput.write($0) },
      standardError: { await invocation.standardError.write($0) })
    if status != 0 { failed.withLock { $0 = true } }
    return status
  }
}
