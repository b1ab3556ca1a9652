import OrderedJSON
import PracticeAccount
import ServiceModels
import Testing

/// What IAM refuses, in an account with user `ann` (in group `g`, with a policy of each kind and two keys), role `r` in
/// instance profile `i`, and the account's own policy `p` in five versions.
struct IAMErrorTests {
  static let policy = "arn:aws:iam::111122223333:policy/p"
  static let admin = "arn:aws:iam::aws:policy/AdministratorAccess"
  static let linked = "arn:aws:iam::aws:policy/aws-service-role/AmazonMacieServiceRolePolicy"

  static let rows: [ErrorRow] = [
    ErrorRow(
      "iam", "CreateUser", ["UserName": "ANN"], "409 EntityAlreadyExists: User with name ANN already exists."),
    ErrorRow(
      "iam", "CreateUser", ["UserName": "a b"],
      "400 ValidationError: The specified value for userName is invalid. It must contain only alphanumeric characters "
        + "and/or the following: +=,.@_-"),
    ErrorRow(
      "iam", "CreateUser", ["UserName": "bob", "Path": "team"],
      "400 ValidationError: The specified value for path is invalid. It must begin and end with / and contain only "
        + "alphanumeric characters and/or / characters."),
    ErrorRow(
      "iam", "CreateUser", ["UserName": "bob", "PermissionsBoundary": .string(policy + "x")],
      "404 NoSuchEntity: Scope ARN: \(policy)x does not exist or is not attachable."),
    ErrorRow(
      "iam", "CreateUser", ["UserName": "bob", "Tags": [["Key": "aws:x", "Value": "y"]]],
      "400 InvalidInput: Cannot tag with key aws:x: the prefix aws: is reserved."),
    ErrorRow(
      "iam", "GetUser", ["UserName": "bob"], "404 NoSuchEntity: The user with name bob cannot be found."),
    ErrorRow(
      "iam", "DeleteUser", ["UserName": "ann"],
      "409 DeleteConflict: Cannot delete entity, must delete access keys first."),
    ErrorRow(
      "iam", "CreateGroup", ["GroupName": "G"], "409 EntityAlreadyExists: Group with name G already exists."),
    ErrorRow(
      "iam", "DeleteGroup", ["GroupName": "g"],
      "409 DeleteConflict: Cannot delete entity, must remove users from group first."),
    ErrorRow(
      "iam", "AddUserToGroup", ["GroupName": "none", "UserName": "ann"],
      "404 NoSuchEntity: The group with name none cannot be found."),
    ErrorRow(
      "iam", "CreateAccessKey", ["UserName": "ann"],
      "409 LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2"),
    ErrorRow(
      "iam", "DeleteAccessKey", ["UserName": "ann", "AccessKeyId": "AKIANONENONENONENONE"],
      "404 NoSuchEntity: The Access Key with id AKIANONENONENONENONE cannot be found."),
    ErrorRow(
      "iam", "GetUserPolicy", ["UserName": "ann", "PolicyName": "none"],
      "404 NoSuchEntity: The user policy with name none cannot be found."),
    ErrorRow(
      "iam", "AttachUserPolicy", ["UserName": "ann", "PolicyArn": .string(policy + "x")],
      "404 NoSuchEntity: Policy \(policy)x does not exist or is not attachable."),
    ErrorRow(
      "iam", "AttachRolePolicy", ["RoleName": "r", "PolicyArn": .string(linked)],
      "400 PolicyNotAttachable: Cannot attach a Service Role Policy to a Customer Role."),
    ErrorRow(
      "iam", "AttachRolePolicy", ["RoleName": "r", "PolicyArn": "AdministratorAccess"],
      "400 ValidationError: ARN AdministratorAccess is not valid."),
    ErrorRow(
      "iam", "DetachUserPolicy", ["UserName": "ann", "PolicyArn": .string(admin)],
      "404 NoSuchEntity: Policy \(admin) was not found."),
    ErrorRow(
      "iam", "CreatePolicy", ["PolicyName": "P", "PolicyDocument": .string(allow("s3:*"))],
      "409 EntityAlreadyExists: A policy called P already exists. Duplicate names are not allowed."),
    ErrorRow(
      "iam", "CreatePolicyVersion", ["PolicyArn": .string(policy), "PolicyDocument": .string(allow("s3:*"))],
      "409 LimitExceeded: A managed policy can have up to 5 versions. Before you create a new version, you must delete "
        + "an existing version."),
    ErrorRow(
      "iam", "DeletePolicyVersion", ["PolicyArn": .string(policy), "VersionId": "v1"],
      "409 DeleteConflict: Cannot delete the default version of a policy."),
    ErrorRow(
      "iam", "GetPolicyVersion", ["PolicyArn": .string(policy), "VersionId": "v9"],
      "404 NoSuchEntity: Policy \(policy) version v9 does not exist or is not attachable."),
    ErrorRow(
      "iam", "DeletePolicy", ["PolicyArn": .string(policy)],
      "409 DeleteConflict: Cannot delete a policy attached to entities."),
    ErrorRow(
      "iam", "DeletePolicy", ["PolicyArn": .string(admin)],
      "403 AccessDenied: Policy is outside your own account."),
    ErrorRow(
      "iam", "GetPolicy", ["PolicyArn": .string(policy + "x")],
      "404 NoSuchEntity: Policy \(policy)x was not found."),
    ErrorRow(
      "iam", "DeleteRole", ["RoleName": "r"],
      "409 DeleteConflict: Cannot delete entity, must remove roles from instance profile first."),
    ErrorRow(
      "iam", "DeleteInstanceProfile", ["InstanceProfileName": "i"],
      "409 DeleteConflict: Cannot delete entity, must remove roles from instance profile first."),
    ErrorRow(
      "iam", "AddRoleToInstanceProfile", ["InstanceProfileName": "i", "RoleName": "r"],
      "409 LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"),
    ErrorRow(
      "iam", "GetInstanceProfile", ["InstanceProfileName": "none"],
      "404 NoSuchEntity: Instance Profile none cannot be found."),
    ErrorRow(
      "iam", "CreateServiceLinkedRole", ["AWSServiceName": "ecs.amazonaws.com", "CustomSuffix": "x"],
      "400 InvalidInput: Custom suffix is not allowed for ecs.amazonaws.com"),
    ErrorRow(
      "iam", "GetAccountPasswordPolicy", [:],
      "404 NoSuchEntity: The Password Policy with domain name 111122223333 cannot be found."),
    ErrorRow(
      "iam", "DeleteAccountAlias", ["AccountAlias": "none"],
      "404 NoSuchEntity: The account alias none cannot be found."),
    ErrorRow(
      "iam", "UpdateRole", ["RoleName": "r", "MaxSessionDuration": 60],
      "400 ValidationError: 1 validation error detected: Value '60' at 'maxSessionDuration' failed to satisfy "
        + "constraint: Member must have value greater than or equal to 3600"),
    ErrorRow(
      "iam", "DeleteUserPermissionsBoundary", ["UserName": "ann"],
      "404 NoSuchEntity: User ann does not have a permissions boundary."),
    ErrorRow(
      "iam", "SimulatePrincipalPolicy",
      ["PolicySourceArn": "arn:aws:iam::111122223333:user/bob", "ActionNames": ["s3:GetObject"]],
      "404 NoSuchEntity: The entity arn:aws:iam::111122223333:user/bob cannot be found."),
    ErrorRow(
      "iam", "SimulateCustomPolicy", ["PolicyInputList": [.string(allow("s3:*"))], "ActionNames": ["s3:*"]],
      "400 InvalidInput: Invalid Input: ActionNames: s3:* is not an action."),
    ErrorRow(
      "sts", "GetAccessKeyInfo", ["AccessKeyId": "AKIANONENONENONENONE"],
      "400 ValidationError: The practice account knows no account that the access key AKIANONENONENONENONE belongs to."
    ),
  ]

