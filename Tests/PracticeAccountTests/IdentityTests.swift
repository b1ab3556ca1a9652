import OrderedJSON
import PracticeAccount
import ServiceModels
import SigV4
import Testing
import Wire

extension TestAccount {
  /// Calls with other credentials than the learner's.
  @discardableResult
  func call(
    as key: Credentials, _ service: String, _ operation: String, _ input: Value = [:]
  ) async throws -> Value {
    var request = try request(service, operation, input)
    request.headers["Authorization"] = nil
    let context =
      service == "s3"
      ? SigningContext.s3(region: region, date: clock.now)
      : SigningContext(
        region: region, service: try found(service, operation).model.signingName, date: clock.now)
    let response = await account.respond(to: signed(request, with: key, in: context))
    do {
      return try found(service, operation).response(response)
    } catch ProtocolError.fault(let fault) {
      throw fault
    }
  }

  /// The code and text of the error, as `error(_:_:_:)`.
  func error(
    as key: Credentials, _ service: String, _ operation: String, _ input: Value = [:]
  ) async throws -> String {
    do {
      try await call(as: key, service, operation, input)
      return "none"
    } catch let fault as ServiceFault {
      return "\(fault.httpStatus) \(fault.code): \(fault.message)"
    }
  }

  /// A role that `trusted` may assume, with what it may do.
  func makeRole(_ name: String, trusting principal: String, allowing policy: String? = nil) async throws {
    try await call(
      "iam", "CreateRole",
      [
        "RoleName": .string(name),
        "AssumeRolePolicyDocument": .string(
          #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"\#(principal)"},"#
            + #""Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]}]}"#),
      ])
    if let policy {
      try await call(
        "iam", "PutRolePolicy",
        ["RoleName": .string(name), "PolicyName": "p", "PolicyDocument": .string(policy)])
    }
  }

  func assume(_ role: String, as key: Credentials? = nil, _ more: Fields = [:]) async throws -> Credentials {
    var input: Fields = [
      "RoleArn": .string("arn:aws:iam::111122223333:role/\(role)"), "RoleSessionName": "me",
    ]
    for field in more { input[field.name] = field.value }
    let output =
      try await key == nil
      ? call("sts", "AssumeRole", .object(input))
      : call(as: key ?? account.accessKey, "sts", "AssumeRole", .object(input))
    return try credentials(output)
  }

  func credentials(_ output: Value) throws -> Credentials {
    Credentials(
      accessKeyID: try #require(output.at("Credentials.AccessKeyId")?.string),
      secretAccessKey: try #require(output.at("Credentials.SecretAccessKey")?.string),
      sessionToken: try #require(output.at("Credentials.SessionToken")?.string))
  }

  /// A user with one key.
  func makeUser(_ name: String) async throws -> Credentials {
    try await call("iam", "CreateUser", ["UserName": .string(name)])
    let key = try await call("iam", "CreateAccessKey", ["UserName": .string(name)])
    return Credentials(
      accessKeyID: try #require(key.at("AccessKey.AccessKeyId")?.string),
      secretAccessKey: try #require(key.at("AccessKey.SecretAccessKey")?.string))
  }
}

func allow(_ actions: String..., on resource: String = "*") -> String {
  let list = actions.map { "\"\($0)\"" }.joined(separator: ",")
  return
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[\#(list)],"Resource":"\#(resource)"}]}"#
}

/// Sessions: who gets one, what it may do, when it ends.
struct IdentityTests {
  let test: TestAccount

  init() throws {
    test = try TestAccount()
  }

  private static let account = "111122223333"
  private static let role = "arn:aws:iam::111122223333:role/r"

  @Test func `a session has the rights of its role, whoever assumed it`() async throws {
    try await test.makeRole("r", trusting: Self.account, allowing: allow("s3:ListAllMyBuckets"))
    let session = try await test.assume("r")
    let identity = try await test.call(as: session, "sts", "GetCallerIdentity")
    #expect(identity["Arn"] == "arn:aws:sts::111122223333:assumed-role/r/me")
    #expect(identity["UserId"]?.string?.hasPrefix("AROA") == true)
    #expect(identity["UserId"]?.string?.hasSuffix(":me") == true)
    #expect(try await test.error(as: session, "s3", "ListBuckets") == "none")
    #expect(
      try await test.error(as: session, "kms", "ListKeys")
        == "400 AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/r/me is not authorized to perform: "
        + "kms:ListKeys because no identity-based policy allows the kms:ListKeys action")
  }

  @Test func `session policies only take away`() async throws {
    try await test.makeRole("r", trusting: Self.account, allowing: allow("s3:*"))
    let narrow = try await test.assume("r", ["Policy": .string(allow("kms:*", "s3:ListAllMyBuckets"))])
    #expect(try await test.error(as: narrow, "s3", "ListBuckets") == "none")
    #expect(
      try await test.error(as: narrow, "s3", "CreateBucket", ["Bucket": "lab-1"]).hasSuffix(
        "because no session policy allows the s3:CreateBucket action"))
    // What the role has not, a session policy does not give.
    #expect(try await test.error(as: narrow, "kms", "ListKeys").hasPrefix("400 AccessDeniedException"))
    let managed = try await test.assume(
      "r", ["PolicyArns": [["arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]]])
    #expect(try await test.error(as: managed, "s3", "ListBuckets") == "none")
    #expect(try await test.error(as: managed, "s3", "CreateBucket", ["Bucket": "lab-1"]) != "none")
  }

  @Test func `a boundary fences users and roles`() async throws {
    let ann = try await test.makeUser("ann")
    try await test.call(
      "iam", "AttachUserPolicy",
      ["UserName": "ann", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"])
    #expect(try await test.error(as: ann, "kms", "ListKeys") == "none")
    try await test.call(
      "iam", "PutUserPermissionsBoundary",
      ["UserName": "ann", "PermissionsBoundary": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"])
    #expect(try await test.error(as: ann, "s3", "ListBuckets") == "none")
    #expect(
      try await test.error(as: ann, "kms", "ListKeys").hasSuffix(
        "because no permissions boundary allows the kms:ListKeys action"))
  }

  @Test func `groups and default versions of the account's own policies count`() async throws {
    let ann = try await test.makeUser("ann")
    let policy = try await test.call(
      "iam", "CreatePolicy", ["PolicyName": "p", "PolicyDocument": .string(allow("kms:ListKeys"))])
    let arn = try #require(policy.at("Policy.Arn"))
    try await test.call("iam", "CreateGroup", ["GroupName": "g"])
    try await test.call("iam", "AttachGroupPolicy", ["GroupName": "g", "PolicyArn": arn])
    #expect(try await test.error(as: ann, "kms", "ListKeys") != "none")
    try await test.call("iam", "AddUserToGroup", ["GroupName": "g", "UserName": "ann"])
    #expect(try await test.error(as: ann, "kms", "ListKeys") == "none")
    try await test.call(
      "iam", "CreatePolicyVersion",
      ["PolicyArn": arn, "PolicyDocument": .string(allow("s3:*")), "SetAsDefault": true])
    #expect(try await test.error(as: ann, "kms", "ListKeys") != "none")
    try await test.call("iam", "SetDefaultPolicyVersion", ["PolicyArn": arn, "VersionId": "v1"])
    #expect(try await test.error(as: ann, "kms", "ListKeys") == "none")
  }

  @Test func `a trust policy decides who may assume`() async throws {
    let ann = try await test.makeUser("ann")
    let denied =
      "403 AccessDenied: User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on "
      + "resource: \(Self.role)"
    let input: Value = ["RoleArn": .string(Self.role), "RoleSessionName": "me"]
    // Whether the role exists is nobody's business.
    #expect(try await test.error(as: ann, "sts", "AssumeRole", input) == denied)
    try await test.makeRole("r", trusting: Self.account)
    // The account is trusted; it has not passed that on to ann.
    #expect(try await test.error(as: ann, "sts", "AssumeRole", input) == denied)
    let trust =
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/ann"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"42"}}}]}"#
    try await test.call("iam", "UpdateAssumeRolePolicy", ["RoleName": "r", "PolicyDocument": .string(trust)])
    #expect(try await test.error(as: ann, "sts", "AssumeRole", input) == denied)
    #expect(
      try await test.error(
        as: ann, "sts", "AssumeRole",
        ["RoleArn": .string(Self.role), "RoleSessionName": "me", "ExternalId": "42"]) == "none")
    // Not even an administrator gets past the trust policy.
    #expect(try await test.error("sts", "AssumeRole", input).hasPrefix("403 AccessDenied"))
  }

  @Test func `a session ends on the account's own clock`() async throws {
    try await test.makeRole("r", trusting: Self.account, allowing: allow("*"))
    let session = try await test.assume("r", ["DurationSeconds": 900])
    try test.account.clock.advance(seconds: 899)
    #expect(try await test.error(as: session, "sts", "GetCallerIdentity") == "none")
    try test.account.clock.advance(seconds: 2)
    let text = "The security token included in the request is expired"
    for (service, operation, expected) in [
      ("sts", "GetCallerIdentity", "403 ExpiredToken: \(text)"),
      ("iam", "ListRoles", "403 ExpiredToken: \(text)"),
      ("kms", "ListKeys", "400 ExpiredTokenException: \(text)"),
      ("macie2", "GetMacieSession", "403 ExpiredTokenException: \(text)"),
      ("s3", "ListBuckets", "400 ExpiredToken: The provided token has expired."),
      ("ec2", "DescribeVpcs", "400 RequestExpired: Request has expired."),
    ] {
      #expect(try await test.error(as: session, service, operation) == expected)
    }
  }

  @Test func `temporary credentials need their own token`() async throws {
    try await test.makeRole("r", trusting: Self.account)
    let session = try await test.assume("r")
    var bare = session
    bare.sessionToken = nil
    #expect(try await test.error(as: bare, "sts", "GetCallerIdentity").hasPrefix("403 InvalidClientTokenId"))
    #expect(try await test.error(as: bare, "s3", "ListBuckets").hasPrefix("403 InvalidAccessKeyId"))
    var wrong = session
    wrong.sessionToken = "x"
    #expect(try await test.error(as: wrong, "sts", "GetCallerIdentity").hasPrefix("403 InvalidClientTokenId"))
    #expect(try await test.error(as: wrong, "s3", "ListBuckets").hasPrefix("400 InvalidToken"))
    let stray = Credentials(
      accessKeyID: test.account.accessKey.accessKeyID,
      secretAccessKey: test.account.accessKey.secretAccessKey,
      sessionToken: "x")
    #expect(try await test.error(as: stray, "s3", "ListBuckets").hasPrefix("400 InvalidToken"))
  }

  @Test func `a chain of roles lasts an hour and hands transitive tags on`() async throws {
    try await test.makeRole("a", trusting: Self.account, allowing: allow("sts:*"))
    try await test.makeRole(
      "b", trusting: "arn:aws:iam::111122223333:role/a",
      allowing:
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"red"}}}]}"#
    )
    try await test.call("iam", "UpdateRole", ["RoleName": "b", "MaxSessionDuration": 7200])
    let first = try await test.assume(
      "a",
      ["Tags": [["Key": "team", "Value": "red"]], "TransitiveTagKeys": ["team"], "SourceIdentity": "ann"])
    #expect(
      try await test.error(
        as: first, "sts", "AssumeRole",
        [
          "RoleArn": "arn:aws:iam::111122223333:role/b", "RoleSessionName": "me", "DurationSeconds": 7200,
        ])
        == "400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
        + "chaining")
    let second = try await test.assume("b", as: first)
    #expect(try await test.error(as: second, "kms", "ListKeys") == "none")
  }

  @Test(
    arguments: [
      (["DurationSeconds": 899], "Value '899' at 'durationSeconds' failed"),
      (["DurationSeconds": 43_201], "Value '43201' at 'durationSeconds' failed"),
      (
        ["DurationSeconds": 3601],
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
      ),
      (["RoleSessionName": "a b"], "Value 'a b' at 'roleSessionName' failed"),
      (["RoleSessionName": "a"], "Member must have length greater than or equal to 2"),
      (
        ["RoleArn": "arn:aws:iam::111122223333:user/learner"],
        "arn:aws:iam::111122223333:user/learner is invalid"
      ),
      (["Policy": "{"], "MalformedPolicyDocument"),
      (
        ["TransitiveTagKeys": ["a"]],
        "The specified transitive tag key must be included in the requested tags."
      ),
      (
        ["SerialNumber": "arn:aws:iam::111122223333:mfa/x", "TokenCode": "123456"],
        "MultiFactorAuthentication failed"
      ),
    ] as [(Fields, String)])
  func `what AssumeRole cannot do is said`(more: Fields, expected: String) async throws {
    try await test.makeRole("r", trusting: Self.account)
    var input: Fields = ["RoleArn": .string(Self.role), "RoleSessionName": "me"]
    for field in more { input[field.name] = field.value }
    let error = try await test.error("sts", "AssumeRole", .object(input))
    #expect(error.contains(expected), "\(error)")
  }

  @Test func `a user's session is the user, but nobody to IAM`() async throws {
    let session = try test.credentials(try await test.call("sts", "GetSessionToken"))
    #expect(
      try await test.call(as: session, "sts", "GetCallerIdentity")["Arn"]
        == "arn:aws:iam::111122223333:user/learner")
    #expect(try await test.error(as: session, "kms", "ListKeys") == "none")
    #expect(try await test.error(as: session, "iam", "ListRoles").hasPrefix("403 InvalidClientTokenId"))
    #expect(
      try await test.error(as: session, "sts", "GetSessionToken")
        == "403 AccessDenied: Cannot call GetSessionToken with session credentials")
  }

