import OrderedJSON

@testable import ServiceModels

/// Endpoint rules in three manners, by the first byte: `{` begins a rule set as JSON; below 0x50 the rest are the
/// choices that a rule set is built from; else it is the parameters of a service's own rules.
func findEndpoint(_ bytes: borrowing [UInt8]) {
  let bytes = copy bytes
  guard let first = bytes.first else { return }
  if first == 0x7B {
    if let rules = try? JSON.parse(bytes: bytes) { evaluate(rules, parameters) }
  } else if first < 0x50 {
    var writer = RuleWriter(entropy: Entropy(bytes, from: 1))
    evaluate(writer.ruleSet(), parameters)
  } else {
    askService(Entropy(bytes))
  }
}

private let parameters: [String: RuleValue] = [
  "Region": .string("us-east-1"), "UseFIPS": .bool(false), "UseDualStack": .bool(true),
  "Bucket": .string("a.b-c"),
  "Endpoint": .string("https://[::1]:8080/a/b/"),
  "Key": .string("arn:aws:s3:us-east-1:111122223333:accesspoint/a"),
  "List": .array([.string("a"), .string("é")]),
]

private func evaluate(_ rules: JSON, _ parameters: [String: RuleValue]) {
  guard let file = try? PackedFile(name: "rules", bytes: PackedWriter.pack(rules)) else {
    broken("what was packed can be opened")
  }
  let set = RuleSet(file.root, partitions: Service.partitions)
  _ = set.parameters
  _ = try? set.evaluate(parameters)
}

private func askService(_ entropy: Entropy) {
  var entropy = entropy
  let model = Service.models[entropy.below(Service.models.count)]
  let names = model.operationNames
  guard let operation = model.operation(names[entropy.below(names.count)]) else { return }
  var options = EndpointOptions()
  let flags = entropy.byte()
  options.usesFIPS = flags & 1 != 0
  options.usesDualStack = flags & 2 != 0
  options.usesAccelerate = flags & 4 != 0
  options.usesARNRegion = flags & 8 != 0
  options.disablesMultiRegionAccessPoints = flags & 16 != 0
  options.addressingStyle = flags & 32 != 0 ? .path : flags & 64 != 0 ? .virtual : .auto
  options.accountID = entropy.isOne(in: 2) ? entropy.pick(["111122223333", "", "x"]) : nil
  let region = entropy.pick(regions).map { $0 == "?" ? entropy.text(atMost: 16) : $0 }
  let custom =
    entropy.isOne(in: 4) ? entropy.pick(urls).map { $0 == "?" ? entropy.text(atMost: 32) : $0 } : nil
  var fields = Fields()
  for member in operation.input?.members ?? [] where member.contextParameter != nil {
    fields[member.name] = .string(
      entropy.pick(resources).map { $0 == "?" ? entropy.text(atMost: 96) : $0 } ?? "")
  }
  guard
    let endpoint = try? operation.endpoint(
      .object(fields), region: entropy.isOne(in: 16) ? nil : region, custom: custom, options: options,
      partitions: Service.partitions)
  else { return }
  guard !endpoint.host.isEmpty else { broken("an endpoint has a host") }
}

private let regions = [
  "us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", "aws-global", "us-iso-east-1", "eu-isoe-west-1",
  "",
  "mars-north-1", "us-east-1.evil.example", "fips-us-east-1", "?", "s3-external-1",
]

private let urls = [
  "http://127.0.0.1:8080", "https://[::1]/a", "https://example.com/a%20b/", "http://a:99999", "ftp://a",
  "http://", "?",
]

private let resources = [
  "bucket", "my.bucket.name", "UPPER", "a", "192.168.1.1", "bucket--usw2-az1--x-s3", "bucket-s3alias", "?",
  "arn:aws:s3:us-west-2:123456789012:accesspoint:myendpoint",
  "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap",
  "arn:aws:s3-object-lambda:us-east-1:123456789012:accesspoint/b", "arn:aws:s3:::x", "arn:aws:s3", "::::::",
  "arn:",
  "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/reports",
  "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint:a", "arn:aws:dynamodb:us-east-1:111122223333:table/T",
  "arn:aws:kinesis:us-east-1:123456789012:stream/test-stream", "1234567890abcdefghij--op-s3",
]

