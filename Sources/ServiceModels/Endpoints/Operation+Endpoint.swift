import OrderedJSON

extension Operation {
  /// Where this operation is to be found, by the service's endpoint rules.
  ///
  /// - Parameters:
  ///   - input: matters to S3 (the bucket) and few others.
  ///   - region: nil if none is configured; most services then refuse.
  ///   - custom: an endpoint URL of the caller's own (`--endpoint-url`, `AWS_ENDPOINT_URL`).
  /// - Throws: what the rules say against these parameters.
  package func endpoint(
    _ input: Value, region: String?, custom: String? = nil, options: EndpointOptions = EndpointOptions(),
    partitions: Partitions
  ) throws(EndpointError) -> Endpoint {
    if let custom, URLParts(custom) == nil { throw EndpointError("Invalid endpoint: \(custom)") }
    var options = options
    var region = region
    if let named = region {
      let plain = EndpointOptions.withoutFIPSMark(named)
      region = plain.region
      if plain.isFIPS { options.usesFIPS = true }
    }
    guard let node = model.endpointRules else {
      throw EndpointError("The model of \(model.service) has no endpoint rules.")
    }
    let rules = RuleSet(node, partitions: partitions)
    func resolve(_ custom: String?) throws(EndpointError) -> RuleSet.Outcome {
      try rules.evaluate(ruleParameters(rules, input, region, custom, options))
    }
    let outcome = try resolve(custom)
    var scheme = try authScheme(of: outcome, options)
    if custom != nil, scheme == nil {
      // A custom endpoint says nothing of signing: global services (IAM) are signed as they are without it.
      scheme = (try? resolve(nil)).flatMap { try? authScheme(of: $0, options) }
    }
    guard let url = URLParts(outcome.url) else { throw EndpointError("Invalid endpoint: \(outcome.url)") }
    let name = schemeName(scheme)
    var signingRegion =
      scheme?["signingRegion"]?.string
      ?? scheme?["signingRegionSet"]?.array?.compactMap(\.string).joined(separator: ",")
    if name == "sigv4a" { signingRegion = options.signingRegionSet ?? signingRegion ?? region ?? "*" }
    var endpoint = Endpoint(
      scheme: url.scheme, host: url.authority,
      path: url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path,
      signingRegion: signingRegion ?? region ?? "",
      signingName: scheme?["signingName"]?.string ?? model.signingName, authScheme: name,
      doubleEncodesPath: !(scheme?["disableDoubleEncoding"]?.bool ?? isS3),
      includesBucket: isS3 && bucketIsGiven(input), headers: outcome.headers)
    endpoint.injectsHostPrefix = options.injectsHostPrefix && !rulesPrefixAccount
    return endpoint
  }

  /// Whether the rules put the account before the host themselves, where the operation's model says so, too (S3
  /// Control; botocore `handlers.remove_accid_host_prefix_from_model`).
  private var rulesPrefixAccount: Bool {
    hostPrefix == "{AccountId}." && staticContextParameters?["RequiresAccountId"]?["value"]?.bool ?? false
  }

  /// How requests are authenticated: the operation's own way where it has one, else the endpoint's, else the service's.
  private func schemeName(_ scheme: JSON?) -> String {
    switch authType {
    case "none": "none"
    case "bearer": "bearer"
    default:
      scheme?["name"]?.string
        ?? (authType == "v4a" ? "sigv4a" : model.signatureVersion == "bearer" ? "bearer" : "sigv4")
    }
  }

  private func bucketIsGiven(_ input: Value) -> Bool {
    self.input?.members.contains { $0.contextParameter == "Bucket" && input[$0.name] != nil } ?? false
  }

  /// The way of signing: the first preferred one that the endpoint offers, else its first that is known here.
  private func authScheme(of outcome: RuleSet.Outcome, _ options: EndpointOptions) throws(EndpointError)
    -> JSON?
  {
    guard let offered = outcome.properties["authSchemes"]?.array, !offered.isEmpty else { return nil }
    let known = offered.filter {
      ["sigv4", "sigv4a", "sigv4-s3express", "bearer", "none"].contains($0["name"]?.string ?? "")
    }
    for name in options.authSchemePreference {
      if let preferred = known.first(where: { $0["name"]?.string == name }) { return preferred }
    }
    guard let first = known.first else {
      let names = offered.compactMap { $0["name"]?.string }.joined(separator: ", ")
      throw EndpointError("The endpoint asks to be signed for in ways that are unknown here: \(names).")
    }
    return first
  }

