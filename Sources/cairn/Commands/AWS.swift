import AWSClient
import AWSCommand
import ArgumentParser
import Glibc
import ServiceModels
import TutorApp

struct AWS: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aws", abstract: "The AWS command line, by Cairn's own client core.",
    discussion: "Configuration and credentials as the AWS CLI takes them. Nothing here is journalled.")

  @Argument(parsing: .captureForPassthrough)
  var arguments: [String] = []

  func run() async throws {
    let models: ModelCatalog
    do {
      let variables = environment()
      models = ModelCatalog(
        directory: try Assets(environment: variables).models,
        dataPath: ModelCatalog.dataPath(environment: variables, home: variables["HOME"]))
    } catch {
      throw refuse(error.diagnostic)
    }
    var settings = AWSCommandLine.Settings()
    settings.prompts = TerminalPrompts()
    let line = AWSCommandLine(catalog: models, settings: settings) {
      AWSClient(catalog: models, configuration: $0)
    }
    let folder = currentFolder()
    let status = await line.run(
      argv: ["aws"] + arguments, environment: environment(), workingDirectory: folder,
      standardInput: { count in readBytes(count) }, standardOutput: { writeBytes($0, to: 1) },
      standardError: { writeBytes($0, to: 2) })
    if status != 0 { throw ExitCode(status) }
  }
}

private func currentFolder() -> String {
  guard let path = getcwd(nil, 0) else { return "/" }
  defer { free(path) }
  return String(cString: path)
}

private func readBytes(_ count: Int) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
    filled = max(0, read(0, buffer.baseAddress, count))
  }
}
