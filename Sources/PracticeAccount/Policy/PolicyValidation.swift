import OrderedJSON

/// What IAM, KMS and S3 check when a policy is handed in. Sources: IAM JSON policy grammar (user guide) and
/// the error texts of each API.
struct PolicyValidation {
  enum Kind {
    /// What a user or role may do.
    case identity
    /// Who may assume a role.
    case trust
    case key
    case bucket
    case endpoint
  }

  /// AWS's text for the first problem; nil if the policy is fine.
  private(set) var problem: String?
  private let kind: Kind

  init(_ text: String, kind: Kind) {
    self.kind = kind
    // The longest document that any operation takes (IAM API, policyDocumentType).
    guard text.utf8.count <= 131_072 else {
      problem = invalid
      return
    }
    guard let json = try? JSON.parse(text) else {
      problem = kind == .trust ? "This policy contains invalid Json" : invalid
      return
    }
    guard let object = json.object else {
      problem = invalid
      return
    }
    problem = check(object)
  }

  private var invalid: String {
    switch kind {
    case .identity, .trust: "Syntax errors in policy."
    case .key: "The policy document is not valid JSON or does not follow the policy grammar."
    case .bucket: "Policies must be valid JSON and the first byte must be '{'"
    case .endpoint: "The policy document is invalid"
    }
  }

  private func check(_ policy: JSONObject) -> String? {
    for key in policy.keys where !["Version", "Id", "Statement"].contains(key) {
      return kind == .bucket ? "Unknown field \(key)" : "Syntax errors in policy."
    }
    if let version = policy["Version"] {
      guard let text = version.string, ["2012-10-17", "2008-10-17"].contains(text) else {
        return kind == .bucket ? "The policy must contain a valid version string" : "Syntax errors in policy."
      }
    }
    guard let listed = policy["Statement"] else {
      return kind == .bucket ? "Missing required field Statement" : "Syntax errors in policy."
    }
    let statements = listed.array ?? [listed]
    // IAM refuses an empty list as well as one that is not there.
    if statements.isEmpty {
      return kind == .bucket ? "Could not parse the policy: Statement is empty!" : "Syntax errors in policy."
    }
    var ids: Set<String> = []
    for statement in statements {
      guard let object = statement.object else { return "Syntax errors in policy." }
      if let problem = check(statement: object) { return problem }
      if kind == .identity, let sid = object["Sid"]?.string, !sid.isEmpty, !ids.insert(sid).inserted {
        return "Statement IDs (SID) in a single policy must be unique."
      }
    }
    return nil
  }

  private static let fields: Set<String> = [
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource",
    "Condition",
  ]

  private func check(statement: JSONObject) -> String? {
    for key in statement.keys where !Self.fields.contains(key) {
      return kind == .bucket ? "Unknown field \(key)" : "Syntax errors in policy."
    }
    guard let effect = statement["Effect"]?.string, effect == "Allow" || effect == "Deny" else {
      return kind == .bucket
        ? "Invalid effect: \(statement["Effect"]?.string ?? "")" : "Syntax errors in policy."
    }
    if kind != .bucket {
      for name in ["Action", "Resource", "Principal"] where statement.contains(name) {
        if statement.contains("Not" + name) { return "Syntax errors in policy." }
      }
      if statement["Sid"].map({ $0.string == nil }) == true { return "Syntax errors in policy." }
    }
    let hasAction = statement.contains("Action") || statement.contains("NotAction")
    guard hasAction else {
      return kind == .bucket ? "Missing required field Action" : "Policy statement must contain actions."
    }
    if let problem = check(actions: statement["Action"] ?? statement["NotAction"] ?? .null) { return problem }
    if let problem = check(principalsOf: statement) { return problem }
    if let problem = check(resourcesOf: statement) { return problem }
    for (name, keys) in statement["Condition"]?.object ?? JSONObject() {
      guard ConditionEvaluator.knows(name) else {
        return kind == .bucket ? "Invalid Condition type : \(name)" : "Syntax errors in policy."
      }
      guard keys.object != nil else { return "Syntax errors in policy." }
    }
    return nil
  }

