/// Commands of the AWS CLI that no model describes and that are not built.
enum CustomCommands {
  /// After `aws`, with the words for the complaint.
  static let missing: [String: String] = [
    "configure": "`aws configure`", "login": "`aws login`", "logout": "`aws logout`", "sso": "`aws sso`",
    "ddb": "`aws ddb`", "history": "`aws history`", "cli-dev": "`aws cli-dev`",
  ]

  /// After a service's command.
  static let missingIn: [String: Set<String>] = [
    "logs": ["tail", "start-live-tail"], "cloudformation": ["deploy", "package"],
    "ecr": ["get-login-password"], "eks": ["update-kubeconfig", "get-token"],
    "rds": ["generate-db-auth-token"], "s3": ["website"],
    "ec2-instance-connect": ["ssh", "open-tunnel"],
  ]
}
