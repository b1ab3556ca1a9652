import AWSClient

extension AWSError {
  /// What went wrong, where a run could not begin or go on because of it.
  package var what: String {
    switch self {
    case .noCredentials: "there are no AWS credentials"
    case .noRegion: "no AWS Region is chosen"
    case .configuration: "the AWS configuration cannot be used"
    case .service: "the account refused"
    default: "the account did not answer"
    }
  }

  /// What a learner can do about it; empty if there is nothing to say beyond the message.
  package var hint: String {
    switch self {
    case .noCredentials:
      "Leave out --live to use the practice account, or set up credentials with 'aws configure' or 'aws login'."
    default: advice
    }
  }
}
