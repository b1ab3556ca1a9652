import AWSClient
import JMESPath

/// The options that every command takes (AWS CLI v2 reference, "Global options").
struct GlobalOptions {
  var output: String?
  var query: JMESPathExpression?
  var paginates = true
  var color = "auto"
  var binaryFormat: String?
  var configuration = ConfigurationOptions()

  static let formats = ["json", "text", "table", "yaml", "yaml-stream", "off"]

  static let specs: [OptionSpec] = [
    OptionSpec("--debug", arity: .flag("")),
    OptionSpec("--endpoint-url"),
    OptionSpec("--no-verify-ssl", arity: .flag("")),
    OptionSpec("--no-paginate", arity: .flag("")),
    OptionSpec("--output", choices: formats),
    OptionSpec("--query"),
    OptionSpec("--profile"),
    OptionSpec("--region"),
    OptionSpec("--version", arity: .flag("")),
    OptionSpec("--color", choices: ["on", "off", "auto"]),
    OptionSpec("--no-sign-request", arity: .flag("")),
    OptionSpec("--ca-bundle"),
    OptionSpec("--cli-read-timeout"),
    OptionSpec("--cli-connect-timeout"),
    OptionSpec("--cli-binary-format", choices: ["base64", "raw-in-base64-out"]),
    OptionSpec("--no-cli-pager", arity: .flag("")),
    OptionSpec("--cli-auto-prompt", arity: .flag(""), group: "prompt"),
    OptionSpec("--no-cli-auto-prompt", arity: .flag(""), group: "prompt"),
    OptionSpec("--cli-error-format", choices: ["legacy", "json", "yaml", "text", "table", "enhanced"]),
  ]

  init(_ parsed: ParsedArguments) throws(CommandFailure) {
    if parsed.has("debug") { throw .notBuilt("The debug log (--debug)") }
    if parsed.has("cli-auto-prompt") { throw .notBuilt("The prompt (--cli-auto-prompt)") }
    if let format = parsed.first("cli-error-format"), format != "enhanced", format != "legacy" {
      throw .notBuilt("The error format \(format) (--cli-error-format)")
    }
    if let text = parsed.first("query") { query = try GlobalOptions.expression(text) }
    if let url = parsed.first("endpoint-url") {
      guard url.contains("://") || url.hasPrefix("localhost:") else {
        throw .parameter(
          "Bad value for --endpoint-url \"\(url)\": scheme is missing.  Must be of the form "
            + "http://<hostname>/ or https://<hostname>/")
      }
      configuration.endpointURL = url
    }
    configuration.readTimeout = try GlobalOptions.seconds(parsed.first("cli-read-timeout"))
    configuration.connectTimeout = try GlobalOptions.seconds(parsed.first("cli-connect-timeout"))
    configuration.profile = parsed.first("profile")
    configuration.region = parsed.first("region")
    configuration.caBundle = parsed.first("ca-bundle")
    configuration.signsRequests = !parsed.has("no-sign-request")
    configuration.verifiesTLS = !parsed.has("no-verify-ssl")
    paginates = !parsed.has("no-paginate")
    output = parsed.first("output")
    color = parsed.first("color") ?? "auto"
    binaryFormat = parsed.first("cli-binary-format")
  }

  private static func expression(_ text: String) throws(CommandFailure) -> JMESPathExpression {
    do {
      return try JMESPathExpression(text)
    } catch {
      throw .parameter("Bad value for --query \(text): \(error.message)")
    }
  }

  private static func seconds(_ text: String?) throws(CommandFailure) -> Double? {
    guard let text else { return nil }
    guard let value = pythonInteger(text) else {
      throw .plain("invalid literal for int() with base 10: \(pythonQuoted(text))")
    }
    return Double(value)
  }
}
