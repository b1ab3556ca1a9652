import Digests
import Wire

/// Checks that the owner of `secret` signed `request`, and that it is neither too old nor too new.
///
/// `maximumSkew` is in seconds (AWS: 900 for most services and S3). The dates are checked first, as AWS does.
/// A body is hashed only where its hash was signed.
/// - Throws: `SignatureError` with the canonical request and the string to sign that were expected.
package func verify(
  _ request: HTTPRequest, secret: String, parsed: ParsedAuthorization, now: Timestamp, maximumSkew: Double
) throws(SignatureError) {
  try checkTime(parsed, now, maximumSkew)
  let isS3 = servicesLikeS3.contains(parsed.service)
  let declared = request.headers["x-amz-content-sha256"]
  let payloadHash: String
  if let declared {
    payloadHash = declared
  } else if isS3 && parsed.isPresigned {
    payloadHash = "UNSIGNED-PAYLOAD"
  } else if isS3 {
    throw SignatureError(
      .incomplete, "Missing required header for this request: x-amz-content-sha256", authorization: parsed)
  } else {
    payloadHash = hexEncoded(sha256(of: request.body))
  }
  if isS3 { try checkSignedHeaders(request, parsed) }
  if parsed.algorithm == .ecdsa, !parsed.isPresigned, !parsed.signedHeaders.contains("x-amz-region-set") {
    throw SignatureError(
      .headersNotSigned(["x-amz-region-set"]),
      "'X-Amz-Region-Set' must be a 'SignedHeader' in the AWS Authorization.", authorization: parsed)
  }

  var firstCanonical: String?
  var firstText: String?
  var isMatch = false
  let isSignature = signatureTest(secret, parsed)
  for (path, query) in canonicalForms(of: request, parsed, isS3: isS3) where !isMatch {
    let canonical = CanonicalRequest(
      method: request.method.uppercased(), path: path, query: query,
      headers: canonicalHeaders(parsed.signedHeaders, of: request), payloadHash: payloadHash
    ).text
    let text = stringToSign(
      canonical, date: parsed.date.amzDate, scope: parsed.scope, algorithm: parsed.algorithm)
    firstCanonical = firstCanonical ?? canonical
    firstText = firstText ?? text
    isMatch = isSignature(text)
  }
  guard isMatch else {
    throw SignatureError(
      .mismatch,
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
        + "Access Key and signing method. Consult the service documentation for details.",
      canonicalRequest: firstCanonical, stringToSign: firstText, authorization: parsed)
  }
  if let declared, isDigest(declared), hexEncoded(sha256(of: request.body)) != declared.lowercased() {
    throw SignatureError(
      .contentMismatch, "The provided 'x-amz-content-sha256' header does not match what was computed.",
      canonicalRequest: firstCanonical, stringToSign: firstText, authorization: parsed)
  }
}

/// Tells of a string to sign whether the parsed signature was made of it with the secret.
private func signatureTest(_ secret: String, _ parsed: ParsedAuthorization) -> (String) -> Bool {
  switch parsed.algorithm {
  case .hmac:
    let key = signingKey(secret: secret, scope: parsed.scope)
    return { equalInConstantTime(hexEncoded(hmacSHA256(key: key, $0)).utf8, parsed.signature.utf8) }
  case .ecdsa:
    guard let key = asymmetricKey(accessKeyID: parsed.accessKeyID, secret: secret),
      let signature = hexDecoded(parsed.signature)
    else { return { _ in false } }
    return { key.verifies(signature, of: Array($0.utf8)) }
  }
}

/// The signing names that follow the rules of S3: the path as it is sent, the content hash in a header.
private let servicesLikeS3: Set<String> = ["s3", "s3-object-lambda", "s3-outposts", "s3express"]

private func isDigest(_ text: String) -> Bool {
  text.utf8.count == 64
    && text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0)
    }
}

private func checkTime(
  _ parsed: ParsedAuthorization, _ now: Timestamp, _ maximumSkew: Double
) throws(SignatureError) {
  let date = parsed.date
  let minutes = Int(exactly: (maximumSkew / 60).rounded()) ?? 0
  if date > now.adding(seconds: maximumSkew) {
    throw SignatureError(
      .skewed(.early),
      "Signature not yet current: \(date.amzDate) is still later than "
        + "\(now.adding(seconds: maximumSkew).amzDate) (\(now.amzDate) + \(minutes) min.)",
      authorization: parsed)
  }
  if parsed.isPresigned, let expires = parsed.expires {
    let end = date.adding(seconds: Double(expires))
    if end < now {
      throw SignatureError(
        .expired, "Signature expired: \(end.amzDate) is now earlier than \(now.amzDate)",
        authorization: parsed)
    }
  } else if date < now.adding(seconds: -maximumSkew) {
    throw SignatureError(
      .skewed(.late),
      "Signature expired: \(date.amzDate) is now earlier than \(now.adding(seconds: -maximumSkew).amzDate) "
        + "(\(now.amzDate) - \(minutes) min.)", authorization: parsed)
  }
}

/// S3 wants every `x-amz-*` header that is sent to be signed.
private func checkSignedHeaders(_ request: HTTPRequest, _ parsed: ParsedAuthorization) throws(SignatureError)
{
  let signed = Set(parsed.signedHeaders)
  let missing = Set(request.headers.map { $0.name.lowercased() })
    .filter { $0.hasPrefix("x-amz-") && !signed.contains($0) }
  guard missing.isEmpty || (parsed.isPresigned && missing == ["x-amz-content-sha256"]) else {
    throw SignatureError(
      .headersNotSigned(missing.sorted()), "There were headers present in the request which were not signed",
      authorization: parsed)
  }
}

/// Path and query as AWS signs them, then as clients may have, who all mean the request that was sent.
private func canonicalForms(
  of request: HTTPRequest, _ parsed: ParsedAuthorization, isS3: Bool
) -> [(path: String, query: String)] {
  var query = request.query
  if parsed.isPresigned {
    query = withoutParameter("X-Amz-Signature", query)
  }
  var queries = [
    recodedQuery(query, plusIsSpace: false), canonicalQuery(query), recodedQuery(query, plusIsSpace: true),
  ]
  if parsed.isPresigned, parsed.sessionToken != nil {
    // A token may be added after signing (the `omitsSessionToken` of a signer).
    queries.append(canonicalQuery(withoutParameter("X-Amz-Security-Token", query)))
  }
  let paths: [String]
  if isS3 {
    let path = request.path.isEmpty ? "/" : request.path
    paths = [percentEncoded(percentDecoded(path), keepingSlash: true), path]
  } else {
    paths = [
      canonicalPath(request.path, normalizes: true, doubleEncodes: true),
      canonicalPath(request.path, normalizes: false, doubleEncodes: true),
      canonicalPath(request.path, normalizes: false, doubleEncodes: false),
    ]
  }
  return unique(paths).flatMap { path in unique(queries).map { (path, $0) } }
}

private func withoutParameter(_ name: String, _ query: String) -> String {
  query.split(separator: "&", omittingEmptySubsequences: false)
    .filter { !$0.hasPrefix(name + "=") }.joined(separator: "&")
}

private func unique(_ texts: [String]) -> [String] {
  var seen: Set<String> = []
  return texts.filter { seen.insert($0).inserted }
}
