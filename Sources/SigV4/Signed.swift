import Wire

/// The request with an `Authorization` header, the date, and what else the context asks for.
///
/// An older signature is replaced, so a retry signs the request anew. A request that has a `Date` header gets
/// the new date there, any other one in `X-Amz-Date` (botocore's rule).
package func signed(
  _ request: HTTPRequest, with credentials: Credentials, in context: SigningContext
) -> HTTPRequest {
  var request = request
  let stamp = SigningStamp(context)
  request.headers["Authorization"] = nil
  request.headers["X-Amz-Date"] = nil
  if request.headers["Date"] != nil {
    // RFC 5322's "-0000" as Python writes it: universal time, no word about the sender's own.
    request.headers["Date"] = context.date.httpDate.dropLast(3) + "-0000"
  } else {
    request.headers["X-Amz-Date"] = stamp.date
  }
  if context.algorithm == .ecdsa { request.headers["X-Amz-Region-Set"] = context.region }
  if context.sessionTokenName != "X-Amz-Security-Token" { request.headers["X-Amz-Security-Token"] = nil }
  request.headers[context.sessionTokenName] = context.omitsSessionToken ? nil : credentials.sessionToken
  if context.addsContentSHA256Header || context.payload.needsHeader {
    request.headers["X-Amz-Content-SHA256"] = context.payload.text(of: request.body)
  }
  let canonical = canonicalRequest(request, in: context)
  let signature = signature(of: canonical, with: credentials, in: context, stamp)
  if context.omitsSessionToken, let token = credentials.sessionToken {
    request.headers[context.sessionTokenName] = token
  }
  request.headers["Authorization"] =
    "\(context.algorithm.rawValue) Credential=\(credentials.accessKeyID)/\(stamp.scopeText), "
    + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
  return request
}

/// The request with its signature in the query, good for `seconds` from the context's date on.
///
/// The operation's parameters come first, the signature's own behind, in botocore's order. For S3 take
/// `payload: .unsigned`: nobody knows yet what will be sent.
package func presigned(
  _ request: HTTPRequest, with credentials: Credentials, in context: SigningContext, expires seconds: Int
) -> HTTPRequest {
  var request = request
  let stamp = SigningStamp(context)
  request.headers["Authorization"] = nil
  // A browser that follows the link sends no such header.
  if request.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8" {
    request.headers["Content-Type"] = nil
  }
  let headers = canonicalRequest(request, in: context).signedHeaders
  var parameters =
    request.query.isEmpty ? [] : queryPairs(request.query).map { (recoded($0.name), recoded($0.value)) }
  parameters += [
    ("X-Amz-Algorithm", context.algorithm.rawValue),
    ("X-Amz-Credential", percentEncoded("\(credentials.accessKeyID)/\(stamp.scopeText)")),
    ("X-Amz-Date", stamp.date),
    ("X-Amz-Expires", String(seconds)),
    ("X-Amz-SignedHeaders", percentEncoded(headers)),
  ]
  if context.algorithm == .ecdsa { parameters.append(("X-Amz-Region-Set", percentEncoded(context.region))) }
  let token =
    credentials.sessionToken.map { [(queryName(context.sessionTokenName), percentEncoded($0))] } ?? []
  if !context.omitsSessionToken { parameters += token }
  request.query = joined(parameters)
  let canonical = canonicalRequest(request, in: context)
  let signature = signature(of: canonical, with: credentials, in: context, stamp)
  if context.omitsSessionToken { parameters += token }
  request.query = joined(parameters + [("X-Amz-Signature", signature)])
  return request
}

/// A header's name as botocore writes it in a query.
private func queryName(_ header: String) -> String {
  header == SigningContext.sessionTokenOfDirectoryBuckets ? "X-Amz-S3session-Token" : header
}

private func recoded(_ text: String) -> String {
  percentEncoded(percentDecoded(text, plusIsSpace: true))
}

private func joined(_ parameters: [(String, String)]) -> String {
  parameters.map { "\($0)=\($1)" }.joined(separator: "&")
}