/// Builds rule sets that are well-formed and mean nothing.
private struct RuleWriter {
  var entropy: Entropy
  var budget = 48

  /// Once in a while a required parameter, which then is missing.
  mutating func ruleSet() -> JSON {
    ["parameters": entropy.isOne(in: 16) ? Self.demanding : Self.declared, "rules": rules(0)]
  }

  private static let declared: JSON = [
    "Region": ["type": "String"], "UseDualStack": ["type": "Boolean"],
    "Bucket": ["type": "String", "default": "b"],
    "Endpoint": ["type": "String"], "Key": ["type": "String"],
    "List": ["type": "stringArray", "default": ["x"]],
  ]
  private static let demanding: JSON = ["Absent": ["type": "String", "required": true]]

  private mutating func rules(_ depth: Int) -> JSON {
    .array((0..<1 + entropy.below(3)).map { _ in rule(depth) })
  }

  private mutating func rule(_ depth: Int) -> JSON {
    budget -= 1
    let conditions = JSON.array((0..<entropy.below(3)).map { _ in call(0) })
    guard budget > 0 else { return ["type": "error", "conditions": [], "error": "spent"] }
    switch entropy.below(depth < 70 ? 4 : 2) {
    case 0: return ["type": "error", "conditions": conditions, "error": argument(0)]
    case 1:
      return [
        "type": "endpoint", "conditions": conditions,
        "endpoint": [
          "url": argument(0), "headers": ["x-a": [argument(0)]],
          "properties": ["authSchemes": [["name": "sigv4", "signingRegion": "{Region}"]], "x": argument(0)],
        ],
      ]
    default: return ["type": "tree", "conditions": conditions, "rules": rules(depth + 1)]
    }
  }

  private mutating func call(_ depth: Int) -> JSON {
    budget -= 1
    let name = entropy.pick(Self.functions) ?? "isSet"
    var call: JSONObject = [
      "fn": .string(name), "argv": .array((0..<1 + entropy.below(4)).map { _ in argument(depth + 1) }),
    ]
    if entropy.isOne(in: 2) { call["assign"] = .string(entropy.pick(Self.names) ?? "x") }
    return .object(call)
  }

  private mutating func argument(_ depth: Int) -> JSON {
    switch budget > 0 && depth < 80 ? entropy.below(8) : 4 + entropy.below(4) {
    case 0, 1: call(depth)
    case 2: ["ref": .string(entropy.pick(Self.names) ?? "x")]
    case 3: .string("{\(entropy.pick(Self.names) ?? "x")#\(entropy.pick(Self.paths) ?? "a")}{x}")
    case 4: .string(entropy.pick(Self.paths) ?? "")
    case 5: .int(Int(Int8(bitPattern: entropy.byte())))
    case 6: .bool(entropy.isOne(in: 2))
    default: .string(entropy.scalar())
    }
  }

  private static let names = [
    "x", "y", "z", "Region", "UseFIPS", "UseDualStack", "Bucket", "Endpoint", "Key", "List", "unknown",
  ]
  private static let paths = [
    "name", "dnsSuffix", "resourceId[0]", "resourceId[-1]", "resourceId[9999999999999999999]", "[0]", "a[",
    "[", "a.b",
    "authority", "normalizedPath", "isIp", "accountId", ".", "https://{Region}.{x#dnsSuffix}/{{a}}", "{", "}",
    "{}", "{#}",
  ]
  private static let functions = [
    "isSet", "not", "booleanEquals", "stringEquals", "getAttr", "substring", "uriEncode", "parseURL",
    "isValidHostLabel", "aws.isVirtualHostableS3Bucket", "aws.partition", "aws.parseArn", "coalesce", "ite",
    "split",
    "unknown",
  ]
}
