import Wire

/// What a signature says of itself, read but not yet believed.
package struct ParsedAuthorization: Hashable, Sendable {
  package var algorithm: SignatureAlgorithm
  package var accessKeyID: String
  package var scope: CredentialScope
  /// Lower-case names in the order they were signed.
  package var signedHeaders: [String]
  /// Lower-case hexadecimal, as it was sent.
  package var signature: String
  package var date: Timestamp
  /// Whether the signature is in the query.
  package var isPresigned: Bool
  /// The seconds a presigned URL is good for.
  package var expires: Int?
  /// Of temporary credentials.
  package var sessionToken: String?
  /// The Regions that a SigV4a signature is good for (`eu-west-1,us-*`); nil under SigV4.
  package var regionSet: String?

  package var region: String { scope.region }
  package var service: String { scope.service }
}

/// Reads signatures out of requests.
package enum Authorization {
  /// Reads the signature from the `Authorization` header or the query; any algorithm but `accepted` is refused by
  /// its name.
  ///
  /// - Throws: `SignatureError` of rule `.missing`, `.incomplete` or `.unsupported`.
  package static func parse(
    _ request: HTTPRequest, accepting accepted: Set<SignatureAlgorithm> = [.hmac]
  ) throws(SignatureError) -> ParsedAuthorization {
    if let header = request.headers["Authorization"] {
      return try parse(header: header, of: request, accepted)
    }
    let parameters = Dictionary(
      queryPairs(request.query).map {
        (percentDecoded($0.name), percentDecoded($0.value, plusIsSpace: true))
      },
      uniquingKeysWith: { first, _ in first })
    if parameters["X-Amz-Algorithm"] != nil || parameters["X-Amz-Signature"] != nil {
      return try parse(query: parameters, accepted)
    }
    if parameters["AWSAccessKeyId"] != nil, parameters["Signature"] != nil {
      throw SignatureError(
        .unsupported,
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
    }
    throw SignatureError(.missing, "Request is missing Authentication Token")
  }

  private static func parse(
    header: String, of request: HTTPRequest, _ accepted: Set<SignatureAlgorithm>
  ) throws(SignatureError) -> ParsedAuthorization {
    let words = header.split(separator: " ", maxSplits: 1)
    let algorithm = try algorithm(words.first.map(String.init) ?? "", accepted)
    var fields: [String: String] = [:]
    for part in (words.count > 1 ? words[1] : "").split(separator: ",") {
      let field = part.drop { $0 == " " || $0 == "\t" }
      guard let equals = field.firstIndex(of: "=") else {
        throw SignatureError(
          .incomplete,
          "'\(field)' not a valid key=value pair (missing equal-sign) in Authorization header: '\(header)'.")
      }
      fields[String(field[..<equals])] = trimmed(field[field.index(after: equals)...])
    }
    let date = request.headers["X-Amz-Date"].map(trimmed)
    let missing =
      ["Credential", "Signature", "SignedHeaders"].filter { (fields[$0] ?? "").isEmpty }
      .map { "Authorization header requires '\($0)' parameter. " }.joined()
      + (date == nil && request.headers["Date"] == nil
        ? "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " : "")
    guard missing.isEmpty else {
      throw SignatureError(.incomplete, "\(missing)Authorization=\(algorithm.rawValue)")
    }
    let moment: Timestamp?
    if let date {
      moment = amzDate(date)
    } else {
      moment = request.headers["Date"].flatMap { amzDate($0) ?? Timestamp(parsing: $0) }
    }
    guard let moment else {
      throw SignatureError(
        .incomplete,
        "Date must be in ISO-8601 'basic format'. Got '\(date ?? "")'. "
          + "See http://en.wikipedia.org/wiki/ISO_8601")
    }
    return try parsed(
      algorithm, regionSet: request.headers["X-Amz-Region-Set"],
      credential: fields["Credential"] ?? "", signedHeaders: fields["SignedHeaders"] ?? "",
      signature: fields["Signature"] ?? "", date: moment, expires: nil, isPresigned: false,
      token: request.headers["X-Amz-Security-Token"]
        ?? request.headers[SigningContext.sessionTokenOfDirectoryBuckets])
  }

  private static func parse(
    query: [String: String], _ accepted: Set<SignatureAlgorithm>
  ) throws(SignatureError) -> ParsedAuthorization {
    let algorithm = try algorithm(query["X-Amz-Algorithm"] ?? "", accepted)
    let missing = [
      "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date", "X-Amz-Expires",
    ]
    .filter { (query[$0] ?? "").isEmpty && !($0 == "X-Amz-Expires" && query[$0] == nil) }
    guard missing.isEmpty else {
      throw SignatureError(
        .incomplete,
        missing.map { "AWS query-string parameters must include '\($0)'. " }.joined()
          + "Re-examine the query-string parameters.")
    }
    guard let date = amzDate(query["X-Amz-Date"] ?? "") else {
      throw SignatureError(
        .incomplete, "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
    }
    var expires: Int?
    if let text = query["X-Amz-Expires"] {
      guard let seconds = Int(text) else {
        throw SignatureError(.incomplete, "X-Amz-Expires should be a number")
      }
      guard seconds >= 0 else { throw SignatureError(.incomplete, "X-Amz-Expires must be non-negative") }
      guard seconds <= longestExpiry else {
        throw SignatureError(
          .incomplete,
          "X-Amz-Expires must be less than a week (in seconds); "
            + "that is, the given X-Amz-Expires must be less than \(longestExpiry) seconds")
      }
      expires = seconds
    }
    return try parsed(
      algorithm, regionSet: query["X-Amz-Region-Set"], credential: query["X-Amz-Credential"] ?? "",
      signedHeaders: query["X-Amz-SignedHeaders"] ?? "",
      signature: query["X-Amz-Signature"] ?? "", date: date, expires: expires, isPresigned: true,
      token: query["X-Amz-Security-Token"] ?? query["X-Amz-S3session-Token"])
  }

  /// The seconds of a week: no presigned URL lasts longer.
  private static let longestExpiry = 604_800

  private static func algorithm(
    _ name: String, _ accepted: Set<SignatureAlgorithm>
  ) throws(SignatureError) -> SignatureAlgorithm {
    if let algorithm = SignatureAlgorithm(rawValue: name), accepted.contains(algorithm) { return algorithm }
    throw SignatureError(.unsupported, "Unsupported AWS 'algorithm': '\(name)'.")
  }

  private static func parsed(
    _ algorithm: SignatureAlgorithm, regionSet: String?, credential: String, signedHeaders: String,
    signature: String, date: Timestamp, expires: Int?,
    isPresigned: Bool, token: String?
  ) throws(SignatureError) -> ParsedAuthorization {
    // An access key ID has no slash, but there is no harm in reading the scope from behind.
    let parts = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let count = algorithm == .hmac ? 4 : 3
    guard parts.count > count, let term = parts.last else {
      throw SignatureError(
        .incomplete,
        "Credential must have exactly \(count + 1) slash-delimited elements, e.g. "
          + "keyid/date/\(algorithm == .hmac ? "region/" : "")service/term, got '\(credential)'")
    }
    let key = parts.dropLast(count).joined(separator: "/")
    let scope = CredentialScope(
      day: parts[parts.count - count], region: algorithm == .hmac ? parts[parts.count - 3] : "",
      service: parts[parts.count - 2])
    let result = ParsedAuthorization(
      algorithm: algorithm, accessKeyID: key, scope: scope,
      signedHeaders: signedHeaders.lowercased().split(separator: ";").map(String.init), signature: signature,
      date: date, isPresigned: isPresigned, expires: expires, sessionToken: token,
      regionSet: algorithm == .ecdsa ? regionSet : nil)
    if algorithm == .ecdsa, (regionSet ?? "").isEmpty {
      throw SignatureError(
        .incomplete, "Authorization requires existence of 'X-Amz-Region-Set'.", authorization: result)
    }
    guard term == "aws4_request" else {
      throw SignatureError(
        .incomplete, "Credential should be scoped with a valid terminator: 'aws4_request', not '\(term)'.",
        authorization: result)
    }
    guard scope.day == date.amzDay else {
      throw SignatureError(
        .incomplete,
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
          + "'\(scope.day)' != '\(date.amzDay)', from '\(date.amzDate)'.", authorization: result)
    }
    guard result.signedHeaders.contains("host") else {
      throw SignatureError(
        .headersNotSigned(["host"]), "'Host' must be a 'SignedHeader' in the AWS Authorization.",
        authorization: result)
    }
    return result
  }
}

/// Only the basic format of ISO 8601 that SigV4 knows: `20261123T161047Z`.
private func amzDate(_ text: String) -> Timestamp? {
  guard text.utf8.count == 16, text.utf8.last == 0x5A, text.utf8.dropFirst(8).first == 0x54 else {
    return nil
  }
  return Timestamp(parsing: text)
}

private func trimmed(_ text: some StringProtocol) -> String {
  var rest = text[...]
  while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
  while let last = rest.last, last == " " || last == "\t" { rest = rest.dropLast() }
  return String(rest)
}
