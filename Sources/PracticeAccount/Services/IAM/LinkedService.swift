/// A service whose linked role the account can make. Source: each service's guide, "Using service-linked roles", and
/// the AWS managed policy reference.
struct LinkedService: Sendable {
  var service: String
  var role: String
  /// The managed policy under `aws-service-role/`.
  var policy: String
  var description: String?
  /// Whether there may be several, told apart by a suffix.
  var takesSuffix = false

  static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.service, $0) })

  static let all: [LinkedService] = [
    LinkedService(
      service: "autoscaling.amazonaws.com", role: "AWSServiceRoleForAutoScaling",
      policy: "AutoScalingServiceRolePolicy",
      description: "Default Service-Linked Role enables access to AWS Services and Resources used or managed "
        + "by Auto Scaling", takesSuffix: true),
    LinkedService(
      service: "cloudtrail.amazonaws.com", role: "AWSServiceRoleForCloudTrail",
      policy: "CloudTrailServiceRolePolicy"),
    LinkedService(
      service: "config.amazonaws.com", role: "AWSServiceRoleForConfig", policy: "AWSConfigServiceRolePolicy"),
    LinkedService(
      service: "ecs.amazonaws.com", role: "AWSServiceRoleForECS", policy: "AmazonECSServiceRolePolicy",
      description: "Role to enable Amazon ECS to manage your cluster."),
    LinkedService(
      service: "elasticloadbalancing.amazonaws.com", role: "AWSServiceRoleForElasticLoadBalancing",
      policy: "AWSElasticLoadBalancingServiceRolePolicy",
      description: "Allows ELB to call AWS services on your behalf."),
    LinkedService(
      service: "guardduty.amazonaws.com", role: "AWSServiceRoleForAmazonGuardDuty",
      policy: "AmazonGuardDutyServiceRolePolicy"),
    LinkedService(
      service: "macie.amazonaws.com", role: IAMService.macieRole, policy: "AmazonMacieServiceRolePolicy"),
    LinkedService(
      service: "rds.amazonaws.com", role: "AWSServiceRoleForRDS", policy: "AmazonRDSServiceRolePolicy",
      description: "Allows Amazon RDS to manage AWS resources on your behalf"),
    LinkedService(
      service: "sagemaker.amazonaws.com", role: "AWSServiceRoleForAmazonSageMakerNotebooks",
      policy: "AmazonSageMakerNotebooksServiceRolePolicy"),
    LinkedService(
      service: "securityhub.amazonaws.com", role: "AWSServiceRoleForSecurityHub",
      policy: "AWSSecurityHubServiceRolePolicy"),
    LinkedService(
      service: "spot.amazonaws.com", role: "AWSServiceRoleForEC2Spot", policy: "AWSEC2SpotServiceRolePolicy"),
    LinkedService(
      service: "support.amazonaws.com", role: "AWSServiceRoleForSupport",
      policy: "AWSSupportServiceRolePolicy"),
    LinkedService(
      service: "trustedadvisor.amazonaws.com", role: "AWSServiceRoleForTrustedAdvisor",
      policy: "AWSTrustedAdvisorServiceRolePolicy"),
  ]
}
