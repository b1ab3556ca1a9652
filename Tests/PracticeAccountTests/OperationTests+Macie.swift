import ServiceModels

extension OperationTests {
  private static let criteria: Value = ["criterion": ["severity.description": ["eq": ["Low"]]]]

  /// What the source lab does not need of Macie.
  static let macie: Story = [
    ("kms", "CreateKey", [:], ("KeyMetadata.Arn", "key")), ("s3", "CreateBucket", ["Bucket": "lab-2"], nil),
    ("macie2", "EnableMacie", [:], nil),
    ("macie2", "GetAutomatedDiscoveryConfiguration", [:], ("classificationScopeId", "scope")),
    ("macie2", "GetAutomatedDiscoveryConfiguration", [:], ("sensitivityInspectionTemplateId", "template")),
    ("macie2", "ListClassificationScopes", [:], nil),
    (
      "macie2", "UpdateClassificationScope",
      ["id": "$scope", "s3": ["excludes": ["bucketNames": ["lab-2"], "operation": "ADD"]]], nil
    ), ("macie2", "GetClassificationScope", ["id": "$scope"], nil),
    ("macie2", "ListSensitivityInspectionTemplates", [:], nil),
    (
      "macie2", "UpdateSensitivityInspectionTemplate",
      ["id": "$template", "excludes": ["managedDataIdentifierIds": ["PKCS"]]], nil
    ),
    ("macie2", "GetSensitivityInspectionTemplate", ["id": "$template"], nil),
    (
      "macie2", "CreateCustomDataIdentifier",
      ["name": "employee", "regex": #"EMP-\d{4}"#, "keywords": ["employee"], "tags": ["a": "b"]],
      ("customDataIdentifierId", "identifier")
    ), ("macie2", "GetCustomDataIdentifier", ["id": "$identifier"], ("arn", "arn")),
    ("macie2", "ListCustomDataIdentifiers", [:], nil),
    ("macie2", "BatchGetCustomDataIdentifiers", ["ids": ["$identifier", "none"]], nil),
    ("macie2", "TestCustomDataIdentifier", ["regex": "a+", "sampleText": "aab"], nil),
    ("macie2", "ListTagsForResource", ["resourceArn": "$arn"], nil),
    ("macie2", "TagResource", ["resourceArn": "$arn", "tags": ["c": "d"]], nil),
    ("macie2", "UntagResource", ["resourceArn": "$arn", "tagKeys": ["c"]], nil),
    ("macie2", "DeleteCustomDataIdentifier", ["id": "$identifier"], nil),
    (
      "macie2", "CreateAllowList", ["clientToken": "t", "name": "ours", "criteria": ["regex": "EMP-0000"]],
      ("id", "list")
    ),
    ("macie2", "GetAllowList", ["id": "$list"], nil), ("macie2", "ListAllowLists", [:], nil),
    ("macie2", "UpdateAllowList", ["id": "$list", "name": "ours", "criteria": ["regex": "EMP-000"]], nil),
    ("macie2", "DeleteAllowList", ["id": "$list"], nil),
    (
      "macie2", "CreateFindingsFilter", ["name": "low", "action": "ARCHIVE", "findingCriteria": criteria],
      ("id", "filter")
    ),
    ("macie2", "GetFindingsFilter", ["id": "$filter"], nil), ("macie2", "ListFindingsFilters", [:], nil),
    ("macie2", "UpdateFindingsFilter", ["id": "$filter", "action": "NOOP"], nil),
    ("macie2", "DeleteFindingsFilter", ["id": "$filter"], nil),
    ("macie2", "CreateSampleFindings", [:], nil),
    ("macie2", "ListFindings", [:], ("findingIds.0", "finding")),
    ("macie2", "GetFindings", ["findingIds": ["$finding"]], nil),
    ("macie2", "GetUsageTotals", ["timeRange": "MONTH_TO_DATE"], nil),
    ("macie2", "GetUsageStatistics", [:], nil),
    ("macie2", "GetBucketStatistics", [:], nil),
    (
      "macie2", "PutClassificationExportConfiguration",
      ["configuration": ["s3Destination": ["bucketName": "lab-2", "kmsKeyArn": "$key"]]], nil
    ), ("macie2", "GetClassificationExportConfiguration", [:], nil),
    (
      "macie2", "PutFindingsPublicationConfiguration",
      ["securityHubConfiguration": ["publishClassificationFindings": true, "publishPolicyFindings": false]],
      nil
    ), ("macie2", "GetFindingsPublicationConfiguration", [:], nil),
    ("macie2", "GetAdministratorAccount", [:], nil), ("macie2", "GetMasterAccount", [:], nil),
    ("macie2", "ListMembers", [:], nil), ("macie2", "ListInvitations", [:], nil),
    ("macie2", "GetInvitationsCount", [:], nil),
  ]

  static let logs: Story = [
    ("logs", "CreateLogGroup", ["logGroupName": "/lab", "tags": ["a": "b"]], nil),
    ("logs", "PutRetentionPolicy", ["logGroupName": "/lab", "retentionInDays": 7], nil),
    ("logs", "DescribeLogGroups", [:], ("logGroups.0.logGroupArn", "arn")),
    ("logs", "DeleteRetentionPolicy", ["logGroupName": "/lab"], nil),
    ("logs", "TagResource", ["resourceArn": "$arn", "tags": ["c": "d"]], nil),
    ("logs", "UntagResource", ["resourceArn": "$arn", "tagKeys": ["c"]], nil),
    ("logs", "ListTagsForResource", ["resourceArn": "$arn"], nil),
    ("logs", "CreateLogStream", ["logGroupName": "/lab", "logStreamName": "s"], nil),
    (
      "logs", "PutLogEvents",
      [
        "logGroupName": "/lab", "logStreamName": "s",
        "logEvents": [["timestamp": 1_795_449_600_000, "message": "hello"]],
      ], nil
    ), ("logs", "GetLogEvents", ["logGroupName": "/lab", "logStreamName": "s"], nil),
    ("logs", "DeleteLogStream", ["logGroupName": "/lab", "logStreamName": "s"], nil),
  ]
}
