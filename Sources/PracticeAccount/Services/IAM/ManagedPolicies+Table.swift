extension ManagedPolicies {
  private static let passToSageMaker =
    #"{"StringEquals":{"iam:PassedToService":["glue.amazonaws.com","robomaker.amazonaws.com","states.amazonaws.com","sagemaker.amazonaws.com"]}}"#

  private static let looking = """
    s3:GetAccountPublicAccessBlock s3:GetBucket* s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration \
    s3:GetReplicationConfiguration s3:ListAllMyBuckets s3:ListBucket
    """

  static let table: [ManagedPolicy] = [
    ManagedPolicy(
      "AdministratorAccess", "Provides full access to AWS services and resources.", [.allow("*")]),
    ManagedPolicy(
      "PowerUserAccess",
      "Provides full access to AWS services and resources, but does not allow management of Users and groups.",
      [
        .allowAll(but: "iam:* organizations:* account:*"),
        .allow(
          """
          account:GetAccountInformation account:GetPrimaryEmail account:ListRegions iam:CreateServiceLinkedRole \
          iam:DeleteServiceLinkedRole iam:ListRoles organizations:DescribeOrganization
          """),
      ]),
    ManagedPolicy(
      "ReadOnlyAccess", "Provides read-only access to AWS services and resources.",
      [
        .allow(
          """
          access-analyzer:Get* access-analyzer:List* autoscaling:Describe* cloudformation:Describe* \
          cloudformation:Get* cloudformation:List* cloudtrail:Describe* cloudtrail:Get* cloudtrail:List* \
          cloudtrail:LookupEvents cloudwatch:Describe* cloudwatch:Get* cloudwatch:List* config:Describe* \
          config:Get* config:List* dynamodb:BatchGet* dynamodb:Describe* dynamodb:Get* dynamodb:List* \
          dynamodb:Query dynamodb:Scan ec2:Describe* ec2:Get* ec2:SearchTransitGatewayRoutes ecr:BatchGet* \
          ecr:Describe* ecr:Get* ecr:List* ecs:Describe* ecs:List* elasticloadbalancing:Describe* \
          iam:Generate* iam:Get* iam:List* iam:Simulate* kms:Describe* kms:Get* kms:List* lambda:Get* \
          lambda:List* logs:Describe* logs:FilterLogEvents logs:Get* logs:ListTagsLogGroup logs:StartQuery \
          logs:StopQuery logs:TestMetricFilter macie2:BatchGetCustomDataIdentifiers macie2:Describe* macie2:Get* \
          macie2:List* rds:Describe* rds:List* resource-groups:Get* resource-groups:List* s3:Describe* s3:Get* \
          s3:List* sagemaker:Describe* sagemaker:GetSearchSuggestions sagemaker:List* sagemaker:Search \
          sns:Get* sns:List* sqs:Get* sqs:List* sqs:Receive* ssm:Describe* ssm:Get* ssm:List* \
          sts:GetAccessKeyInfo sts:GetCallerIdentity sts:GetSessionToken tag:Get*
          """)
      ]),
    ManagedPolicy(
      "ViewOnlyAccess", path: "/job-function/",
      "This policy grants permissions to view resources and basic metadata across all AWS services.",
      [
        .allow(
          """
          cloudtrail:DescribeTrails cloudtrail:LookupEvents cloudwatch:Describe* cloudwatch:List* \
          dynamodb:ListTables ec2:Describe* ecr:DescribeRepositories ecs:List* elasticloadbalancing:Describe* \
          iam:GetAccountSummary iam:GetLoginProfile iam:List* kms:ListAliases kms:ListKeys lambda:List* \
          logs:Describe* macie2:List* rds:Describe* s3:ListAllMyBuckets s3:ListBucket sagemaker:Describe* \
          sagemaker:List* sns:List* sqs:ListQueues tag:Get*
          """)
      ]),
    ManagedPolicy(
      "SecurityAudit", "The security audit template grants access to read security configuration metadata.",
      [
        .allow(
          """
          access-analyzer:Get* access-analyzer:List* cloudtrail:Describe* cloudtrail:GetEventSelectors \
          cloudtrail:GetTrailStatus cloudtrail:ListTags cloudtrail:LookupEvents cloudwatch:Describe* \
          config:Describe* config:Get* ec2:Describe* ecr:DescribeRepositories ecr:GetRepositoryPolicy \
          elasticloadbalancing:Describe* guardduty:Get* guardduty:List* iam:GenerateCredentialReport \
          iam:GenerateServiceLastAccessedDetails iam:Get* iam:List* iam:SimulateCustomPolicy \
          iam:SimulatePrincipalPolicy kms:Describe* kms:GetKeyPolicy kms:GetKeyRotationStatus kms:List* \
          lambda:GetPolicy lambda:List* logs:Describe* logs:ListTagsLogGroup macie2:Get* macie2:List* \
          rds:Describe* s3:GetBucket* s3:GetAccountPublicAccessBlock s3:GetEncryptionConfiguration \
          s3:GetLifecycleConfiguration s3:GetObjectAcl s3:GetObjectVersionAcl s3:GetReplicationConfiguration \
          s3:ListAllMyBuckets sagemaker:Describe* sagemaker:List* sns:GetTopicAttributes sns:List* \
          sqs:GetQueueAttributes sqs:ListQueues tag:GetResources tag:GetTagKeys
          """)
      ]),
    ManagedPolicy(
      "IAMFullAccess", "Provides full access to IAM via the AWS Management Console.",
      [
        .allow(
          """
          iam:* organizations:DescribeAccount organizations:DescribeOrganization \
          organizations:DescribeOrganizationalUnit organizations:DescribePolicy organizations:ListChildren \
          organizations:ListParents organizations:ListPoliciesForTarget organizations:ListPolicies \
          organizations:ListRoots organizations:ListTargetsForPolicy
          """)
      ]),
    ManagedPolicy(
      "IAMReadOnlyAccess", "Provides read only access to IAM via the AWS Management Console.",
      [
        .allow(
          """
          iam:GenerateCredentialReport iam:GenerateServiceLastAccessedDetails iam:Get* iam:List* \
          iam:SimulateCustomPolicy iam:SimulatePrincipalPolicy
          """)
      ]),
    ManagedPolicy(
      "IAMUserChangePassword", "Provides the ability for an IAM user to change their own password.",
      [
        .allow("iam:ChangePassword", on: "arn:aws:iam::*:user/${aws:username}"),
        .allow("iam:GetAccountPasswordPolicy"),
      ]),
    ManagedPolicy(
      "AWSKeyManagementServicePowerUser", "Provides access to AWS Key Management Service (KMS).",
      [
        .allow(
          """
          kms:CreateAlias kms:CreateKey kms:DeleteAlias kms:Describe* kms:GenerateRandom kms:Get* kms:List* \
          kms:TagResource kms:UntagResource iam:ListGroups iam:ListRoles iam:ListUsers
          """)
      ]),
    ManagedPolicy(
      "AmazonS3FullAccess", "Provides full access to all buckets via the AWS Management Console.",
      [
        .allow("s3:* s3-object-lambda:*")
      ]),
    ManagedPolicy(
      "AmazonS3ReadOnlyAccess", "Provides read only access to all buckets via the AWS Management Console.",
      [.allow("s3:Get* s3:List* s3:Describe* s3-object-lambda:Get* s3-object-lambda:List*")]),
    ManagedPolicy(
      "AmazonMacieFullAccess", "Provides full access to Amazon Macie.",
      [
        .allow("macie2:*"),
        .allow(
          "iam:CreateServiceLinkedRole",
          on: "arn:aws:iam::*:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie",
          when: #"{"StringLike":{"iam:AWSServiceName":"macie.amazonaws.com"}}"#),
        .allow("pricing:GetProducts"),
      ]),
    ManagedPolicy(
      "AmazonMacieReadOnlyAccess", "Provides read-only access to Amazon Macie.",
      [
        .allow(
          "macie2:Describe* macie2:Get* macie2:List* macie2:BatchGetCustomDataIdentifiers macie2:SearchResources"
        )
      ]),
    ManagedPolicy(
      "CloudWatchLogsFullAccess", "Provides full access to CloudWatch Logs.",
      [
        .allow("logs:* cloudwatch:GenerateQuery")
      ]),
    ManagedPolicy(
      "CloudWatchLogsReadOnlyAccess", "Provides read only access to CloudWatch Logs.",
      [
        .allow(
          """
          logs:Describe* logs:Get* logs:List* logs:StartQuery logs:StopQuery logs:TestMetricFilter \
          logs:FilterLogEvents logs:StartLiveTail logs:StopLiveTail cloudwatch:GenerateQuery
          """)
      ]),
    ManagedPolicy(
      "CloudWatchReadOnlyAccess", "Provides read only access to CloudWatch.",
      [
        .allow(
          """
          autoscaling:Describe* cloudwatch:BatchGet* cloudwatch:Describe* cloudwatch:Get* cloudwatch:List* logs:Get* \
          logs:List* logs:StartQuery logs:StopQuery logs:Describe* logs:TestMetricFilter logs:FilterLogEvents sns:Get* \
          sns:List*
          """)
      ]),
    ManagedPolicy(
      "AWSCloudTrail_ReadOnlyAccess", "Provides read only access to AWS CloudTrail.",
      [
        .allow(
          """
          cloudtrail:Get* cloudtrail:Describe* cloudtrail:List* cloudtrail:LookupEvents s3:ListAllMyBuckets \
          kms:ListAliases lambda:ListFunctions
          """)
      ]),
    ManagedPolicy(
      "ResourceGroupsandTagEditorFullAccess", "Provides full access to Resource Groups and Tag Editor.",
      [.allow("tag:* resource-groups:* cloudformation:DescribeStacks cloudformation:ListStackResources")]),
    ManagedPolicy(
      "AmazonEC2FullAccess", "Provides full access to Amazon EC2 via the AWS Management Console.",
      [
        .allow("ec2:*"), .allow("elasticloadbalancing:*"), .allow("cloudwatch:*"), .allow("autoscaling:*"),
        .allow(
          "iam:CreateServiceLinkedRole",
          when:
            #"{"StringEquals":{"iam:AWSServiceName":["autoscaling.amazonaws.com","ec2scheduled.amazonaws.com","elasticloadbalancing.amazonaws.com","spot.amazonaws.com","spotfleet.amazonaws.com","transitgateway.amazonaws.com"]}}"#
        ),
      ]),
    ManagedPolicy(
      "AmazonEC2ReadOnlyAccess", "Provides read only access to Amazon EC2 via the AWS Management Console.",
      [
        .allow(
          """
          ec2:Describe* ec2:GetSecurityGroupsForVpc elasticloadbalancing:Describe* cloudwatch:ListMetrics \
          cloudwatch:GetMetricStatistics cloudwatch:Describe* autoscaling:Describe*
          """)
      ]),
    ManagedPolicy(
      "AmazonVPCFullAccess", "Provides full access to Amazon VPC.",
      [
        .allow(
          """
          ec2:Accept* ec2:AllocateAddress ec2:Associate* ec2:Attach* ec2:Authorize* ec2:Create* ec2:Delete* \
          ec2:Describe* ec2:Detach* ec2:Disable* ec2:Disassociate* ec2:Enable* ec2:Get* ec2:Modify* ec2:Move* \
          ec2:Reject* ec2:Release* ec2:Replace* ec2:Reset* ec2:Restore* ec2:Revoke* ec2:Search* \
          ec2:UnassignPrivateIpAddresses ec2:UpdateSecurityGroupRule*
          """)
      ]),
    ManagedPolicy(
      "AmazonVPCReadOnlyAccess", "Provides read only access to Amazon VPC.",
      [
        .allow(
          """
          ec2:DescribeAddresses ec2:DescribeAvailabilityZones ec2:DescribeNetworkAcls ec2:DescribeNetworkInterfaces \
          ec2:DescribePrefixLists ec2:DescribeRouteTables ec2:DescribeSecurityGroups ec2:DescribeSubnets \
          ec2:DescribeTags ec2:DescribeVpc* ec2:GetSecurityGroupsForVpc
          """)
      ]),
    ManagedPolicy(
      "AmazonSageMakerFullAccess",
      "Provides full access to Amazon SageMaker via the AWS Management Console and SDK.",
      [
        .allow("sagemaker:* sagemaker-geospatial:*"),
        .allow(
          """
          application-autoscaling:* cloudwatch:DeleteAlarms cloudwatch:DescribeAlarms cloudwatch:GetMetricData \
          cloudwatch:GetMetricStatistics cloudwatch:ListMetrics cloudwatch:PutMetricAlarm cloudwatch:PutMetricData \
          ec2:CreateNetworkInterface ec2:CreateNetworkInterfacePermission ec2:CreateVpcEndpoint \
          ec2:DeleteNetworkInterface ec2:DeleteNetworkInterfacePermission ec2:DescribeDhcpOptions \
          ec2:DescribeNetworkInterfaces ec2:DescribeRouteTables ec2:DescribeSecurityGroups ec2:DescribeSubnets \
          ec2:DescribeVpcEndpoints ec2:DescribeVpcs ecr:BatchCheckLayerAvailability ecr:BatchGetImage \
          ecr:CreateRepository ecr:Describe* ecr:GetAuthorizationToken ecr:GetDownloadUrlForLayer \
          ecr:StartImageScan iam:ListRoles kms:DescribeKey kms:ListAliases logs:CreateLogDelivery \
          logs:CreateLogGroup logs:CreateLogStream logs:DeleteLogDelivery logs:Describe* logs:GetLogDelivery \
          logs:GetLogEvents logs:ListLogDeliveries logs:PutLogEvents logs:PutResourcePolicy \
          logs:UpdateLogDelivery sns:ListTopics tag:GetResources
          """),
        .allow(
          "s3:GetObject s3:PutObject s3:DeleteObject s3:AbortMultipartUpload",
          on:
            "arn:aws:s3:::*SageMaker* arn:aws:s3:::*Sagemaker* arn:aws:s3:::*sagemaker* arn:aws:s3:::*aws-glue*"
        ),
        .allow(
          "s3:GetObject", when: #"{"StringEqualsIgnoreCase":{"s3:ExistingObjectTag/SageMaker":"true"}}"#),
        .allow(
          """
          s3:CreateBucket s3:GetBucketLocation s3:ListBucket s3:ListAllMyBuckets s3:GetBucketCors s3:PutBucketCors
          """),
        .allow("iam:PassRole", on: "arn:aws:iam::*:role/*AmazonSageMaker*", when: passToSageMaker),
        .allow(
          "iam:CreateServiceLinkedRole",
          on:
            "arn:aws:iam::*:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
          when:
            #"{"StringLike":{"iam:AWSServiceName":"sagemaker.application-autoscaling.amazonaws.com"}}"#),
      ]),
    ManagedPolicy(
      "AmazonSageMakerReadOnly",
      "Provides read only access to Amazon SageMaker via the AWS Management Console and SDK.",
      [
        .allow(
          """
          sagemaker:Describe* sagemaker:List* sagemaker:BatchGetMetrics sagemaker:GetDeviceRegistration \
          sagemaker:GetSearchSuggestions sagemaker:BatchGetRecord sagemaker:GetRecord sagemaker:Search \
          application-autoscaling:Describe* cloudwatch:DescribeAlarms iam:ListRoles kms:DescribeKey \
          kms:ListAliases logs:Describe* logs:GetLogEvents
          """)
      ]),
    ManagedPolicy(
      "AmazonSSMManagedInstanceCore", "The policy for Amazon EC2 Role to enable AWS Systems Manager.",
      [
        .allow(
          """
          ssm:DescribeAssociation ssm:GetDeployablePatchSnapshotForInstance ssm:GetDocument ssm:DescribeDocument \
          ssm:GetManifest ssm:GetParameter ssm:GetParameters ssm:ListAssociations ssm:ListInstanceAssociations \
          ssm:PutInventory ssm:PutComplianceItems ssm:PutConfigurePackageResult ssm:UpdateAssociationStatus \
          ssm:UpdateInstanceAssociationStatus ssm:UpdateInstanceInformation ssmmessages:CreateControlChannel \
          ssmmessages:CreateDataChannel ssmmessages:OpenControlChannel ssmmessages:OpenDataChannel \
          ec2messages:AcknowledgeMessage ec2messages:DeleteMessage ec2messages:FailMessage ec2messages:GetEndpoint \
          ec2messages:GetMessages ec2messages:SendReply
          """)
      ]),
    ManagedPolicy(
      "AmazonDynamoDBFullAccess", "Provides full access to Amazon DynamoDB.",
      [
        .allow("dynamodb:* dax:* cloudwatch:GetMetricStatistics cloudwatch:ListMetrics kms:DescribeKey")
      ]),
    ManagedPolicy(
      "AWSLambdaBasicExecutionRole", path: "/service-role/",
      "Provides write permissions to CloudWatch Logs.",
      [.allow("logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents")]),
  ]

  /// Policies that only a service's own role has.
  static let serviceRoleTable: [ManagedPolicy] = [
    role(
      "AmazonMacieServiceRolePolicy",
      [
        .allow(
          """
          iam:ListAccountAliases organizations:DescribeAccount organizations:ListAccounts \
          s3:GetAccountPublicAccessBlock s3:ListAllMyBuckets s3:GetBucketAcl s3:GetBucketLocation \
          s3:GetBucketLogging s3:GetBucketPolicy s3:GetBucketPolicyStatus s3:GetBucketPublicAccessBlock \
          s3:GetBucketTagging s3:GetBucketVersioning s3:GetBucketWebsite s3:GetEncryptionConfiguration \
          s3:GetLifecycleConfiguration s3:GetReplicationConfiguration s3:ListBucket s3:GetObject s3:GetObjectAcl \
          s3:GetObjectTagging
          """),
        .allow("logs:CreateLogGroup", on: "arn:aws:logs:*:*:log-group:/aws/macie/*"),
        .allow(
          "logs:CreateLogStream logs:PutLogEvents logs:DescribeLogStreams",
          on: "arn:aws:logs:*:*:log-group:/aws/macie/*:log-stream:*"),
      ]),
    role(
      "AutoScalingServiceRolePolicy",
      [
        .allow(
          "ec2:* elasticloadbalancing:Register* elasticloadbalancing:Deregister* cloudwatch:*Alarm* sns:Publish"
        )
      ]),
    role(
      "CloudTrailServiceRolePolicy",
      [.allow("cloudtrail:* organizations:DescribeAccount organizations:List*")]),
    role(
      "AWSConfigServiceRolePolicy",
      [
        .allow(
          "config:Put* config:BatchGet* ec2:Describe* iam:Get* iam:List* kms:Describe* kms:List* \(looking)")
      ]),
    role(
      "AmazonECSServiceRolePolicy",
      [
        .allow(
          "ec2:*NetworkInterface* ec2:Describe* elasticloadbalancing:Deregister* elasticloadbalancing:Describe* "
            + "elasticloadbalancing:Register* logs:CreateLogGroup logs:DescribeLogGroups")
      ]),
    role(
      "AWSElasticLoadBalancingServiceRolePolicy",
      [
        .allow(
          "ec2:*NetworkInterface* ec2:*SecurityGroup* ec2:Describe* ec2:AssociateAddress logs:*LogDelivery*")
      ]),
    role("AmazonGuardDutyServiceRolePolicy", [.allow("ec2:Describe* organizations:Describe* \(looking)")]),
    role(
      "AmazonRDSServiceRolePolicy",
      [
        .allow("ec2:*NetworkInterface* ec2:*SecurityGroup* ec2:Describe* cloudwatch:PutMetricData"),
        .allow(
          "logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents",
          on: "arn:aws:logs:*:*:log-group:/aws/rds/*"),
      ]),
    role(
      "AmazonSageMakerNotebooksServiceRolePolicy",
      [
        .allow(
          "elasticfilesystem:* ec2:*NetworkInterface* ec2:*SecurityGroup* ec2:Describe* sagemaker:Describe*")
      ]),
    role(
      "AWSSecurityHubServiceRolePolicy", [.allow("cloudtrail:Describe* config:Describe* iam:Get* \(looking)")]
    ),
    role(
      "AWSEC2SpotServiceRolePolicy",
      [.allow("ec2:DescribeInstances ec2:StartInstances ec2:StopInstances ec2:RunInstances")]),
    role(
      "AWSSupportServiceRolePolicy", [.allow("ec2:Describe* iam:Get* iam:List* kms:Describe* \(looking)")]),
    role("AWSTrustedAdvisorServiceRolePolicy", [.allow("ec2:Describe* iam:Get* iam:List* \(looking)")]),
  ]

  private static func role(_ name: String, _ statements: [ManagedPolicy.Statement]) -> ManagedPolicy {
    ManagedPolicy(
      name, path: "/aws-service-role/", "Enables the service's linked role to do its work.", statements)
  }
}
