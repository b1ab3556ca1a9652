import AWSClient
import ServiceModels

extension AWSError {
  /// What a learner can do about it; empty if there is nothing to say beyond the message.
  package var hint: String {
    switch self {
    case .transport(let error, _): error.advice
    case .noCredentials:
      "Leave out --live to use the practice account, or set up credentials with 'aws configure' or 'aws login'."
    case .noRegion: "Give --region, or set AWS_REGION or the profile's region."
    case .service(let fault, _, _): AWSError.hints[fault.code] ?? ""
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
