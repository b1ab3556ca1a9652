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
    guard let node = model.endpointRules else {
      throw EndpointError("The model of \(model.service) has no endpoint rules.")
    }
    let rules = RuleSet(node, partitions: partitions)
    func resolve(_ custom: String?) throws(EndpointError) -> RuleSet.Outcome {
      try rules.evaluate(ruleParameters(rules, input, region, custom, options))
    }
    let outcome = try resolve(custom)
    var scheme = authScheme(of: outcome)
    if custom != nil, scheme == nil {
      // A custom endpoint says nothing of signing: global services (IAM) are signed as they are without it.
      scheme = (try? resolve(nil)).flatMap { authScheme(of: $0) }
    }
    guard let url = URLParts(outcome.url) else { throw EndpointError("Invalid endpoint: \(outcome.url)") }
    return Endpoint(
      scheme: url.scheme, host: url.authority,
      path: url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path,
      signingRegion: scheme?["signingRegion"]?.string ?? scheme?["signingRegionSet"]?[0]?.string ?? region
        ?? "",
      signingName: scheme?["signingName"]?.string ?? model.signingName,
      authScheme: authType == "none" ? "none" : scheme?["name"]?.string ?? "sigv4",
      doubleEncodesPath: !(scheme?["disableDoubleEncoding"]?.bool ?? isS3),
      includesBucket: isS3 && bucketIsGiven(input), headers: outcome.headers)
  }

  private func bucketIsGiven(_ input: Value) -> Bool {
    self.input?.members.contains { $0.contextParameter == "Bucket" && input[$0.name] != nil } ?? false
  }

  /// The first way of signing that is known here.
  private func authScheme(of outcome: RuleSet.Outcome) -> JSON? {
    outcome.properties["authSchemes"]?.array?.first {
      ["sigv4", "sigv4a", "sigv4-s3express", "none"].contains($0["name"]?.string ?? "")
    }
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
      }
    }
    for member in self.input?.members ?? [] {
      guard let name = member.contextParameter, let value = input[member.name] else { continue }
      given[name] = ruleValue(value)
    }
    if let list = operationContextParameters {
      for position in 0..<list.count {
        guard let name = list.key(position), let path = list[position]?["path"]?.string else { continue }
        if let value = input.simplePath(path) { given[name] = ruleValue(value) }
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
    case "AWS::S3::UseArnRegion", "AWS::S3Control::UseArnRegion": .bool(options.usesARNRegion)
    case "AWS::S3::DisableMultiRegionAccessPoints": .bool(options.disablesMultiRegionAccessPoints)
    case "AWS::S3::UseGlobalEndpoint", "AWS::STS::UseGlobalEndpoint": .bool(false)
    case "AWS::Auth::AccountId": options.accountID.map { .string($0) }
    case "AWS::Auth::AccountIdEndpointMode": .string("preferred")
    default: nil
    }
  }

  /// Whether S3's bucket goes into the path, as botocore decides it: always for GetBucketLocation, whose caller does not
  /// know the Region; never for ARNs; at custom endpoints unless virtual hosts are asked for.
  private func usesPathStyle(_ input: Value, _ custom: String?, _ options: EndpointOptions) -> Bool {
    if isS3, name == "GetBucketLocation" { return true }
    if input["Bucket"]?.string?.hasPrefix("arn:") ?? false { return false }
    if options.usesAccelerate { return false }
    return custom == nil ? options.addressingStyle == .path : options.addressingStyle != .virtual
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

extension Value {
  /// What the models' `operationContextParams` use of JMESPath: names, dots and projections `[*]` or `[]`.
  /// Nil for anything else.
  fileprivate func simplePath(_ path: String) -> Value? {
    var values = [self]
    var isProjection = false
    for part in path.split(separator: ".") {
      let projects = part.hasSuffix("[*]") || part.hasSuffix("[]")
      let name = part.prefix { $0 != "[" }
      guard projects || name.count == part.count, !name.contains("(") else { return nil }
      values = values.compactMap { $0[String(name)] }
      if projects {
        isProjection = true
        values = values.flatMap { $0.list ?? [] }
      }
    }
    return isProjection ? .list(values) : values.first
  }
}
