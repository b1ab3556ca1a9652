/// A service that endpoints can be made to.
struct EndpointService: Sendable {
  /// Between Region and end of the name: `s3`, `ecr.api`.
  var short: String
  /// `com.amazonaws.us-east-1.s3`
  var name: String
  /// `Interface` or `Gateway`.
  var type: String
  /// What private DNS stands in for; nil: it has none.
  var privateName: String?
  /// AWS's id of the service, which here follows from its name.
  var id: String
}

extension EndpointService {
  /// The commonest of what AWS offers in every Region, and the beginning of the private DNS name where that is not the
  /// same. Source: AWS PrivateLink guide, "AWS services that integrate with AWS PrivateLink"; the services' own pages.
  private static let interfaces: [(String, String)] = [
    ("access-analyzer", ""), ("acm-pca", ""), ("application-autoscaling", ""), ("athena", ""),
    ("autoscaling", ""), ("backup", ""), ("batch", ""), ("bedrock", ""), ("bedrock-agent", ""),
    ("bedrock-agent-runtime", ""), ("bedrock-runtime", ""), ("cloudformation", ""), ("cloudtrail", ""),
    ("codebuild", ""), ("codecommit", ""), ("codedeploy", ""), ("codepipeline", ""), ("config", ""),
    ("datasync", ""), ("dms", ""), ("ec2", ""), ("ec2messages", ""), ("ecr.api", "api.ecr"),
    ("ecr.dkr", "*.dkr.ecr"), ("ecs", ""), ("ecs-agent", "ecs-a"), ("ecs-telemetry", "ecs-t"), ("eks", ""),
    ("elasticache", ""), ("elasticfilesystem", ""), ("elasticloadbalancing", ""), ("elasticmapreduce", ""),
    ("events", ""), ("execute-api", "*.execute-api"), ("glue", ""), ("guardduty-data", ""),
    ("inspector2", ""),
    ("kinesis-firehose", "firehose"), ("kinesis-streams", "kinesis"), ("kms", ""), ("lambda", ""),
    ("logs", ""),
    ("macie2", ""), ("monitoring", ""), ("organizations", ""), ("rds", ""), ("rds-data", ""),
    ("redshift", ""),
    ("rekognition", ""), ("s3", ""), ("sagemaker.api", "api.sagemaker"),
    ("sagemaker.featurestore-runtime", "featurestore-runtime.sagemaker"),
    ("sagemaker.runtime", "runtime.sagemaker"), ("secretsmanager", ""), ("securityhub", ""),
    ("servicecatalog", ""), ("sns", ""), ("sqs", ""), ("ssm", ""), ("ssmmessages", ""), ("states", ""),
    ("storagegateway", ""), ("sts", ""), ("tagging", ""), ("textract", ""), ("transcribe", ""),
    ("translate", ""), ("xray", ""),
  ]
  private static let gateways = ["dynamodb", "s3"]

  static func all(in region: String) -> [EndpointService] {
    func service(_ short: String, _ type: String, _ privateName: String?) -> EndpointService {
      let name = "com.amazonaws.\(region).\(short)"
      var numbers = generator(for: name + type)
      return EndpointService(
        short: short, name: name, type: type, privateName: privateName, id: "vpce-svc-" + numbers.hex(17))
    }
    return
      (gateways.map { service($0, "Gateway", nil) }
      + interfaces.map { short, stem in
        service(short, "Interface", "\(stem.isEmpty ? short : stem).\(region).amazonaws.com")
      }).sorted { ($0.name, $0.type) < ($1.name, $1.type) }
  }
}
