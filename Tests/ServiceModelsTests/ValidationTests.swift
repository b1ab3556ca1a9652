import OrderedJSON
import TestKit
import Testing
import Wire

@testable import ServiceModels

@Suite struct ValidationTests {
  @Test(
    arguments: [
      ("kms", "DescribeKey", #"{}"#, [#"Missing required parameter in input: "KeyId""#]),
      (
        "kms", "DescribeKey", #"{"KeyId":"","Bogus":1}"#,
        [
          #"Unknown parameter in input: "Bogus", must be one of: KeyId, GrantTokens"#,
          "Invalid length for parameter KeyId, value: 0, valid min length: 1",
        ]
      ),
      (
        "kms", "ScheduleKeyDeletion", #"{"KeyId":"k","PendingWindowInDays":0}"#,
        ["Invalid value for parameter PendingWindowInDays, value: 0, valid min value: 1"]
      ),
      (
        "iam", "CreateUser", #"{"UserNme":"x"}"#,
        [
          #"Missing required parameter in input: "UserName""#,
          #"Unknown parameter in input: "UserNme", must be one of: Path, UserName, PermissionsBoundary, Tags"#,
        ]
      ),
      (
        "iam", "CreateUser", #"{"UserName":123}"#,
        ["Invalid type for parameter UserName, value: 123, type: <class 'int'>, valid types: <class 'str'>"]
      ),
      (
        "iam", "CreateUser", #"{"UserName":"u","Tags":[{"Kye":"a"}]}"#,
        [
          #"Missing required parameter in Tags[0]: "Key""#,
          #"Missing required parameter in Tags[0]: "Value""#,
          #"Unknown parameter in Tags[0]: "Kye", must be one of: Key, Value"#,
        ]
      ),
      (
        "ec2", "DescribeSpotPriceHistory", #"{"StartTime":"notatime"}"#,
        [
          "Invalid type for parameter StartTime, value: notatime, type: <class 'str'>, "
            + "valid types: <class 'datetime.datetime'>, timestamp-string"
        ]
      ),
      (
        "kms", "CreateKey", #"{"Tags":{"a":[1,"b",null,true,1.5]}}"#,
        [
          "Invalid type for parameter Tags, value: {'a': [1, 'b', None, True, 1.5]}, type: <class 'dict'>, "
            + "valid types: <class 'list'>, <class 'tuple'>"
        ]
      ),
      ("kms", "CreateKey", #"{"MultiRegion":true,"Tags":[{"TagKey":"a","TagValue":"b"}]}"#, []),
      (
        "s3", "PutObject", #"{"Bucket":"b","Key":""}"#,
        ["Invalid length for parameter Key, value: 0, valid min length: 1"]
      ),
    ] as [(String, String, String, [String])])
  func `problems are told in botocore's words`(
    service: String, name: String, input: String, problems: [String]
  ) throws {
    let operation = try #require(bundle.model(service).operation(name))
    let shape = try #require(operation.input)
    let value = try Value(json: JSON.parse(input), shape: shape)
    #expect(operation.validate(value).map(\.message) == problems)
  }
}

@Suite struct ValueJSONTests {
  @Test func `values print as the AWS CLI prints them`() throws {
    let shape = try #require(bundle.model("kms").operation("CreateKey")?.output)
    let value: Value = [
      "KeyMetadata": [
        "Enabled": true, "KeyId": "k", "CreationDate": .timestamp(Timestamp(milliseconds: 1_795_450_243_123)),
        "DeletionDate": .timestamp(Timestamp(milliseconds: 1_795_450_243_000)), "AWSAccountId": "1",
      ]
    ]
    #expect(
      value.json(shape: shape).text()
        == #"{"KeyMetadata":{"AWSAccountId":"1","KeyId":"k","CreationDate":"2026-11-23T16:10:43.123000+00:00","#
        + #""Enabled":true,"DeletionDate":"2026-11-23T16:10:43+00:00"}}"#)
    #expect(Value.blob([1, 2, 3]).plainJSON == "AQID")
    #expect(Value.canonicalText(["b": 1, "a": ["d": 2, "c": .null]]) == #"{"a":{"c":null,"d":2},"b":1}"#)
  }

  @Test(arguments: everyOperation.filter { $0.service != "ec2" })
  func `JSON of an input is read back`(service: String, name: String) throws {
    guard let shape = try bundle.model(service).operation(name)?.input else { return }
    var sampler = Sampler(seed: 5)
    let value = sampler.structure(shape)
    #expect(try Value(json: value.json(shape: shape), shape: shape) == value)
  }
}
