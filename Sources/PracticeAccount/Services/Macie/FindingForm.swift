import ServiceModels

/// The type of a finding, its title and description (Macie user guide, "Types of findings").
struct FindingForm {
  var type: String
  var title: String
  var description: String
  /// Of a policy finding; sensitive data findings are as severe as what was found.
  var score = 0
  var isPolicy: Bool { type.hasPrefix("Policy:") }

  private init(_ type: String, _ title: String, _ description: String, _ score: Int = 0) {
    self.type = type
    self.title = title
    self.description = description
    self.score = score
  }

  /// Of what an object holds.
  init(categories: Set<String>, hasCustom: Bool) {
    let name =
      switch (categories, hasCustom) {
      case (["PERSONAL_INFORMATION"], false): "Personal"
      case (["FINANCIAL_INFORMATION"], false): "Financial"
      case (["CREDENTIALS"], false): "Credentials"
      case ([], true): "CustomIdentifier"
      default: "Multiple"
      }
    self = Self.of("SensitiveData:S3Object/\(name)")
  }

  static func of(_ type: String) -> FindingForm {
    all.first { $0.type == type } ?? FindingForm(type, type, type, 1)
  }

  static func severity(_ score: Int) -> Value {
    [
      "description": .string(["Low", "Medium", "High"][max(1, min(3, score)) - 1]),
      "score": .integer(Int64(score)),
    ]
  }

  static let all = [
    FindingForm(
      "Policy:IAMUser/S3BlockPublicAccessDisabled",
      "Block Public Access settings are disabled for the S3 bucket",
      "All Amazon S3 block public access settings were disabled for the bucket.", 3),
    FindingForm(
      "Policy:IAMUser/S3BucketEncryptionDisabled", "Default encryption was disabled for the S3 bucket",
      "Default encryption settings for the bucket were reset to encryption with an Amazon S3 managed key.", 1),
    FindingForm(
      "Policy:IAMUser/S3BucketPublic", "The S3 bucket is publicly accessible",
      "The bucket's policy or access control list allows access by anonymous users or by all AWS identities.",
      3),
    FindingForm(
      "Policy:IAMUser/S3BucketReplicatedExternally", "The S3 bucket is replicated to an external AWS account",
      "Replication was configured to an account that isn't part of your organization.", 3),
    FindingForm(
      "Policy:IAMUser/S3BucketSharedExternally", "The S3 bucket is shared with an external AWS account",
      "The bucket's policy or access control list shares it with an account that isn't part of your organization.",
      3),
    FindingForm(
      "Policy:IAMUser/S3BucketSharedWithCloudFront", "The S3 bucket is shared with Amazon CloudFront",
      "The bucket's policy shares it with an Amazon CloudFront origin access identity or origin access control.",
      2),
    FindingForm(
      "SensitiveData:S3Object/Credentials", "The S3 object contains credentials",
      "The object contains credentials data, such as private keys or AWS secret access keys."),
    FindingForm(
      "SensitiveData:S3Object/CustomIdentifier", "The S3 object contains custom sensitive data",
      "The object contains text that matches the detection criteria of a custom data identifier."),
    FindingForm(
      "SensitiveData:S3Object/Financial", "The S3 object contains financial information",
      "The object contains financial information such as bank account numbers or credit card numbers."),
    FindingForm(
      "SensitiveData:S3Object/Multiple", "The S3 object contains multiple categories of sensitive data",
      "The object contains more than one category of sensitive data."),
    FindingForm(
      "SensitiveData:S3Object/Personal", "The S3 object contains personal information",
      "The object contains personal information such as first or last names, addresses, or identification numbers."
    ),
  ]
}
