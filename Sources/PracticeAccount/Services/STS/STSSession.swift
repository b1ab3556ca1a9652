import Wire

/// Temporary credentials and what they stand for. The access key is the row's key in `AccountState.sessions`.
struct STSSession: Sendable, Codable, Equatable {
  enum Kind: String, Sendable, Codable {
    case assumedRole
    /// GetSessionToken: a user with another key.
    case user
    /// GetFederationToken: a user's rights, narrowed.
    case federated
  }

  var kind: Kind
  var secret: String
  var token: String
  var issued: Timestamp
  /// On the account's own clock.
  var expires: Timestamp
  /// The role or user behind it: its name, and its unique id, since a role made anew by the same name is another.
  var issuer: String
  var issuerID: String
  /// The session's or federated user's name; empty for `user`.
  var name: String
  /// Documents of the session policies that were handed in; nil if there were none.
  var policies: [String]?
  /// ARNs of managed session policies.
  var managed: [String] = []
  var tags: [Tag] = []
  /// Keys of the tags that a chained session inherits.
  var transitive: [String] = []
  var sourceIdentity: String?
}

extension Realm {
  /// Credentials for a new session. Those that ended a day ago are forgotten.
  ///
  /// The key's id comes from the seed, so that equal lessons look alike; secret and token are random.
  func open(_ session: STSSession) -> String {
    let id = "ASIA" + state.generator.base32(16)
    for (key, old) in current.sessions where old.expires.adding(seconds: 86_400) < now {
      state.sessions[key] = nil
    }
    state.sessions[id] = session
    return id
  }
}