  private func check(actions: JSON) -> String? {
    let texts = PolicyStatement.texts(actions)
    guard !texts.isEmpty else { return "Syntax errors in policy." }
    for text in texts where text != "*" {
      guard text.contains(":") else {
        return kind == .bucket
          ? "Policy has invalid action"
          : "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
      }
      if kind == .bucket, !text.lowercased().hasPrefix("s3:") { return "Policy has invalid action" }
      if kind == .trust, !text.lowercased().hasPrefix("sts:") {
        return "AssumeRole policy may only specify STS AssumeRole actions."
      }
      guard kind == .identity || kind == .trust else { continue }
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      if parts.count > 2 { return "Actions/Condition can contain only one colon." }
      let isVendor = parts[0].utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || byte == 0x2D || byte == 0x2E
      }
      if !isVendor || parts[0].isEmpty { return "Vendor \(parts[0]) is not valid" }
    }
    return nil
  }

  private func check(principalsOf statement: JSONObject) -> String? {
    let given = statement["Principal"] ?? statement["NotPrincipal"]
    switch kind {
    case .identity:
      return given == nil ? nil : "Policy document should not specify a principal."
    case .trust, .key, .bucket:
      guard let given else {
        switch kind {
        case .bucket: return "Missing required field Principal"
        case .trust: return "Missing required field Principal"
        default: return "Policy contains a statement with no principal."
        }
      }
      return check(principal: given)
    case .endpoint:
      return given.flatMap { check(principal: $0) }
    }
  }

  private func check(principal: JSON) -> String? {
    if let text = principal.string {
      return text == "*"
        ? nil
        : (kind == .bucket ? "Invalid policy syntax." : "Invalid principal in policy: \"AWS\":\"\(text)\"")
    }
    guard let kinds = principal.object, !kinds.isEmpty else { return "Syntax errors in policy." }
    for (name, values) in kinds {
      guard ["AWS", "Service", "Federated", "CanonicalUser"].contains(name) else {
        return kind == .bucket ? "Invalid principal in policy" : "Syntax errors in policy."
      }
      for value in PolicyStatement.texts(values) {
        if name == "Service", !isServiceName(value) {
          return kind == .bucket
            ? "Invalid principal in policy" : "Invalid principal in policy: \"SERVICE\":\"\(value)\""
        }
      }
    }
    return nil
  }

  /// `sagemaker.amazonaws.com`: lower-case labels under AWS's domain.
  private func isServiceName(_ text: String) -> Bool {
    let name = [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".internal", ".aws.internal"]
      .first { text.hasSuffix($0) && text.utf8.count > $0.utf8.count }
    return name != nil
      && text.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2E || byte == 0x2D
      }
  }

  private func check(resourcesOf statement: JSONObject) -> String? {
    let given = statement["Resource"] ?? statement["NotResource"]
    if kind == .trust { return given == nil ? nil : "Has prohibited field Resource" }
    guard let given else {
      switch kind {
      case .identity: return "Policy statement must contain resources."
      case .bucket: return "Missing required field Resource"
      case .key, .endpoint, .trust: return nil
      }
    }
    let texts = PolicyStatement.texts(given)
    guard !texts.isEmpty else { return "Policy statement must contain resources." }
    guard kind == .identity else { return nil }
    for text in texts {
      if let problem = check(resource: text) { return problem }
    }
    return nil
  }

  private static let iamPaths = [
    "user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/",
    "policy/",
    "sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/",
  ]

  /// What IAM says about a resource's form.
  private func check(resource text: String) -> String? {
    if text == "*" { return nil }
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    if parts.count < 2 {
      return text.hasPrefix("*") ? nil : "Resource \(text) must be in ARN format or \"*\"."
    }
    guard parts[0] == "arn" || parts[0].contains("*") else {
      return "Resource \(text) must be in ARN format or \"*\"."
    }
    let partition = parts[1]
    if partition != "*",
      !["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc"].contains(partition)
    {
      let rest = (2..<6).map {
        parts.indices.contains($0) && !parts[$0].isEmpty || parts.count > $0 ? parts[$0] : "*"
      }
      return
        "Partition \"\(partition)\" is not valid for resource \"arn:\(partition):\(rest.joined(separator: ":"))\"."
    }
    if parts.count < 3 { return "Resource vendor must be fully qualified and cannot contain regexes." }
    // `arn:aws:s3:*` is short for all that follows.
    guard parts.count == 6 else { return parts.last == "*" ? nil : "The policy failed legacy parsing" }
    let (service, region, name) = (parts[2], parts[3], parts[5])
    if service == "s3", !region.isEmpty, region != "*", !name.hasPrefix("accesspoint/") {
      return "Resource \(text) can not contain region information."
    }
    if service == "iam" {
      if !region.isEmpty, region != "*" { return "IAM resource \(text) cannot contain region information." }
      if name != "*", name != "root", !Self.iamPaths.contains(where: { name.hasPrefix($0) || glob(name, $0) })
      {
        return
          "IAM resource path must either be \"*\" or start with \(Self.iamPaths.joined(separator: ", "))."
      }
    }
    return nil
  }
}
