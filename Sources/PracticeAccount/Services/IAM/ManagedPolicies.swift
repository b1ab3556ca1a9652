/// AWS managed policies that the practice account knows, by ARN.
///
/// Source: AWS managed policy reference guide. AmazonMacieServiceRolePolicy is there in the part that matters
/// here: it has no KMS action at all, which is why Macie cannot read under a customer managed key.
enum ManagedPolicies {
  static let documents: [String: String] = {
    var documents: [String: String] = [:]
    for (name, text) in texts { documents["arn:aws:iam::aws:policy/\(name)"] = text }
    return documents
  }()

  private static let texts: [String: String] = [
    "AdministratorAccess":
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    "PowerUserAccess": """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],\
    "Resource":"*"},{"Effect":"Allow","Action":["account:GetAccountInformation","account:GetPrimaryEmail",\
    "account:ListRegions","iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles",\
    "organizations:DescribeOrganization"],"Resource":"*"}]}
    """,
    "AmazonS3FullAccess":
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","s3-object-lambda:*"],"Resource":"*"}]}"#,
    "AmazonS3ReadOnlyAccess": """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*","s3:Describe*",\
    "s3-object-lambda:Get*","s3-object-lambda:List*"],"Resource":"*"}]}
    """,
    "AmazonMacieFullAccess": """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["macie2:*"],"Resource":"*"},\
    {"Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":\
    "arn:aws:iam::*:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie",\
    "Condition":{"StringLike":{"iam:AWSServiceName":"macie.amazonaws.com"}}},\
    {"Effect":"Allow","Action":"pricing:GetProducts","Resource":"*"}]}
    """,
    "aws-service-role/AmazonMacieServiceRolePolicy": """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:ListAccountAliases",\
    "organizations:DescribeAccount","organizations:ListAccounts","s3:GetAccountPublicAccessBlock",\
    "s3:ListAllMyBuckets","s3:GetBucketAcl","s3:GetBucketLocation","s3:GetBucketLogging","s3:GetBucketPolicy",\
    "s3:GetBucketPolicyStatus","s3:GetBucketPublicAccessBlock","s3:GetBucketTagging","s3:GetBucketVersioning",\
    "s3:GetBucketWebsite","s3:GetEncryptionConfiguration","s3:GetLifecycleConfiguration",\
    "s3:GetReplicationConfiguration","s3:ListBucket","s3:GetObject","s3:GetObjectAcl","s3:GetObjectTagging"],\
    "Resource":"*"},{"Effect":"Allow","Action":["logs:CreateLogGroup"],\
    "Resource":["arn:aws:logs:*:*:log-group:/aws/macie/*"]},{"Effect":"Allow","Action":["logs:CreateLogStream",\
    "logs:PutLogEvents","logs:DescribeLogStreams"],"Resource":["arn:aws:logs:*:*:log-group:/aws/macie/*:log-stream:*"]}]}
    """,
  ]
}
