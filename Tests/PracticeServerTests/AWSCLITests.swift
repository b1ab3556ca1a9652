import PracticeAccount
import PracticeServer
import Testing

/// The outside judge: AWS CLI v2, unmodified, runs the source lab's commands and meets its errors.
@Suite(.enabled(if: awsCLI != nil, "no AWS CLI v2 on this machine"), .serialized)
struct AWSCLITests {
  private static let steps: [CommandRow] = [
    CommandRow("aws sts get-caller-identity", 0, #""Arn": "arn:aws:iam::111122223333:user/learner""#),
    CommandRow(
      #"LAB_KEY=$(aws kms create-key --description "Encryption Key for AI Training Data" --query KeyMetadata.KeyId --output text); echo $LAB_KEY"#,
      0, "^[0-9a-f-]{36}\n$"),
    CommandRow("aws kms create-alias --alias-name alias/ai-lab-key --target-key-id $LAB_KEY"),
    CommandRow(
      "aws kms create-alias --alias-name alias/ai-lab-key --target-key-id $LAB_KEY", 254,
      error:
        "An error occurred (AlreadyExistsException) when calling the CreateAlias operation: An alias with the name "
        + "arn:aws:kms:us-east-1:111122223333:alias/ai-lab-key already exists"),
    CommandRow(
      "LAB_BUCKET=brainybee-ai-data-111122223333; aws s3api create-bucket --bucket $LAB_BUCKET --region us-east-1",
      0,
      #""Location": "/brainybee-ai-data-111122223333""#),
    CommandRow(
      #"""
      aws s3api put-bucket-encryption --bucket $LAB_BUCKET --server-side-encryption-configuration '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "'"$LAB_KEY"'"}, "BucketKeyEnabled": true}]}'
      """#),
    CommandRow(
      """
      echo "Name,Email,SSN,CreditScore
      John Doe,john@example.com,000-11-2222,750
      Jane Smith,jane.smith@email.com,999-88-7777,810" > raw_training_data.csv
      aws s3 cp raw_training_data.csv s3://$LAB_BUCKET/
      """, 0,
      #"upload: \./raw_training_data\.csv to s3://brainybee-ai-data-111122223333/raw_training_data\.csv"#),
    CommandRow(
      "aws macie2 list-findings", 254,
      error: "(AccessDeniedException) when calling the ListFindings operation: Macie is not enabled"),
    CommandRow("aws macie2 enable-macie"),
    CommandRow(
      "aws macie2 enable-macie", 254,
      error: "(ConflictException) when calling the EnableMacie operation: Macie has already been enabled"),
    CommandRow(
      #"""
      LAB_JOB=$(aws macie2 create-classification-job --job-type ONE_TIME --name "AI-Dataset-PII-Scan" --s3-job-definition '{"bucketDefinitions":[{"accountId":"111122223333","buckets":["'$LAB_BUCKET'"]}]}' --query jobId --output text); echo $LAB_JOB
      """#, 0, "^[0-9a-f]{32}\n$"),
    CommandRow(
      #"""
      cat <<EoF > trust-policy.json
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
      EoF
      aws iam create-role --role-name AILab-SageMaker-ExecutionRole --assume-role-policy-document file://trust-policy.json
      """#, 0, #""Service": "sagemaker.amazonaws.com""#),
    CommandRow(
      #"""
      cat <<EoF > ai-access-policy.json
      {"Version": "2012-10-17", "Statement": [
       {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::$LAB_BUCKET", "arn:aws:s3:::$LAB_BUCKET/*"]},
       {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": "arn:aws:kms:us-east-1:111122223333:key/$LAB_KEY"}]}
      EoF
      aws iam put-role-policy --role-name AILab-SageMaker-ExecutionRole --policy-name AI-Data-Access --policy-document file://ai-access-policy.json
      """#),
    CommandRow("aws s3api get-bucket-encryption --bucket $LAB_BUCKET", 0, #""SSEAlgorithm": "aws:kms""#),
    CommandRow(
      "aws s3api head-object --bucket $LAB_BUCKET --key raw_training_data.csv", 0,
      #"(?s)"ContentLength": 117,.*"SSEKMSKeyId": "arn:aws:kms:us-east-1:111122223333:key/"#),
    CommandRow("aws s3 ls s3://$LAB_BUCKET", 0, "       117 raw_training_data.csv\n$"),
  ]

  private static let teardown: [CommandRow] = [
    CommandRow(
      "aws macie2 describe-classification-job --job-id $LAB_JOB --query jobStatus --output text", 0,
      "^COMPLETE\n$"),
    CommandRow("aws macie2 list-findings", 0, #""findingIds": \[\]"#),
    CommandRow("aws macie2 disable-macie"),
    CommandRow(
      "aws s3api delete-bucket --bucket $LAB_BUCKET", 254,
      error:
        "(BucketNotEmpty) when calling the DeleteBucket operation: The bucket you tried to delete is not empty"
    ),
    CommandRow(
      "aws s3 rm s3://$LAB_BUCKET/raw_training_data.csv", 0,
      "^delete: s3://brainybee-ai-data-111122223333/raw_training_data.csv\n$"),
    CommandRow("aws s3api delete-bucket --bucket $LAB_BUCKET"),
    CommandRow(
      "aws s3api get-bucket-encryption --bucket $LAB_BUCKET", 254,
      error:
        "(NoSuchBucket) when calling the GetBucketEncryption operation: The specified bucket does not exist"),
    CommandRow(
      "aws s3api head-bucket --bucket $LAB_BUCKET", 254,
      error: "An error occurred (404) when calling the HeadBucket operation: Not Found"),
    CommandRow(
      "aws kms schedule-key-deletion --key-id $LAB_KEY --pending-window-in-days 7", 0,
      #""KeyState": "PendingDeletion""#),
    CommandRow("aws kms delete-alias --alias-name alias/ai-lab-key"),
    CommandRow(
      "aws iam delete-role --role-name AILab-SageMaker-ExecutionRole", 254,
      error:
        "(DeleteConflict) when calling the DeleteRole operation: Cannot delete entity, must delete policies first."
    ),
    CommandRow(
      "aws iam delete-role-policy --role-name AILab-SageMaker-ExecutionRole --policy-name AI-Data-Access"),
    CommandRow("aws iam delete-role --role-name AILab-SageMaker-ExecutionRole"),
    CommandRow(
      "aws iam delete-service-linked-role --role-name AWSServiceRoleForAmazonMacie", 0, "DeletionTaskId"),
    CommandRow("aws logs delete-log-group --log-group-name /aws/macie/classificationjobs"),
    CommandRow(
      "AWS_ACCESS_KEY_ID=AKIAWRONG aws sts get-caller-identity", 254,
      error:
        "(InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the "
        + "request is invalid."),
  ]

  @Test func theSourceLabRunsFromFirstStepToEmptyAccount() async throws {
    let aws = try #require(awsCLI)
    try await withServer { account, server in
      let fresh = account.dump()
      let session = try CommandSession(server)
      try await session.run(Self.steps, aws: aws, endpoint: server.endpointURL)
      try account.clock.advance(seconds: 600)
      try await session.run(Self.teardown, aws: aws, endpoint: server.endpointURL)
      #expect(account.dump() == fresh)
      let remark = try #require(account.remarks(since: 0).last)
      #expect(remark.text.contains("Even if Macie could read"))
    }
  }
}