  @Test func `a federated user has what was passed`() async throws {
    let none = try test.credentials(try await test.call("sts", "GetFederationToken", ["Name": "guest"]))
    #expect(try await test.error(as: none, "kms", "ListKeys") != "none")
    let some = try test.credentials(
      try await test.call(
        "sts", "GetFederationToken", ["Name": "guest", "Policy": .string(allow("kms:ListKeys"))]))
    #expect(try await test.error(as: some, "kms", "ListKeys") == "none")
    #expect(
      try await test.call(as: some, "sts", "GetCallerIdentity")["Arn"]
        == "arn:aws:sts::111122223333:federated-user/guest")
  }

  @Test func `the root user may everything but assume roles`() async throws {
    try test.account.play(
      try Scenario(json: JSON.parse(#"{"name":"root","title":"t","steps":[{"session":{"root":true}}]}"#)))
    #expect(
      try await test.call("sts", "GetCallerIdentity")
        == ["UserId": "111122223333", "Account": "111122223333", "Arn": "arn:aws:iam::111122223333:root"])
    #expect(try await test.call("iam", "GetUser").at("User.Arn") == "arn:aws:iam::111122223333:root")
    try await test.makeRole("r", trusting: Self.account)
    #expect(
      try await test.error("sts", "AssumeRole", ["RoleArn": .string(Self.role), "RoleSessionName": "me"])
        == "403 AccessDenied: Roles may not be assumed by root accounts.")
    #expect(
      try await test.call("iam", "GetAccountSummary").at("SummaryMap.AccountAccessKeysPresent") == 1)
  }

  @Test func `an inactive key is no key`() async throws {
    let ann = try await test.makeUser("ann")
    #expect(try await test.error(as: ann, "sts", "GetCallerIdentity") == "none")
    let use = try await test.call("iam", "GetAccessKeyLastUsed", ["AccessKeyId": .string(ann.accessKeyID)])
    #expect(use.at("AccessKeyLastUsed.ServiceName") == "sts")
    try await test.call(
      "iam", "UpdateAccessKey",
      ["UserName": "ann", "AccessKeyId": .string(ann.accessKeyID), "Status": "Inactive"])
    #expect(try await test.error(as: ann, "sts", "GetCallerIdentity").hasPrefix("403 InvalidClientTokenId"))
  }

  @Test func `sessions outlive the server`() async throws {
    let store = MemoryStore()
    let first = try TestAccount(store: store)
    try await first.makeRole("r", trusting: Self.account)
    let session = try await first.assume("r")
    let second = try TestAccount(store: store)
    #expect(try await second.error(as: session, "sts", "GetCallerIdentity") == "none")
  }

  @Test func `EC2's denial can be decoded`() async throws {
    let ann = try await test.makeUser("ann")
    try await test.call(
      "iam", "PutUserPolicy",
      [
        "UserName": "ann", "PolicyName": "p",
        "PolicyDocument":
          #"{"Version":"2012-10-17","Statement":[{"Sid":"No","Effect":"Deny","Action":"ec2:*","Resource":"*"}]}"#,
      ])
    let error = try await test.error(as: ann, "ec2", "DescribeVpcs")
    #expect(
      error.hasPrefix("403 UnauthorizedOperation: You are not authorized to perform this operation. User: "))
    let message = try #require(error.components(after: "Encoded authorization failure message: "))
    let decoded = try await test.call(
      "sts", "DecodeAuthorizationMessage", ["EncodedMessage": .string(message)])
    let json = try JSON.parse(try #require(decoded["DecodedMessage"]?.string))
    #expect(json["allowed"] == .bool(false))
    #expect(json["explicitDeny"] == .bool(true))
    #expect(json["matchedStatements"]?["items"]?.array?.first?["statementId"] == "No")
    #expect(json["context"]?["action"] == "ec2:DescribeVpcs")
    #expect(json["context"]?["principal"]?["arn"] == "arn:aws:iam::111122223333:user/ann")
    // Whoever may not decode does not.
    #expect(
      try await test.error(
        as: ann, "sts", "DecodeAuthorizationMessage", ["EncodedMessage": .string(message)])
        == "403 AccessDenied: User: arn:aws:iam::111122223333:user/ann is not authorized to perform: "
        + "sts:DecodeAuthorizationMessage")
    #expect(
      try await test.error(
        "sts", "DecodeAuthorizationMessage", ["EncodedMessage": .string(String(message.reversed()))]
      )
      .hasPrefix("400 InvalidAuthorizationMessageException"))
  }

  @Test func `who comes with another's voucher need not sign`() async throws {
    let payload = "eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUuY29tIn0"
    var request = try test.request(
      "sts", "AssumeRoleWithWebIdentity",
      [
        "RoleArn": .string(Self.role), "RoleSessionName": "me",
        "WebIdentityToken": .string("e30.\(payload).c2ln"),
      ])
    request.headers["Authorization"] = nil
    do {
      _ = try test.found("sts", "AssumeRoleWithWebIdentity")
        .response(await test.account.respond(to: request))
    } catch ProtocolError.fault(let fault) {
      #expect(fault.code == "InvalidIdentityToken")
      #expect(fault.message == "No OpenIDConnect provider found in your account for https://id.example.com")
    }
  }
}

extension String {
  /// What follows the first `mark`.
  func components(after mark: String) -> String? {
    var rest = Substring(self)
    while !rest.isEmpty {
      if rest.hasPrefix(mark) { return String(rest.dropFirst(mark.count)) }
      rest = rest.dropFirst()
    }
    return nil
  }
}
