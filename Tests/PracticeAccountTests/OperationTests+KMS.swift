import ServiceModels

extension OperationTests {
  /// What the source lab does not need of KMS.
  static let kms: Story = [
    ("kms", "CreateKey", [:], ("KeyMetadata.KeyId", "key")),
    ("kms", "Encrypt", ["KeyId": "$key", "Plaintext": "secret"], ("CiphertextBlob", "blob")),
    ("kms", "Decrypt", ["CiphertextBlob": "$blob"], nil),
    ("kms", "ReEncrypt", ["CiphertextBlob": "$blob", "DestinationKeyId": "$key"], nil),
    ("kms", "GenerateDataKey", ["KeyId": "$key", "KeySpec": "AES_256"], nil),
    ("kms", "GenerateDataKeyWithoutPlaintext", ["KeyId": "$key", "NumberOfBytes": 24], nil),
    ("kms", "GenerateRandom", ["NumberOfBytes": 16], nil),
    ("kms", "EnableKeyRotation", ["KeyId": "$key", "RotationPeriodInDays": 90], nil),
    ("kms", "GetKeyRotationStatus", ["KeyId": "$key"], nil),
    ("kms", "RotateKeyOnDemand", ["KeyId": "$key"], nil),
    ("kms", "ListKeyRotations", ["KeyId": "$key"], nil),
    ("kms", "DisableKeyRotation", ["KeyId": "$key"], nil),
    (
      "kms", "CreateGrant",
      [
        "KeyId": "$key", "GranteePrincipal": "arn:aws:iam::111122223333:user/learner",
        "RetiringPrincipal": "arn:aws:iam::111122223333:user/learner", "Operations": ["Decrypt"],
      ], ("GrantToken", "token")
    ),
    ("kms", "ListRetirableGrants", ["RetiringPrincipal": "arn:aws:iam::111122223333:user/learner"], nil),
    ("kms", "RetireGrant", ["GrantToken": "$token"], nil),
  ]

  static let trail: Story = [
    ("cloudtrail", "LookupEvents", [:], nil), ("cloudtrail", "DescribeTrails", [:], nil),
    ("cloudtrail", "ListTrails", [:], nil),
  ]
}
