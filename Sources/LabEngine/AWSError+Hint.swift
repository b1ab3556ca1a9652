import AWSClient
import ServiceModels

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
    case .transport(let error, _): error.advice
    case .noCredentials:
      "Leave out --live to use the practice account, or set up credentials with 'aws configure' or 'aws login'."
    case .noRegion: "Give --region, or set AWS_REGION or the profile's region."
    case .service(let fault, _, _): AWSError.hints[fault.code] ?? ""
    case .configuration(let error): error.advice
    default: ""
    }
  }

  private static let hints = [
    "InvalidClientTokenId": "The access key is not known there: check the profile and the endpoint.",
    "ExpiredToken": "The session is over: sign in again, then go on.",
    "ExpiredTokenException": "The session is over: sign in again, then go on.",
    "SignatureDoesNotMatch": "The secret key does not fit the access key, or the computer's clock is wrong.",
    "RequestTimeTooSkewed": "The computer's clock is wrong: set it, then go on.",
  ]
}

extension ConfigurationError {
  /// What to do about it.
  fileprivate var advice: String {
    switch self {
    case .profileNotFound:
      "'aws configure list-profiles' lists the profiles; AWS_PROFILE and --profile choose one."
    case .unparsableFile(_, let line): "Look at its line \(line)."
    case .unreadableFile:
      "Check the permissions of the file, and AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE."
    case .partialCredentials: "Set both the access key and its secret, or neither."
    case .sourceProfileMissing, .roleLoop: "Put the source_profile right in ~/.aws/config."
    case .credentialProcess: "Run the profile's credential_process by hand to see why."
    case .invalidRegion: "Give --region a Region such as us-east-1."
    case .invalidValue, .notSupported: ""
    }
  }
}
