import OrderedJSON

/// Endpoint rules for a model that came without any: the caller's endpoint where there is one, else the model's global
/// endpoint, else `https://PREFIX.REGION.SUFFIX`, the pattern of nearly all services (botocore, `endpoints.json`,
/// `defaults`). FIPS and dual-stack hosts cannot be guessed: these rules refuse them.
func commonEndpointRules(_ model: JSON) -> JSON {
  let metadata = model["metadata"]
  let prefix = metadata?["endpointPrefix"]?.string ?? ""
  func parameter(_ builtIn: String, _ type: String) -> JSON {
    ["builtIn": .string(builtIn), "required": false, "type": .string(type)]
  }
  func isSet(_ name: String) -> JSON { ["fn": "isSet", "argv": [["ref": .string(name)]]] }
  func isTrue(_ name: String) -> JSON { ["fn": "booleanEquals", "argv": [["ref": .string(name)], true]] }
  func refusal(_ conditions: JSON, _ text: String) -> JSON {
    ["conditions": conditions, "error": .string(text), "type": "error"]
  }
  func endpoint(_ conditions: JSON, _ url: JSON) -> JSON {
    [
      "conditions": conditions, "endpoint": ["url": url, "properties": [:], "headers": [:]],
      "type": "endpoint",
    ]
  }
  let region: JSON = ["ref": "Region"]
  let host: JSON =
    if let global = metadata?["globalEndpoint"]?.string {
      endpoint([], .string("https://\(global)"))
    } else {
      endpoint(
        [isSet("Region"), ["fn": "aws.partition", "argv": [region], "assign": "PartitionResult"]],
        .string("https://\(prefix).{Region}.{PartitionResult#dnsSuffix}"))
    }
  return [
    "version": "1.0",
    "parameters": [
      "Region": parameter("AWS::Region", "String"), "Endpoint": parameter("SDK::Endpoint", "String"),
      "UseFIPS": parameter("AWS::UseFIPS", "Boolean"),
      "UseDualStack": parameter("AWS::UseDualStack", "Boolean"),
    ],
    "rules": [
      endpoint([isSet("Endpoint")], ["ref": "Endpoint"]),
      refusal([isSet("UseFIPS"), isTrue("UseFIPS")], "The model has no endpoint rules: FIPS is not known."),
      refusal(
        [isSet("UseDualStack"), isTrue("UseDualStack")],
        "The model has no endpoint rules: dual-stack is not known."),
      host, refusal([], "Invalid Configuration: Missing Region"),
    ],
  ]
}
