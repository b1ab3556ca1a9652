import Wire

/// Keys that sign for somebody. No description and no mirror shows the secret or the token.
package struct Credentials: Sendable, Hashable {
  package var accessKeyID: String
  package var secretAccessKey: String
  /// Of temporary credentials (AWS STS).
  package var sessionToken: String?
  /// When temporary credentials end; nil for those that last.
  package var expiration: Timestamp?
  /// The account they belong to, where their source said so (12 digits): for endpoints by account.
  package var accountID: String?

  package init(
    accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Timestamp? = nil,
    accountID: String? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiration = expiration
    self.accountID = accountID
  }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String {
    "Credentials(\(accessKeyID)\(sessionToken == nil ? "" : ", temporary"))"
  }

  package var debugDescription: String { description }

  package var customMirror: Mirror {
    Mirror(self, children: ["accessKeyID": accessKeyID, "isTemporary": sessionToken != nil])
  }
}
