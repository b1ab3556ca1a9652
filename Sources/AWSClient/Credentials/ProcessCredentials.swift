import OrderedJSON
import SigV4
import Wire

/// `credential_process` (AWS CLI user guide, "Sourcing credentials with an external process").
struct ProcessCredentials: CredentialProvider {
  let sources: CredentialSources
  let profile: String

  var method: String { "custom-process" }

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    let values = sources.values(profile)
    guard let command = values["credential_process"] else { return nil }
    let result = await sources.runProcess(command, sources.environment, sources.directory)
    if Task.isCancelled { throw .cancelled }
    return try configured { () throws(ConfigurationError) in try keys(result, values["aws_account_id"]) }
  }

  private func keys(
    _ result: ProcessResult, _ account: String?
  ) throws(ConfigurationError) -> Credentials {
    func failure(_ reason: String) -> ConfigurationError { .retrieval(provider: method, reason: reason) }
    guard result.status == 0 else { throw failure(result.standardError) }
    // The answer holds secrets: nothing of it may reach an error's text.
    guard let answer = try? JSON.parse(result.standardOutput), answer.object != nil else {
      throw failure("the answer is not a JSON object")
    }
    guard answer["Version"]?.int == 1 else {
      let version = answer["Version"].map { $0.int.map { "\($0)" } ?? "?" } ?? "<Version key not provided>"
      throw failure(
        "Unsupported version '\(version)' for credential process provider, supported versions: 1")
    }
    guard let id = answer["AccessKeyId"]?.string else {
      throw failure("Missing required key in response: 'AccessKeyId'")
    }
    guard let secret = answer["SecretAccessKey"]?.string else {
      throw failure("Missing required key in response: 'SecretAccessKey'")
    }
    var end: Timestamp?
    if let text = answer["Expiration"]?.string {
      guard let time = Timestamp(parsing: text) else { throw failure("the Expiration is not a time") }
      end = time
    }
    let own = answer["AccountId"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    return Credentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: answer["SessionToken"]?.string, expiration: end,
      accountID: own ?? account)
  }
}
