import ServiceModels

extension AWSError {
  /// What a reader can do about it; empty where the message says so itself or there is nothing to do.
  package var advice: String {
    switch self {
    case .service(let fault, _, _): fault.advice
    case .transport(let error, _): error.advice
    case .configuration(let error): error.advice
    case .noCredentials:
      "Set up credentials with 'aws configure' or 'aws login', or choose a profile that has some."
    case .noRegion: "Give --region, or set AWS_REGION or the profile's region."
    case .endpoint: "Check --endpoint-url, the AWS_ENDPOINT_URL variables, the Region, and the profile."
    case .unreadable:
      "Something between here and AWS may have answered: check the endpoint, the proxy and the network, and look "
        + "what there is before the call is made again."
    case .pagination: "The service repeats itself. Try again later, or with another page size."
    case .waiter: "Look at the resource itself: it may need longer, or have failed."
    case .validation, .unbuildable, .unknownOperation, .model, .refused, .cancelled: ""
    }
  }
}

extension ServiceFault {
  /// What to do about it, from what is known of codes that many services share (IAM, STS and S3 user guides).
  fileprivate var advice: String {
    if let region = circumstances.rightRegion ?? expectedRegion {
      return "The resource is in \(region): run the command again with --region \(region)."
    }
    if circumstances.isWebPage {
      return
        "A web page came in the place of AWS's answer: check the endpoint, the proxy, and whether the network wants "
        + "you to sign in."
    }
    if let advice = ServiceFault.adviceByCode[code] { return advice }
    if RetryCodes.throttling.contains(code) || httpStatus == 429 {
      return "The service is asked too often: wait a little, then run it again."
    }
    if httpStatus >= 500 {
      return "The fault is on the service's side: wait a little, look what there is, then run it again."
    }
    return ""
  }

  /// The Region in "the region 'us-east-1' is wrong; expecting 'eu-west-1'".
  private var expectedRegion: String? {
    guard code == "AuthorizationHeaderMalformed" || code == "InvalidSignatureException",
      let mark = message.range(ofText: "expecting '")
    else { return nil }
    let region = String(message[mark.upperBound...].prefix { $0 != "'" })
    return region.contains("-") && isRegionName(region) ? region : nil
  }

  private static let wrongRegion =
    "The resource is in another Region: find which with 'aws s3api get-bucket-location', then give --region."

  private static let adviceByCode: [String: String] = [
    "InvalidClientTokenId": "The access key is not known there: check the profile and the endpoint.",
    "UnrecognizedClientException":
      "The access key is not known there: check the profile, the Region and the endpoint.",
    "InvalidAccessKeyId": "The access key is not known there: check the profile and the endpoint.",
    "ExpiredToken": "The session is over: sign in again, then go on.",
    "ExpiredTokenException": "The session is over: sign in again, then go on.",
    "RequestExpired": "The session is over or the computer's clock is wrong: check both, then go on.",
    "SignatureDoesNotMatch": "The secret key does not fit the access key, or the computer's clock is wrong.",
    "InvalidSignatureException":
      "The secret key does not fit the access key, or the computer's clock is wrong.",
    "RequestTimeTooSkewed": "The computer's clock is wrong: set it, then go on.",
    "RequestInTheFuture": "The computer's clock is wrong: set it, then go on.",
    "PermanentRedirect": wrongRegion, "TemporaryRedirect": wrongRegion, "301": wrongRegion,
    "AuthorizationHeaderMalformed": wrongRegion,
    "IllegalLocationConstraintException":
      "The bucket's Region and the Region of the command differ: give --region, and the same LocationConstraint.",
    "InvalidLocationConstraint": "Give a LocationConstraint that is a Region; us-east-1 takes none.",
    "AccessDenied":
      "The credentials do not allow it: look at the policies of whoever you are ('aws sts get-caller-identity').",
    "AccessDeniedException":
      "The credentials do not allow it: look at the policies of whoever you are ('aws sts get-caller-identity').",
    "UnauthorizedOperation":
      "The credentials do not allow it: look at the policies of whoever you are ('aws sts get-caller-identity').",
    "OptInRequired": "The account has not signed up for the service, or not opted in to the Region.",
    "SubscriptionRequiredException": "The account has not signed up for the service.",
  ]
}

extension StringProtocol {
  fileprivate func range(ofText needle: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
      start = index(after: start)
    }
    return nil
  }
}
