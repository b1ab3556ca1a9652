import PracticeAccount
import ServiceModels
import Testing
import Wire

/// The tags of everything, seen from one place.
struct TaggingTests {
  private static let service = "resourcegroupstaggingapi"

  /// A key, a bucket, a VPC endpoint and a role, and their ARNs.
  private func make() async throws -> (TestAccount, [String: Value]) {
    let test = try TestAccount()
    let key = try #require(try await test.call("kms", "CreateKey").at("KeyMetadata.Arn"))
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    let vpc = try await test.call("ec2", "DescribeVpcs").at("Vpcs.0.VpcId")?.string ?? ""
    try await test.call(
      "iam", "CreateRole", ["RoleName": "role-1", "AssumeRolePolicyDocument": .string(ErrorTests.trust)])
    return (
      test,
      [
        "key": key, "bucket": "arn:aws:s3:::lab-1",
        "vpc": .string("arn:aws:ec2:us-east-1:111122223333:vpc/\(vpc)"),
        "role": "arn:aws:iam::111122223333:role/role-1",
      ]
    )
  }

  private func arns(_ test: TestAccount, _ input: Value) async throws -> [String] {
    try await test.call(Self.service, "GetResources", input)["ResourceTagMappingList"]?.list?
      .compactMap { $0["ResourceARN"]?.string } ?? []
  }

  @Test func `tags reach every service, and its own operations show them`() async throws {
    let (test, ids) = try await make()
    let fresh = test.account.dump()
    let done = try await test.call(
      Self.service, "TagResources",
      ["ResourceARNList": .list(Array(ids.values)), "Tags": ["lab": "x", "cost": "low"]])
    #expect(done["FailedResourcesMap"] == nil || done["FailedResourcesMap"]?.object?.isEmpty == true)
    #expect(
      try await test.call("kms", "ListResourceTags", ["KeyId": ids["key"] ?? ""])["Tags"]?.list?.count == 2)
    #expect(
      try await test.call("s3", "GetBucketTagging", ["Bucket": "lab-1"])["TagSet"]?.list?.count == 2)
    #expect(try await test.call("iam", "ListRoleTags", ["RoleName": "role-1"])["Tags"]?.list?.count == 2)
    // Roles can be tagged and are not found.
    let found = ["bucket", "key", "vpc"].compactMap { ids[$0]?.string }.sorted()
    #expect(try await arns(test, ["TagFilters": [["Key": "lab", "Values": ["x", "y"]]]]) == found)
    #expect(
      try await arns(test, ["TagFilters": [["Key": "lab"], ["Key": "cost", "Values": ["high"]]]]) == [])
    for (filter, name) in [("kms:key", "key"), ("s3", "bucket"), ("ec2:vpc", "vpc"), ("s3:bucket", "bucket")]
    {
      #expect(try await arns(test, ["ResourceTypeFilters": [.string(filter)]]) == [ids[name]?.string])
    }
    #expect(try await arns(test, ["ResourceARNList": [ids["key"] ?? ""]]) == [ids["key"]?.string])
    let keys = try await test.call(Self.service, "GetTagKeys")
    #expect(keys["TagKeys"]?.list == ["cost", "lab"] && keys["PaginationToken"]?.string == "")
    #expect(try await test.call(Self.service, "GetTagValues", ["Key": "lab"])["TagValues"]?.list == ["x"])
    let page = try await test.call(Self.service, "GetResources", ["ResourcesPerPage": 2])
    #expect(page["ResourceTagMappingList"]?.list?.count == 2)
    let rest = try await arns(
      test, ["ResourcesPerPage": 2, "PaginationToken": page["PaginationToken"] ?? ""])
    #expect(rest.count == 1)
    try await test.call(
      Self.service, "UntagResources",
      ["ResourceARNList": .list(Array(ids.values)), "TagKeys": ["lab", "cost"]])
    #expect(try await arns(test, [:]) == [])
    #expect(test.account.dump() == fresh)
  }

  @Test func `one that fails is named, the others are tagged`() async throws {
    let (test, ids) = try await make()
    let policy =
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"kms:TagResource","Resource":"*"}]}"#
    try await test.call(
      "iam", "PutUserPolicy",
      ["UserName": "learner", "PolicyName": "p", "PolicyDocument": .string(policy)])
    let missing = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-4333-8444-555555555555"
    let abroad = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555"
    let done = try await test.call(
      Self.service, "TagResources",
      [
        "ResourceARNList": [
          ids["key"] ?? "", ids["bucket"] ?? "", "arn:aws:s3:::none-1", .string(abroad),
          "arn:aws:sqs:us-east-1:111122223333:queue",
        ], "Tags": ["lab": "x"],
      ])
    let failed = done["FailedResourcesMap"]
    func code(_ arn: String) -> String? { failed?[arn]?["ErrorCode"]?.string }
    #expect(failed?.object?.count == 4)
    #expect(code(ids["key"]?.string ?? "") == "AccessDeniedException")
    #expect(code("arn:aws:s3:::none-1") == "NoSuchBucket")
    #expect(code(abroad) == "InvalidParameterException")
    #expect(code("arn:aws:sqs:us-east-1:111122223333:queue") == "InternalServiceException")
    #expect(try await arns(test, [:]) == ["arn:aws:s3:::lab-1"])
    #expect(test.account.denials().last?.denial.action == "kms:TagResource")
    let unknown = try await test.call(
      Self.service, "UntagResources", ["ResourceARNList": [.string(missing)], "TagKeys": ["lab"]])
    #expect(unknown["FailedResourcesMap"]?[missing]?["ErrorCode"]?.string == "NotFoundException")
  }

  @Test(
    arguments: [
      (
        "TagResources", ["ResourceARNList": ["x"], "Tags": ["a": "b"]],
        "400 InvalidParameterException: The ARN x is not valid."
      ),
      (
        "TagResources", ["ResourceARNList": [], "Tags": ["a": "b"]],
        "400 InvalidParameterException: From 1 to 20 ARNs can be given."
      ),
      (
        "GetResources", ["ResourcesPerPage": 101],
        "400 InvalidParameterException: ResourcesPerPage must be from 1 to 100."
      ),
      (
        "GetResources", ["TagsPerPage": 150],
        "400 InvalidParameterException: TagsPerPage must be a multiple of 100, from 100 to 500."
      ),
      (
        "GetResources", ["PaginationToken": "x"],
        "400 PaginationTokenExpiredException: The pagination token is not valid."
      ),
      (
        "GetResources", ["ResourceARNList": ["arn:aws:s3:::a"], "TagFilters": [["Key": "a"]]],
        "400 InvalidParameterException: ResourceARNList and TagFilters cannot be given together."
      ),
    ] as [(String, Value, String)])
  func `what cannot be asked`(operation: String, input: Value, expected: String) async throws {
    #expect(try await TestAccount().error(Self.service, operation, input) == expected)
  }
}