  private static func account() async throws -> TestAccount {
    let test = try TestAccount()
    _ = try await test.makeUser("ann")
    try await test.call("iam", "CreateAccessKey", ["UserName": "ann"])
    try await test.call("iam", "CreateGroup", ["GroupName": "g"])
    try await test.call("iam", "AddUserToGroup", ["GroupName": "g", "UserName": "ann"])
    try await test.call("iam", "CreatePolicy", ["PolicyName": "p", "PolicyDocument": .string(allow("s3:*"))])
    for _ in 2...5 {
      try await test.call(
        "iam", "CreatePolicyVersion",
        ["PolicyArn": .string(policy), "PolicyDocument": .string(allow("s3:*"))])
    }
    try await test.call("iam", "AttachUserPolicy", ["UserName": "ann", "PolicyArn": .string(policy)])
    try await test.makeRole("r", trusting: "111122223333", allowing: allow("s3:*"))
    try await test.call("iam", "CreateInstanceProfile", ["InstanceProfileName": "i"])
    try await test.call("iam", "AddRoleToInstanceProfile", ["InstanceProfileName": "i", "RoleName": "r"])
    return test
  }

  @Test func `IAM refuses in its own words`() async throws {
    let test = try await Self.account()
    for row in Self.rows {
      #expect(try await test.error(row.service, row.operation, row.input) == row.expected, "\(row)")
    }
  }

