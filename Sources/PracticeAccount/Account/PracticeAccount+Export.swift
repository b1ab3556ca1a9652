import SigV4

extension PracticeAccount {
  /// The lines that point other clients at the account, for `eval` in a POSIX shell.
  ///
  /// AWS CLI 2.9 does not know `AWS_ENDPOINT_URL` (2.13 brought it), hence the hint.
  package func exportLines(endpointURL: String) -> String {
    let key = accessKey
    return """
      export AWS_ENDPOINT_URL=\(endpointURL)
      export AWS_ACCESS_KEY_ID=\(key.accessKeyID)
      export AWS_SECRET_ACCESS_KEY=\(key.secretAccessKey)
      export AWS_DEFAULT_REGION=\(homeRegion)
      export AWS_REGION=\(homeRegion)
      \(key.sessionToken.map { "export AWS_SESSION_TOKEN=\($0)" } ?? "unset AWS_SESSION_TOKEN")
      unset AWS_PROFILE AWS_DEFAULT_PROFILE
      # AWS CLI before 2.13 does not read AWS_ENDPOINT_URL: add --endpoint-url \(endpointURL) to each command.
      """ + "\n"
  }
}
