import ServiceModels
import SigV4
import Synchronization
import Wire

/// Whose request it is, and which service it is meant for.
extension PracticeAccount {
  static func serviceName(signing: String) -> String {
    Services.bySigningName[signing] ?? signing
  }

  /// For requests without a signature: whose form is it?
  static func guessedService(_ request: HTTPRequest) -> String {
    if let target = request.headers["X-Amz-Target"] { return target.hasPrefix("Logs_") ? "logs" : "kms" }
    if request.method == "POST", request.path == "/", case .bytes(let body) = request.body {
      let form = String(decoding: body.prefix(65_536), as: UTF8.self)
      for (version, service) in [("2011-06-15", "sts"), ("2010-05-08", "iam"), ("2016-11-15", "ec2")]
      where form.contains("Version=\(version)") {
        return service
      }
    }
    return ["/macie", "/jobs", "/findings"].contains(request.path) ? "macie2" : "s3"
  }

  static func unknownService(_ name: String) -> HTTPResponse {
    let known = Services.all.keys.sorted().joined(separator: ", ")
    let text =
      "{\"__type\":\"NotImplemented\",\"message\":\"The practice account has no service \(name.filter { $0.isLetter || $0.isNumber || $0 == "-" }); it has \(known).\"}"
    return HTTPResponse(
      status: 501,
      headers: ["Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": "NotImplemented"],
      body: .bytes(Array(text.utf8)))
  }

  /// Verifies the signature (against real time) and takes an `aws-chunked` body apart.
  func authenticate(
    _ request: HTTPRequest, _ parsed: Result<ParsedAuthorization, SignatureError>, _ model: ServiceModel,
    place: String
  ) throws(Refusal) -> (Principal, HTTPRequest) {
    let faults = AuthenticationFault(family: .init(model), now: realClock.now)
    let authorization: ParsedAuthorization
    switch parsed {
    case .failure(let error):
      // Who comes with another's voucher signs nothing.
      if model.service == "sts", case .missing = error.rule, model.route(request)?.authType == "none" {
        return (Principal(kind: .user, arn: "anonymous", account: "", userID: "anonymous"), request)
      }
      var described = faults.described(error)
      if described.code == "AuthorizationHeaderMalformed", request.headers["Authorization"] == nil {
        // A presigned URL has no header that could be malformed.
        described = fault("AuthorizationQueryParametersError", error.message)
      }
      throw Refusal(described)
    case .success(let value): authorization = value
    }
    let id = authorization.accessKeyID
    let (found, now) = realm.withLock { ($0.owner(ofKey: id), $0.now) }
    guard let owner = found else { throw Refusal(faults.unknownKey(id)) }
    if owner.token != authorization.sessionToken {
      // Temporary credentials without their token are no credentials.
      throw Refusal(authorization.sessionToken == nil ? faults.unknownKey(id) : faults.strayToken(id))
    }
    if let expires = owner.expires, expires <= now { throw Refusal(faults.expired) }
    do {
      try verify(request, secret: owner.secret, parsed: authorization, now: realClock.now, maximumSkew: 900)
    } catch {
      throw Refusal(faults.described(error))
    }
    if model.service == "iam", owner.token != nil, owner.principal.kind == .user {
      // A session of GetSessionToken without MFA is nobody to IAM (STS API, GetSessionToken).
      throw Refusal(faults.unknownKey(id))
    }
    realm.withLock { $0.noteUse(ofKey: id, authorization.scope.region, authorization.scope.service) }
    return (owner.principal, try plain(request, authorization, owner.secret, faults, place))
  }
}
