import ServiceModels

extension OperationTests {
  private static let allowAll =
    #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#
  private static let trustAccount =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}"#
  private static let power = "arn:aws:iam::aws:policy/PowerUserAccess"
  private static let tag: Value = [["Key": "a", "Value": "b"]]

  /// Users, groups, policies and sessions.
  static let identity: Story = [
    ("iam", "CreateUser", ["UserName": "ann", "Tags": tag], nil), ("iam", "ListUsers", [:], nil),
    ("iam", "UpdateUser", ["UserName": "ann", "NewPath": "/team/"], nil),
    ("iam", "TagUser", ["UserName": "ann", "Tags": tag], nil),
    ("iam", "ListUserTags", ["UserName": "ann"], nil),
    ("iam", "UntagUser", ["UserName": "ann", "TagKeys": ["a"]], nil),
    ("iam", "CreateGroup", ["GroupName": "g"], nil), ("iam", "ListGroups", [:], nil),
    ("iam", "UpdateGroup", ["GroupName": "g", "NewPath": "/team/"], nil),
    ("iam", "AddUserToGroup", ["GroupName": "g", "UserName": "ann"], nil),
    ("iam", "GetGroup", ["GroupName": "g"], nil), ("iam", "ListGroupsForUser", ["UserName": "ann"], nil),
    (
      "iam", "CreatePolicy", ["PolicyName": "p", "PolicyDocument": .string(allowAll)],
      ("Policy.Arn", "policy")
    ),
    ("iam", "GetPolicy", ["PolicyArn": "$policy"], nil), ("iam", "ListPolicies", [:], nil),
    (
      "iam", "CreatePolicyVersion",
      ["PolicyArn": "$policy", "PolicyDocument": .string(allowAll), "SetAsDefault": true], nil
    ),
    ("iam", "GetPolicyVersion", ["PolicyArn": "$policy", "VersionId": "v2"], nil),
    ("iam", "ListPolicyVersions", ["PolicyArn": "$policy"], nil),
    ("iam", "SetDefaultPolicyVersion", ["PolicyArn": "$policy", "VersionId": "v1"], nil),
    ("iam", "DeletePolicyVersion", ["PolicyArn": "$policy", "VersionId": "v2"], nil),
    ("iam", "TagPolicy", ["PolicyArn": "$policy", "Tags": tag], nil),
    ("iam", "ListPolicyTags", ["PolicyArn": "$policy"], nil),
    ("iam", "UntagPolicy", ["PolicyArn": "$policy", "TagKeys": ["a"]], nil),
    ("iam", "AttachUserPolicy", ["UserName": "ann", "PolicyArn": "$policy"], nil),
    ("iam", "AttachGroupPolicy", ["GroupName": "g", "PolicyArn": "$policy"], nil),
    ("iam", "ListAttachedGroupPolicies", ["GroupName": "g"], nil),
    ("iam", "ListEntitiesForPolicy", ["PolicyArn": "$policy"], nil),
    (
      "iam", "PutUserPolicy", ["UserName": "ann", "PolicyName": "i", "PolicyDocument": .string(allowAll)], nil
    ),
    ("iam", "GetUserPolicy", ["UserName": "ann", "PolicyName": "i"], nil),
    ("iam", "ListUserPolicies", ["UserName": "ann"], nil),
    (
      "iam", "PutGroupPolicy", ["GroupName": "g", "PolicyName": "i", "PolicyDocument": .string(allowAll)], nil
    ),
    ("iam", "GetGroupPolicy", ["GroupName": "g", "PolicyName": "i"], nil),
    ("iam", "ListGroupPolicies", ["GroupName": "g"], nil),
    ("iam", "PutUserPermissionsBoundary", ["UserName": "ann", "PermissionsBoundary": .string(power)], nil),
    ("iam", "CreateAccessKey", ["UserName": "ann"], ("AccessKey.AccessKeyId", "key")),
    ("iam", "ListAccessKeys", ["UserName": "ann"], nil),
    ("iam", "UpdateAccessKey", ["UserName": "ann", "AccessKeyId": "$key", "Status": "Inactive"], nil),
    ("iam", "GetAccessKeyLastUsed", ["AccessKeyId": "$key"], nil),
    ("iam", "CreateLoginProfile", ["UserName": "ann", "Password": "x"], ("!NotSupportedService", "")),
    ("iam", "GetLoginProfile", ["UserName": "ann"], ("!NoSuchEntity", "")),
    ("iam", "DeleteLoginProfile", ["UserName": "ann"], ("!NoSuchEntity", "")),
    (
      "iam", "CreateRole", ["RoleName": "r", "AssumeRolePolicyDocument": .string(trustAccount)],
      ("Role.Arn", "role")
    ),
    ("iam", "UpdateRole", ["RoleName": "r", "MaxSessionDuration": 7200], nil),
    ("iam", "UpdateRoleDescription", ["RoleName": "r", "Description": "d"], nil),
    ("iam", "PutRolePermissionsBoundary", ["RoleName": "r", "PermissionsBoundary": .string(power)], nil),
    ("iam", "CreateInstanceProfile", ["InstanceProfileName": "i", "Tags": tag], nil),
    ("iam", "AddRoleToInstanceProfile", ["InstanceProfileName": "i", "RoleName": "r"], nil),
    ("iam", "GetInstanceProfile", ["InstanceProfileName": "i"], nil),
    ("iam", "ListInstanceProfiles", [:], nil),
    ("iam", "TagInstanceProfile", ["InstanceProfileName": "i", "Tags": tag], nil),
    ("iam", "ListInstanceProfileTags", ["InstanceProfileName": "i"], nil),
    ("iam", "UntagInstanceProfile", ["InstanceProfileName": "i", "TagKeys": ["a"]], nil),
    ("iam", "CreateAccountAlias", ["AccountAlias": "lab"], nil),
    ("iam", "DeleteAccountAlias", ["AccountAlias": "lab"], nil),
    ("iam", "UpdateAccountPasswordPolicy", ["MinimumPasswordLength": 12], nil),
    ("iam", "GetAccountPasswordPolicy", [:], nil), ("iam", "DeleteAccountPasswordPolicy", [:], nil),
    ("iam", "GetAccountSummary", [:], nil), ("iam", "GetAccountAuthorizationDetails", [:], nil),
    (
      "iam", "SimulatePrincipalPolicy",
      ["PolicySourceArn": "arn:aws:iam::111122223333:user/team/ann", "ActionNames": ["s3:GetObject"]], nil
    ),
    (
      "iam", "SimulateCustomPolicy",
      ["PolicyInputList": [.string(allowAll)], "ActionNames": ["s3:GetObject"]], nil
    ),
    ("iam", "GetContextKeysForCustomPolicy", ["PolicyInputList": [.string(allowAll)]], nil),
    ("iam", "GetContextKeysForPrincipalPolicy", ["PolicySourceArn": "$role"], nil),
    (
      "sts", "AssumeRole", ["RoleArn": "$role", "RoleSessionName": "me"],
      ("Credentials.AccessKeyId", "session")
    ),
    ("sts", "GetAccessKeyInfo", ["AccessKeyId": "$session"], nil), ("sts", "GetSessionToken", [:], nil),
    ("sts", "GetFederationToken", ["Name": "me"], nil),
    (
      "sts", "DecodeAuthorizationMessage", ["EncodedMessage": "x"],
      ("!InvalidAuthorizationMessageException", "")
    ),
    (
      "sts", "AssumeRoleWithWebIdentity",
      ["RoleArn": "$role", "RoleSessionName": "me", "WebIdentityToken": "none"], ("!InvalidIdentityToken", "")
    ),
    (
      "sts", "AssumeRoleWithSAML",
      [
        "RoleArn": "$role", "PrincipalArn": "arn:aws:iam::111122223333:saml-provider/p",
        "SAMLAssertion": "bm9uZQ==",
      ],
      ("!InvalidIdentityToken", "")
    ),
    // And everything can be taken away.
    ("iam", "RemoveRoleFromInstanceProfile", ["InstanceProfileName": "i", "RoleName": "r"], nil),
    ("iam", "DeleteInstanceProfile", ["InstanceProfileName": "i"], nil),
    ("iam", "DeleteRolePermissionsBoundary", ["RoleName": "r"], nil),
    ("iam", "DeleteRole", ["RoleName": "r"], nil),
    ("iam", "DeleteAccessKey", ["UserName": "ann", "AccessKeyId": "$key"], nil),
    ("iam", "DeleteUserPermissionsBoundary", ["UserName": "ann"], nil),
    ("iam", "DeleteUserPolicy", ["UserName": "ann", "PolicyName": "i"], nil),
    ("iam", "DeleteGroupPolicy", ["GroupName": "g", "PolicyName": "i"], nil),
    ("iam", "DetachUserPolicy", ["UserName": "ann", "PolicyArn": "$policy"], nil),
    ("iam", "DetachGroupPolicy", ["GroupName": "g", "PolicyArn": "$policy"], nil),
    ("iam", "RemoveUserFromGroup", ["GroupName": "g", "UserName": "ann"], nil),
    ("iam", "DeleteGroup", ["GroupName": "g"], nil), ("iam", "DeletePolicy", ["PolicyArn": "$policy"], nil),
    ("iam", "DeleteUser", ["UserName": "ann"], nil),
  ]
}
