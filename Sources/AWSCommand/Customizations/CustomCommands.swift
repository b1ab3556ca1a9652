/// What stands in the AWS CLI's command table besides the operations of the models, and what does not.
enum CustomCommands {
  /// After `aws`, with the words for the complaint.
  static let missing: [String: String] = [
    "login": "`aws login`", "logout": "`aws logout`", "sso": "`aws sso`", "history": "`aws history`",
    "cli-dev": "`aws cli-dev`",
  ]

  /// After a service's command: known, and not built.
  static let missingIn: [String: Set<String>] = [
    "cloudformation": ["deploy", "package"],
    "cloudfront": ["sign"],
    "cloudtrail": ["create-subscription", "update-subscription", "validate-logs", "verify-query-results"],
    "codeartifact": ["login"],
    "codecommit": ["credential-helper"],
    "configservice": ["get-status", "subscribe"],
    "datapipeline": ["create-default-roles", "list-runs"],
    "deploy": ["deregister", "install", "push", "register", "uninstall"],
    "dlm": ["create-default-role"],
    "ec2-instance-connect": ["open-tunnel", "ssh"],
    "ecs": ["deploy", "monitor-express-gateway-service"],
    "eks": ["get-token", "update-kubeconfig"],
    "emr": [
      "add-instance-groups", "add-steps", "create-cluster", "create-default-roles", "create-hbase-backup",
      "describe-cluster", "disable-hbase-backups", "get", "install-applications",
      "modify-cluster-attributes", "put", "restore-from-hbase-backup", "schedule-hbase-backup", "socks",
      "ssh", "terminate-clusters",
    ],
    "emr-containers": ["update-role-trust-policy"],
    "gamelift": ["get-game-session-log", "upload-build"],
    "lightsail": ["push-container-image"],
    "logs": ["start-live-tail"],
    "rds": ["generate-db-auth-token"],
    "s3": ["website"],
    "servicecatalog": ["generate"],
  ]

  /// Operations that the CLI leaves out: deprecated ones, those that a command of its own stands for, and those
  /// that answer with a stream of events.
  static let removed: [String: Set<String>] = [
    "bedrock-agent-runtime": [
      "invoke-agent", "invoke-flow", "invoke-inline-agent", "optimize-prompt",
      "retrieve-and-generate-stream",
    ],
    "bedrock-agentcore": ["invoke-agent-runtime-command", "invoke-code-interpreter", "invoke-harness"],
    "bedrock-runtime": [
      "converse-stream", "invoke-model-with-bidirectional-stream", "invoke-model-with-response-stream",
    ],
    "connecthealth": ["start-medical-scribe-listening-session"],
    "devops-agent": ["send-message"],
    "ec2": ["import-instance", "import-volume"],
    "emr": [
      "add-job-flow-steps", "describe-job-flows", "list-bootstrap-actions", "list-instance-groups",
      "run-job-flow", "set-keep-job-flow-alive-when-no-steps", "set-termination-protection",
      "set-unhealthy-node-replacement", "set-visible-to-all-users", "terminate-job-flows",
    ],
    "iotsitewise": ["invoke-assistant"],
    "kinesis": ["subscribe-to-shard"],
    "lambda": ["invoke-with-response-stream"],
    "lexv2-runtime": ["start-conversation"],
    "logs": ["get-log-object"],
    "polly": ["start-speech-synthesis-stream"],
    "qbusiness": ["chat"],
    "rds": ["modify-option-group"],
    "sagemaker-runtime": ["invoke-endpoint-with-response-stream"],
    "ses": ["delete-verified-email-address", "list-verified-email-addresses", "verify-email-address"],
  ]

  /// Commands that stand for half of an operation.
  static let split: [String: String] = [
    "rds add-option-to-option-group": "ModifyOptionGroup",
    "rds remove-option-from-option-group": "ModifyOptionGroup",
  ]

  /// Spellings of the past, for operations that have another name now.
  static let aliases: [String: String] = [
    "cloudwatch get-o-tel-enrichment": "GetOTelEnrichment",
    "cloudwatch start-o-tel-enrichment": "StartOTelEnrichment",
    "cloudwatch stop-o-tel-enrichment": "StopOTelEnrichment",
    "mturk list-hi-ts-for-qualification-type": "ListHITsForQualificationType",
    "socialmessaging delete-whatsapp-media-message": "DeleteWhatsAppMessageMedia",
  ]

  /// The operation behind a name that is not the model's own.
  static func operation(_ command: String, _ name: String) -> String? {
    let words = "\(command) \(name)"
    return split[words] ?? aliases[words]
  }

  /// The operations of a service under the names that the command table has.
  static func operations(of command: String, _ names: [String]) -> [String] {
    let gone = removed[command] ?? []
    let added = missingIn[command] ?? []
    // A command of the CLI's own hides the operation of the same name.
    let others = (Array(split.keys) + aliases.keys).filter { $0.hasPrefix(command + " ") }
    return names.filter { !gone.contains($0) && !added.contains($0) }
      + others.map { String($0.dropFirst(command.count + 1)) }.sorted()
  }
}
