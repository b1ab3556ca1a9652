import ServiceModels
import Wire

/// Short ways that are more than a member under another name.
enum Conveniences {
  static func add(to specs: inout [OptionSpec], command: String, operation: String) {
    switch "\(command) \(operation)" {
    case "cloudfront create-invalidation": specs.append(OptionSpec("--paths", arity: .many))
    case "iam create-virtual-mfa-device":
      specs += [
        OptionSpec("--outfile", isRequired: true),
        OptionSpec(
          "--bootstrap-method", choices: ["QRCodePNG", "Base32StringSeed"], isRequired: true),
      ]
    default: EC2Sugar.add(to: &specs, command: command, operation: operation)
    }
  }

  static func apply(
    _ parsed: ParsedArguments, to fields: inout Fields, command: String, operation: String, token: String
  ) throws(CommandFailure) {
    switch "\(command) \(operation)" {
    case "cloudfront create-invalidation":
      guard let paths = parsed.values["paths"] else { return }
      fields["InvalidationBatch"] = .object([
        "CallerReference": .string("cli-\(token)"),
        "Paths": .object([
          "Quantity": .integer(Int64(paths.count)), "Items": .list(paths.map { .string($0) }),
        ]),
      ])
    case "deploy create-deployment", "deploy get-application-revision",
      "deploy register-application-revision":
      if parsed.has("s3-location") { fields.set("S3", at: ["revision", "revisionType"]) }
      if parsed.has("github-location") { fields.set("GitHub", at: ["revision", "revisionType"]) }
    case "lambda create-function": try refuseInlineArchive(parsed, "code")
    case "lambda publish-layer-version": try refuseInlineArchive(parsed, "content")
    default: if command == "ec2" { try EC2Sugar.apply(parsed, to: &fields, operation: operation) }
    }
  }

  /// The archive has an option of its own, which reads a file.
  private static func refuseInlineArchive(_ parsed: ParsedArguments, _ name: String) throws(CommandFailure) {
    guard let words = parsed.values[name], words.contains(where: { $0.contains("ZipFile") }) else { return }
    throw .parameter(
      "ZipFile cannot be provided as part of the --\(name) argument.  Please use the '--zip-file' option "
        + "instead to specify a zip file.")
  }

  /// `a=b,c=d` as a list of names and values.
  static func pairs(_ text: String, _ option: String) throws(CommandFailure) -> Value {
    var values: [Value] = []
    for pair in text.split(separator: ",") {
      let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw .parsing(option, "Expected pairs such as Name=Value, received: '\(pair)'")
      }
      values.append(.object(["Name": .string(String(parts[0])), "Value": .string(String(parts[1]))]))
    }
    return .list(values)
  }
}
