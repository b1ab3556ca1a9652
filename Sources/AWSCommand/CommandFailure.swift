import AWSClient
import ServiceModels

/// Why a command ended without success, as the AWS CLI v2 tells it on standard error.
///
/// The layouts are those of 2.36 (since 2.34 every message begins `aws: [ERROR]: `, and failures of the program
/// itself carry a code).
struct CommandFailure: Error, Hashable {
  /// What is printed, whole, with its line ends.
  var text: String
  var exitCode: Int32

  init(text: String, exitCode: Int32) {
    self.text = text
    self.exitCode = exitCode
  }

  /// A message after `aws: [ERROR]: `.
  static func plain(_ message: String, _ exitCode: Int32 = 255) -> CommandFailure {
    CommandFailure(text: "\naws: [ERROR]: \(trimmed(message))\n", exitCode: exitCode)
  }

  /// A wrong parameter: exit code 252.
  static func parameter(_ message: String) -> CommandFailure {
    .plain("An error occurred (ParamValidation): \(message)", 252)
  }

  /// A parameter's value that cannot be read.
  static func parsing(_ option: String, _ message: String) -> CommandFailure {
    .parameter("Error parsing parameter '\(option)': \(message)")
  }

  /// A command line that does not parse: the message, then the usage.
  static func usage(_ message: String) -> CommandFailure {
    .parameter("\(message)\n\n\(usageText.dropLast())")
  }

  static func invalidChoice(_ argument: String, _ value: String, of choices: [String]) -> CommandFailure {
    let matches = closeMatches(value, choices)
    return .usage("argument \(argument): Found invalid choice '\(value)'\n\(maybe(matches))")
  }

  private static func maybe(_ matches: [String]) -> String {
    matches.isEmpty ? "" : "\nMaybe you meant:\n\n" + matches.map { "  * \($0)" }.joined(separator: "\n")
  }

  /// Options that nothing knows.
  ///
  /// - Parameter choices: what the first of them may have been meant to be; the AWS CLI itself says nothing there.
  static func unknownOptions(_ words: [String], suggesting choices: [String] = []) -> CommandFailure {
    let matches = words.first { $0.hasPrefix("--") }.map { closeMatches($0, choices) } ?? []
    return CommandFailure(
      text: "\n\(usageLine)\n\naws: [ERROR]: Unknown options: \(words.joined(separator: ", "))\n"
        + (matches.isEmpty ? "" : maybe(matches) + "\n"),
      exitCode: 252)
  }

  /// Something that the AWS CLI can and we cannot yet.
  static func notBuilt(_ what: String) -> CommandFailure {
    .parameter("\(what) is not built in yet.")
  }

  static let usageText = """
    usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
    To see help text, you can run:

      aws help
      aws <command> help
      aws <command> <subcommand> help

    """

  private static var usageLine: String { usageText }

  /// A failed call.
  init(_ error: AWSError) {
    switch error {
    case .service:
      self = .plain(error.message, 254)
    case .noCredentials:
      self = .plain("An error occurred (NoCredentials): \(error.message)", 253)
    case .noRegion:
      self = .plain("An error occurred (NoRegion): \(error.message)", 253)
    case .validation, .unknownOperation:
      self = .parameter(error.message)
    case .configuration(let configuration):
      self.init(configuration)
    case .transport(let transport, _):
      self = .plain(transport.message, 255)
    case .cancelled:
      self = CommandFailure(text: "", exitCode: 130)
    case .endpoint, .unreadable, .unbuildable, .model, .refused, .waiter, .pagination:
      self = .plain(error.message, 255)
    }
  }

  init(_ error: ConfigurationError) {
    switch error {
    case .invalidValue, .notSupported:
      self = .plain("An error occurred (Configuration): \(error.message)", 253)
    // Not the AWS CLI's: it would have asked.
    case .cannotAskMFA: self = .plain("\(error.message) \(error.advice)", 255)
    default: self = .plain(error.message, 255)
    }
  }

}
