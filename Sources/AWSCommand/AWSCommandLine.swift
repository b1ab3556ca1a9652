import AWSClient
import Glibc
import ServiceModels
import Wire

/// Takes bytes that a command prints.
package typealias ByteWriter = @Sendable ([UInt8]) async -> Void
/// Gives at most so many bytes of a command's input; empty at its end.
package typealias ByteReader = @Sendable (Int) async -> [UInt8]

/// The `aws` command.
package struct AWSCommandLine: Sendable {
  /// Makes the client for a configuration; the place where a caller puts its gate in.
  package typealias ClientFactory = @Sendable (ClientConfiguration) -> AWSClient

  let catalog: ModelCatalog
  let makeClient: ClientFactory
  let settings: Settings

  /// What does not come with each call.
  package struct Settings: Sendable {
    /// Printed by `aws --version` after `aws-cli/2.36.7 `.
    package var version = "cairn"
    /// Columns for tables; the CLI takes 80 when its output is no terminal.
    package var columns = 80
    /// Whether `aws configure` may print secret keys and tokens; not where everything that is printed is kept.
    package var showsSecrets = true
    /// Whether an unknown option is answered with those that resemble it. The AWS CLI does so for commands and
    /// operations only.
    package var suggestsOptions = false
    /// Seconds east of UTC, for `s3 ls`, which prints local time.
    package var localOffset: @Sendable (Timestamp) -> Int = Settings.systemOffset
    /// Sleeps between the tries of `aws ... wait`.
    package var sleep: @Sendable (Double) async -> Void = ClientSeams.systemSleep
    package var clock: @Sendable () -> Timestamp = ClientSeams.systemClock
    /// Runs a `credential_process`.
    package var runProcess: ProcessRunner = systemProcess
    /// Asks for an MFA code; where there is nobody to ask, the failure says what to run.
    package var prompts: any CredentialPrompts = NoPrompts()

    package init() {}

    /// What the system's time zone (`TZ`, `/etc/localtime`) says.
    package static let systemOffset: @Sendable (Timestamp) -> Int = { time in
      var seconds = time_t(clamping: time.milliseconds / 1000)
      var parts = tm()
      return localtime_r(&seconds, &parts) == nil ? 0 : parts.tm_gmtoff
    }
  }

  package init(catalog: ModelCatalog, settings: Settings = Settings(), makeClient: @escaping ClientFactory) {
    self.catalog = catalog
    self.settings = settings
    self.makeClient = makeClient
  }

  /// Runs one command line; `argv` begins with the program's name. Returns the exit code: 0, 1 and 2 (s3
  /// transfers), 130 (cancelled), 252 (the line is wrong), 253 (configuration), 254 (the service refused), 255.
  ///
  /// `environment` is the whole environment; `workingDirectory` is where relative paths begin.
  package func run(
    argv: [String], environment: [String: String], workingDirectory: String,
    standardInput: @escaping ByteReader,
    standardOutput: @escaping ByteWriter, standardError: @escaping ByteWriter
  ) async -> Int32 {
    let console = Console(input: standardInput, output: standardOutput, error: standardError)
    let context = CommandContext(
      line: self, environment: environment, workingDirectory: workingDirectory, console: console)
    do {
      return try await context.run(Array(argv.dropFirst()))
    } catch {
      if Task.isCancelled { return 130 }
      await console.complain(error.text)
      return error.exitCode
    }
  }
}

/// The three streams of a command.
struct Console: Sendable {
  let input: ByteReader
  let output: ByteWriter
  let error: ByteWriter

  func print(_ text: String) async { await output(Array(text.utf8)) }
  func complain(_ text: String) async { await error(Array(text.utf8)) }

  /// The whole of standard input, up to a bound.
  func readAll(limit: Int = 1 << 30) async -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let more = await input(65_536)
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }
}
