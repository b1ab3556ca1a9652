import SigV4
import Wire

/// `AWS_ACCESS_KEY_ID` and what belongs to it.
struct EnvironmentCredentials: CredentialProvider {
  let environment: [String: String]
  var method: String { "env" }

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    guard let id = given(environment, "AWS_ACCESS_KEY_ID") else { return nil }
    guard let secret = given(environment, "AWS_SECRET_ACCESS_KEY") else {
      throw .configuration(.partialCredentials(source: method, missing: "AWS_SECRET_ACCESS_KEY"))
    }
    return Credentials(
      accessKeyID: id, secretAccessKey: secret,
      // botocore asks for the old name first.
      sessionToken: given(environment, "AWS_SECURITY_TOKEN") ?? given(environment, "AWS_SESSION_TOKEN"),
      expiration: given(environment, "AWS_CREDENTIAL_EXPIRATION").flatMap { Timestamp(parsing: $0) },
      accountID: given(environment, "AWS_ACCOUNT_ID"))
  }
}

/// Keys that stand in one of the shared files.
struct ProfileKeys: CredentialProvider {
  enum File { case credentials, config }

  let sources: CredentialSources
  let profile: String
  let file: File

  var method: String { file == .credentials ? "shared-credentials-file" : "config-file" }

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    let section =
      switch file {
      case .credentials: sources.files.credentials.section(nil, profile)
      case .config: sources.files.configSection(profile)
      }
    return try keys(section?.values ?? [:], "aws_access_key_id", "aws_secret_access_key", method)
  }
}

/// The file of the first EC2 tools, which `AWS_CREDENTIAL_FILE` names: lines `AWSAccessKeyId=…`.
struct LegacyKeyFile: CredentialProvider {
  let sources: CredentialSources
  var method: String { "ec2-credentials-file" }

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    guard let name = given(sources.environment, "AWS_CREDENTIAL_FILE"), let path = sources.expanded(name)
    else {
      return nil
    }
    guard let text = try configured({ () throws(ConfigurationError) in try sources.read(path) }) else {
      throw .configuration(.noSuchFile(path: path))
    }
    var values: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard let cut = line.firstIndex(of: "=") else { continue }
      values[stripped(line[..<cut])] = stripped(line[line.index(after: cut)...])
    }
    return try keys(values, "AWSAccessKeyId", "AWSSecretKey", method)
  }
}

/// The files of boto, the old Python library: `[Credentials]` in `BOTO_CONFIG`, `/etc/boto.cfg` or `~/.boto`.
struct BotoFile: CredentialProvider {
  let sources: CredentialSources
  var method: String { "boto-config" }

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    let names = given(sources.environment, "BOTO_CONFIG").map { [$0] } ?? ["/etc/boto.cfg", "~/.boto"]
    for path in names.compactMap({ sources.expanded($0) }) {
      guard let text = try configured({ () throws(ConfigurationError) in try sources.read(path) }) else {
        continue
      }
      let file: INIFile
      do { file = try INIFile(text) } catch {
        throw .configuration(.unparsableFile(path: path, line: error.line))
      }
      let values = file.section(nil, "Credentials")?.values ?? [:]
      if let found = try keys(values, "aws_access_key_id", "aws_secret_access_key", method) { return found }
    }
    return nil
  }
}

/// The pair that a file has under these names; nil if the first is not there.
private func keys(
  _ values: [String: String], _ idName: String, _ secretName: String, _ source: String
) throws(AWSError) -> Credentials? {
  guard let id = values[idName] else { return nil }
  guard let secret = values[secretName] else {
    throw .configuration(.partialCredentials(source: source, missing: secretName))
  }
  return Credentials(
    accessKeyID: id, secretAccessKey: secret,
    sessionToken: values["aws_security_token"] ?? values["aws_session_token"],
    accountID: values["aws_account_id"])
}
