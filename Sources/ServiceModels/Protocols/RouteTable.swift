import Wire

/// The operations of a rest service by method, for a server that must tell which one was asked for.
struct RouteTable: Sendable {
  private var byMethod: [String: [Route]] = [:]

  private struct Route: Sendable {
    var operation: Operation
    /// Query parameters and headers that must be there besides those of the template.
    var requiredQuery: [String]
    var requiredHeaders: [String]
    var literals: Int
    var isGreedy: Bool
  }

  init(_ model: ServiceModel) {
    for name in model.operationNames {
      guard let operation = model.operation(name) else { continue }
      let required = operation.input?.members.filter(\.isRequired) ?? []
      var route = Route(
        operation: operation,
        requiredQuery: required.filter { $0.location == .querystring }.map(\.locationName),
        requiredHeaders: required.filter { $0.location == .header }.map(\.locationName), literals: 0,
        isGreedy: false)
      for segment in operation.template.segments {
        switch segment {
        case .literal(let text): if !text.isEmpty { route.literals += 1 }
        case .greedy: route.isGreedy = true
        case .label: break
        }
      }
      byMethod[operation.httpMethod, default: []].append(route)
    }
  }

  /// The operation that fits best: the one with most of a fixed query, then with most that it demands of query and
  /// headers, then with most fixed path segments.
  func operation(_ request: HTTPRequest, path: String) -> Operation? {
    let query = QueryString(request.query)
    var best: (operation: Operation, rank: [Int])?
    for route in byMethod[request.method] ?? [] {
      guard let rank = rank(route, request, path, query) else { continue }
      if let known = best, !known.rank.lexicographicallyPrecedes(rank) { continue }
      best = (route.operation, rank)
    }
    return best?.operation
  }

  private func rank(_ route: Route, _ request: HTTPRequest, _ path: String, _ query: QueryString) -> [Int]? {
    let template = route.operation.template
    for (name, value) in template.query {
      guard let given = query[name], value == nil || value == given else { return nil }
    }
    for name in route.requiredQuery where query[name] == nil { return nil }
    for name in route.requiredHeaders where request.headers[name] == nil { return nil }
    guard template.labels(of: path) != nil else { return nil }
    // SDKs name the operation in `x-id`: it breaks ties and demands nothing.
    return [
      query["x-id"] == route.operation.name ? 1 : 0,
      template.query.count, route.requiredQuery.count + route.requiredHeaders.count, route.literals,
      route.isGreedy ? 0 : 1, route.operation.isDeprecated ? 0 : 1,
    ]
  }
}

extension ServiceModel {
  /// Which operation a server was asked for; nil if none fits.
  package func route(_ request: HTTPRequest) -> Operation? {
    switch protocolName {
    case .json:
      guard let target = request.headers["x-amz-target"], let dot = target.lastIndex(of: ".") else {
        return nil
      }
      guard targetPrefix == nil || target[..<dot] == targetPrefix ?? "" else { return nil }
      return operation(String(target[target.index(after: dot)...]))
    case .query, .ec2:
      return action(of: request).flatMap { operation($0) }
    case .restJSON, .restXML:
      return routes.operation(request, path: modelledPath(of: request))
    }
  }

  private func action(of request: HTTPRequest) -> String? {
    if let action = QueryString(request.query)["Action"] { return action }
    guard case .bytes(let body) = request.body else { return nil }
    for pair in String(decoding: body, as: UTF8.self).split(separator: "&") where pair.hasPrefix("Action=") {
      return percentDecoded(pair.dropFirst(7), plusIsSpace: true)
    }
    return nil
  }

  /// The path as the model has it: S3's bucket may stand in the host instead (virtual-hosted style).
  func modelledPath(of request: HTTPRequest) -> String {
    guard endpointPrefix == "s3", protocolName == .restXML,
      let bucket = bucketOfVirtualHost(request.headers["host"] ?? request.host)
    else { return request.path }
    return "/\(percentEncoded(bucket))" + (request.path == "/" ? "" : request.path)
  }
}

/// `bucket.localhost`, `bucket.s3.amazonaws.com`, `bucket.s3.REGION.amazonaws.com`, `bucket.s3-REGION...`.
func bucketOfVirtualHost(_ host: String) -> String? {
  var name = host.lowercased()
  if let colon = name.lastIndex(of: ":"), name[name.index(after: colon)...].allSatisfy(\.isNumber) {
    name = String(name[..<colon])
  }
  if name.hasSuffix(".localhost") { return nonEmpty(name.dropLast(".localhost".count)) }
  guard name.hasSuffix(".amazonaws.com") || name.hasSuffix(".amazonaws.com.cn") || name.hasSuffix(".api.aws")
  else {
    return nil
  }
  let labels = name.split(separator: ".")
  guard let service = labels.lastIndex(where: { $0 == "s3" || $0.hasPrefix("s3-") }), service > 0 else {
    return nil
  }
  return labels[..<service].joined(separator: ".")
}

private func nonEmpty(_ text: Substring) -> String? { text.isEmpty ? nil : String(text) }
