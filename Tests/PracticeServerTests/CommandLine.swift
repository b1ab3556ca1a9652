import Foundation
import PracticeAccount
import PracticeServer
import ServiceModels
import TestKit
import Testing

/// An unmodified AWS CLI of version 2, if this machine has one.
let awsCLI: String? = {
  let folders =
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/bin"]
  for path in folders.map({ $0 + "/aws" }) where FileManager.default.isExecutableFile(atPath: path) {
    if (try? output(of: path, ["--version"]))?.hasPrefix("aws-cli/2") == true { return path }
  }
  return nil
}()

/// A Python with boto3, if this machine has one.
let pythonWithBoto3: String? = {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
  for path in folders.map({ $0 + "/python3" }) where FileManager.default.isExecutableFile(atPath: path) {
    if (try? output(of: path, ["-c", "import boto3; print('yes')"])) == "yes\n" { return path }
  }
  return nil
}()

private func output(of program: String, _ arguments: [String]) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: data, as: UTF8.self)
}

/// A command and what it must come to.
struct CommandRow {
  var command: String
  var status: Int
  /// A regular expression that standard output must contain; nil: it must be empty.
  var output: String?
  /// A text that standard error must contain.
  var error: String
  /// Whether standard error must be empty where no text is asked for.
  var isStrict: Bool

  init(
    _ command: String, _ status: Int = 0, _ output: String? = nil, error: String = "", isStrict: Bool = true
  ) {
    self.isStrict = isStrict
    self.command = command
    self.status = status
    self.output = output
    self.error = error
  }
}

/// A shell session against a served account. Variables live on from one batch of rows to the next.
final class CommandSession {
  let folder: URL
  let environment: [String: String]
  /// The variables that live on.
  private static let kept = "^(LAB|ACCOUNT|BUCKET|KMS|JOB|MACIE|FINDING|ENDPOINT|VPC|SUBNET)_|^AWS_REGION$"

  init(_ server: PracticeServer) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("practice-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") }
    // The lines a learner would `eval`.
    for line in server.exportLines.split(separator: "\n") where line.hasPrefix("export ") {
      let parts = line.dropFirst(7).split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { environment[parts[0]] = parts[1] }
    }
    environment["HOME"] = folder.path
    environment["AWS_PAGER"] = ""
    environment["AWS_EC2_METADATA_DISABLED"] = "true"
    self.environment = environment
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// Runs every row in order and compares.
  func run(_ rows: [CommandRow], aws: String, endpoint: String) async throws {
    var script = "aws() { \(aws) --endpoint-url \(endpoint) \"$@\"; }\n[ -f vars ] && . ./vars\n"
    for (i, row) in rows.enumerated() {
      script += "{\n\(row.command)\n} >out.\(i) 2>err.\(i)\necho $? >rc.\(i)\n"
    }
    script += "declare -p $(compgen -v | grep -E '\(Self.kept)') > vars\n"
    try await run("/bin/bash", ["-c", script])
    for (i, row) in rows.enumerated() {
      let status = Int(text("rc.\(i)").trimmingCharacters(in: .whitespacesAndNewlines))
      let (out, err) = (text("out.\(i)"), text("err.\(i)"))
      #expect(status == row.status, "\(row.command)\n\(out)\(err)")
      if let expected = row.output {
        #expect(
          expected.isEmpty || out.range(of: expected, options: .regularExpression) != nil,
          "\(row.command)\n\(out)\(err)")
      } else {
        #expect(out.isEmpty, "\(row.command)\n\(out)")
      }
      #expect(
        row.error.isEmpty ? err.isEmpty || !row.isStrict : err.contains(row.error), "\(row.command)\n\(err)")
    }
  }

  /// Runs a program in the session's folder; returns its status.
  @discardableResult
  func run(_ program: String, _ arguments: [String]) async throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = folder
    return try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do {
        try process.run()
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  func text(_ name: String) -> String {
    (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
  }
}

/// A served account; stopped when the body is through.
func withServer(
  stoppingWithin seconds: Double = 5, _ body: (PracticeAccount, PracticeServer) async throws -> Void
) async throws {
  let account = try PracticeAccount(
    catalog: ModelCatalog(directory: repositoryRoot + "/assets/models"), directory: nil, seed: 11)
  let server = try await PracticeServer.start(account: account)
  do {
    try await body(account, server)
  } catch {
    await server.stop(within: seconds)
    throw error
  }
  await server.stop(within: seconds)
}