  /// The values of the rules' parameters. What is bound closest wins: the operation's own values over the input's over
  /// the caller's choices (Smithy, "Rules engine parameters").
  private func ruleParameters(
    _ rules: RuleSet, _ input: Value, _ region: String?, _ custom: String?, _ options: EndpointOptions
  ) -> [String: RuleValue] {
    var given: [String: RuleValue] = [:]
    for parameter in rules.parameters {
      if let builtIn = parameter.builtIn, let value = builtInValue(builtIn, input, region, custom, options) {
        given[parameter.name] = value
      } else if parameter.name == "DisableS3ExpressSessionAuth" {
        given[parameter.name] = .bool(options.disablesExpressSessions)
      }
    }
    for member in self.input?.members ?? [] {
      guard let name = member.contextParameter, let value = input[member.name] else { continue }
      given[name] = ruleValue(value)
    }
    if let list = operationContextParameters {
      for position in 0..<list.count {
        guard let name = list.key(position), let path = list[position]?["path"]?.string else { continue }
        if let value = ContextPath(path)?.value(in: input) { given[name] = ruleValue(value) }
      }
    }
    if let list = staticContextParameters {
      for position in 0..<list.count {
        guard let name = list.key(position), let value = list[position]?["value"] else { continue }
        given[name] =
          value.string.map { .string($0) } ?? value.bool.map { .bool($0) }
          ?? .array(
            value.strings.map { .string($0) })
      }
    }
    return given
  }

  private func builtInValue(
    _ builtIn: String, _ input: Value, _ region: String?, _ custom: String?, _ options: EndpointOptions
  ) -> RuleValue? {
    switch builtIn {
    case "AWS::Region": region.map { .string($0) }
    case "SDK::Endpoint": custom.map { .string($0) }
    // The rules refuse these two beside a custom endpoint; botocore leaves them out there.
    case "AWS::UseFIPS": .bool(options.usesFIPS && custom == nil)
    case "AWS::UseDualStack": .bool(options.usesDualStack && custom == nil)
    case "AWS::S3::ForcePathStyle": .bool(usesPathStyle(input, custom, options))
    case "AWS::S3::Accelerate": .bool(options.usesAccelerate)
    case "AWS::S3::UseArnRegion": .bool(options.usesARNRegion ?? true)
    case "AWS::S3Control::UseArnRegion": .bool(options.usesARNRegion ?? false)
    case "AWS::S3::DisableMultiRegionAccessPoints": .bool(options.disablesMultiRegionAccessPoints)
    // The AWS CLI v2 knows no global endpoints of S3 and STS: its `legacy` settings are without effect.
    case "AWS::S3::UseGlobalEndpoint", "AWS::STS::UseGlobalEndpoint": .bool(false)
    case "AWS::Auth::AccountId": options.accountID.map { .string($0) }
    case "AWS::Auth::AccountIdEndpointMode": .string(options.accountIDMode.rawValue)
    default: nil
    }
  }

  /// Whether S3's bucket goes into the path, as botocore decides it: always for GetBucketLocation, whose caller does not
  /// know the Region; never for ARNs; at custom endpoints unless virtual hosts are asked for.
  private func usesPathStyle(_ input: Value, _ custom: String?, _ options: EndpointOptions) -> Bool {
    if isS3, name == "GetBucketLocation" { return true }
    if input["Bucket"]?.string?.hasPrefix("arn:") ?? false { return false }
    if options.usesAccelerate { return false }
    guard let custom, !isAccelerateURL(custom) else { return options.addressingStyle == .path }
    return options.addressingStyle != .virtual
  }

  private func ruleValue(_ value: Value) -> RuleValue {
    switch value {
    case .string(let text): .string(text)
    case .bool(let flag): .bool(flag)
    case .list(let items): .array(items.compactMap { $0.string.map { .string($0) } })
    default: .none
    }
  }
}

/// Whether a URL is one of S3's accelerated endpoints, `https://s3-accelerate[.dualstack].amazonaws.com` (botocore
/// `utils.is_s3_accelerate_url`).
private func isAccelerateURL(_ text: String) -> Bool {
  guard let host = URLParts(text)?.authority else { return false }
  return ["s3-accelerate.amazonaws.com", "s3-accelerate.dualstack.amazonaws.com"].contains(host)
}

extension ServiceModel {
  /// Whether the endpoint rules ask for the caller's account.
  package var endpointsDependOnAccount: Bool {
    guard let list = endpointRules?["parameters"] else { return false }
    return (0..<list.count).contains { list[$0]?["builtIn"]?.string == "AWS::Auth::AccountId" }
  }

  /// The Region that stands for all where none is configured; nil if the service is not to be had without one
  /// (botocore `data/endpoints.json`, `partitionEndpoint`).
  package var regionOfAll: String? { partitionServices.contains(endpointPrefix) ? "aws-global" : nil }
}

/// Services with one endpoint for the partition, by their endpoint prefix.
private let partitionServices: Set = [
  "account", "billingconductor", "budgets", "ce", "chime", "cloudfront", "codecatalyst", "health", "iam",
  "importexport", "networkmanager", "notifications-contacts", "organizations", "route53", "s3",
  "savingsplans",
  "shield", "sts", "support", "tax", "waf",
]