  /// IAM user guide, "Grammar of the IAM JSON policy language"; texts as AWS is known to give them.
  @Test(arguments: [
    ("[]", "Syntax errors in policy."), ("{", "Syntax errors in policy."), ("{}", "Syntax errors in policy."),
    (statement(#""Action":"s3:*","NotAction":"s3:*","Resource":"*""#), "Syntax errors in policy."),
    (statement(#""Sid":1,"Action":"s3:*","Resource":"*""#), "Syntax errors in policy."),
    (
      statement(#""Action":"s3:*","Resource":"*","Condition":{"StringMatches":{"a":"b"}}"#),
      "Syntax errors in policy."
    ),
    (statement(#""Resource":"*""#), "Policy statement must contain actions."),
    (statement(#""Action":"s3:*""#), "Policy statement must contain resources."),
    (
      statement(#""Action":"everything","Resource":"*""#),
      "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    ),
    (statement(#""Action":"s3:a:b","Resource":"*""#), "Actions/Condition can contain only one colon."),
    (statement(#""Action":"s 3:a","Resource":"*""#), "Vendor s 3 is not valid"),
    (statement(#""Action":"s3:*","Resource":"bucket""#), #"Resource bucket must be in ARN format or "*"."#),
    (
      statement(#""Action":"s3:*","Resource":"arn:aw:s3:::b""#),
      #"Partition "aw" is not valid for resource "arn:aw:s3:::b"."#
    ),
    (
      statement(#""Action":"s3:*","Resource":"arn:aws:s3:us-east-1::b""#),
      "Resource arn:aws:s3:us-east-1::b can not contain region information."
    ),
    (
      statement(#""Action":"iam:*","Resource":"arn:aws:iam:us-east-1:1:user/x""#),
      "IAM resource arn:aws:iam:us-east-1:1:user/x cannot contain region information."
    ),
    (
      statement(#""Action":"s3:*","Resource":"*","Principal":"*""#),
      "Policy document should not specify a principal."
    ),
  ])
  func `a policy that is none is refused`(document: String, expected: String) async throws {
    let test = try TestAccount()
    #expect(
      try await test.error(
        "iam", "PutUserPolicy",
        ["UserName": "learner", "PolicyName": "p", "PolicyDocument": .string(document)])
        == "400 MalformedPolicyDocument: \(expected)")
  }

  private static func statement(_ members: String) -> String {
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",\#(members)}]}"#
  }

  @Test func `inline policies share one limit, managed ones have their own`() async throws {
    let test = try TestAccount()
    func long(_ count: Int) -> String { allow("s3:" + String(repeating: "x", count: count)) }
    _ = try await test.call(
      "iam", "PutUserPolicy",
      ["UserName": "learner", "PolicyName": "a", "PolicyDocument": .string(long(1200))])
    #expect(
      try await test.error(
        "iam", "PutUserPolicy",
        ["UserName": "learner", "PolicyName": "b", "PolicyDocument": .string(long(1200))])
        == "409 LimitExceeded: Maximum policy size of 2048 bytes exceeded for user learner")
    #expect(
      try await test.error("iam", "CreatePolicy", ["PolicyName": "p", "PolicyDocument": .string(long(6100))])
        == "409 LimitExceeded: Cannot exceed quota for PolicySize: 6144")
  }

  @Test func `a new role has to come round where a scenario says so`() async throws {
    let test = try TestAccount()
    try await test.makeRole("old", trusting: "111122223333")
    try test.account.play(
      try Scenario(
        json: JSON.parse(
          #"{"name":"slow","title":"t","text":"t","steps":[{"settings":{"propagationDelay":10}}]}"#)))
    try await test.makeRole("r", trusting: "111122223333")
    let input: Value = ["RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "me"]
    let key = try await test.makeKey()
    let policy: Value = [
      "KeyId": .string(key),
      "Policy":
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:role/r"]},"Action":"kms:*","Resource":"*"}]}"#,
    ]
    #expect(try await test.error("sts", "AssumeRole", input).hasPrefix("403 AccessDenied"))
    #expect(
      try await test.error("kms", "PutKeyPolicy", policy).hasPrefix("400 MalformedPolicyDocumentException"))
    try test.account.clock.advance(seconds: 11)
    #expect(try await test.error("sts", "AssumeRole", input) == "none")
    #expect(try await test.error("kms", "PutKeyPolicy", policy) == "none")
  }
}
