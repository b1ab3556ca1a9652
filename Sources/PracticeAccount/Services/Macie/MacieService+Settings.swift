import ServiceModels
import Wire

/// Where results go, what automated discovery looks at, what is published.
extension MacieService {
  static let settingRules: [String: OperationRule] = [
    "GetClassificationExportConfiguration": OperationRule(
      ask("GetClassificationExportConfiguration"),
      { (_, call) in
        guard let destination = call.seen.macie[call.region]?.exportDestination else { return [:] }
        return ["configuration": destination.value]
      }),
    "PutClassificationExportConfiguration": OperationRule(
      ask("PutClassificationExportConfiguration"), putExport),
    "GetFindingsPublicationConfiguration": OperationRule(
      ask("GetFindingsPublicationConfiguration"),
      { (_, call) in
        let publication = call.seen.macie[call.region]?.publication ?? FindingsPublication()
        return [
          "securityHubConfiguration": [
            "publishClassificationFindings": .bool(publication.classificationFindings),
            "publishPolicyFindings": .bool(publication.policyFindings),
          ]
        ]
      }),
    "PutFindingsPublicationConfiguration": OperationRule(
      ask("PutFindingsPublicationConfiguration"),
      { (input, call) in
        if let given = input["securityHubConfiguration"] {
          call.state.macie[call.region]?.publication = FindingsPublication(
            policyFindings: given["publishPolicyFindings"]?.bool ?? false,
            classificationFindings: given["publishClassificationFindings"]?.bool ?? false)
        }
        return [:]
      }),
    "ListClassificationScopes": OperationRule(
      ask("ListClassificationScopes"),
      { (input, call) throws(ServiceFault) in
        let name = input["name"]?.string ?? discoveryName
        let scopes = name == discoveryName ? [try session(call).classificationScopeID] : []
        return [
          "classificationScopes": .list(scopes.map { ["id": .string($0), "name": .string(discoveryName)] })
        ]
      }),
    "GetClassificationScope": OperationRule(
      ask("GetClassificationScope"),
      { (input, call) throws(ServiceFault) in
        try checkScopeID(input, call)
        let names = call.seen.macie[call.region]?.excludedBuckets ?? []
        return [
          "id": input["id"] ?? "", "name": .string(discoveryName),
          "s3": ["excludes": ["bucketNames": .list(names.map(Value.string))]],
        ]
      }),
    "UpdateClassificationScope": OperationRule(
      ask("UpdateClassificationScope"),
      { (input, call) throws(ServiceFault) in
        try checkScopeID(input, call)
        guard let excludes = input["s3"]?["excludes"] else { return [:] }
        var names = call.seen.macie[call.region]?.excludedBuckets ?? []
        let given = excludes.texts("bucketNames")
        switch excludes.text("operation") {
        case "ADD": names += given.filter { !names.contains($0) }
        case "REMOVE": names.removeAll(where: given.contains)
        case "REPLACE": names = given
        default: throw invalid("operation must be ADD, REMOVE or REPLACE")
        }
        guard names.count <= 1000 else { throw invalid("no more than 1,000 buckets can be excluded") }
        call.state.macie[call.region]?.excludedBuckets = names
        return [:]
      }),
    "ListSensitivityInspectionTemplates": OperationRule(
      ask("ListSensitivityInspectionTemplates"),
      { (_, call) throws(ServiceFault) in
        [
          "sensitivityInspectionTemplates": [
            ["id": .string(try session(call).templateID), "name": .string(discoveryName)]
          ]
        ]
      }),
    "GetSensitivityInspectionTemplate": OperationRule(
      ask("GetSensitivityInspectionTemplate"),
      { (input, call) throws(ServiceFault) in
        try checkTemplateID(input, call)
        let changed = call.seen.macie[call.region]?.template?.value
        let recommended = ManagedDataIdentifier.selected("RECOMMENDED", []).map { Value.string($0.id) }
        var fields: Fields = [:]
        fields.add("description", changed?["description"])
        fields["excludes"] = changed?["excludes"] ?? ["managedDataIdentifierIds": []]
        fields["includes"] =
          changed?["includes"]
          ?? [
            "allowListIds": [], "customDataIdentifierIds": [], "managedDataIdentifierIds": .list(recommended),
          ]
        fields["name"] = .string(discoveryName)
        fields["sensitivityInspectionTemplateId"] = input["id"] ?? ""
        return .object(fields)
      }),
    "UpdateSensitivityInspectionTemplate": OperationRule(
      ask("UpdateSensitivityInspectionTemplate"),
      { (input, call) throws(ServiceFault) in
        try checkTemplateID(input, call)
        let own = call.seen.macie[call.region]
        let managed =
          (input["includes"]?.texts("managedDataIdentifierIds") ?? [])
          + (input["excludes"]?.texts("managedDataIdentifierIds") ?? [])
        if let unknown = managed.first(where: { ManagedDataIdentifier.place($0) == nil }) {
          throw invalid("\(unknown) isn't a managed data identifier that the practice account has")
        }
        let custom = input["includes"]?.texts("customDataIdentifierIds") ?? []
        if custom.contains(where: { own?.identifiers[$0].map(\.isDeleted) ?? true }) {
          throw absent("custom data identifier")
        }
        if (input["includes"]?.texts("allowListIds") ?? []).contains(where: { own?.allowLists[$0] == nil }) {
          throw absent("allow list")
        }
        call.state.macie[call.region]?.template = StoredValue(input)
        return [:]
      }),
  ]

  private static let discoveryName = "automated-sensitive-data-discovery"

  private static func checkScopeID(_ input: Value, _ call: Call) throws(ServiceFault) {
    if try session(call).classificationScopeID != input.text("id") { throw absent("classification scope") }
  }

  private static func checkTemplateID(_ input: Value, _ call: Call) throws(ServiceFault) {
    if try session(call).templateID != input.text("id") { throw absent("sensitivity inspection template") }
  }

  /// The bucket must be there, and the key be symmetric, enabled and in the bucket's Region (Macie user guide,
  /// "Storing and retaining sensitive data discovery results").
  private static func putExport(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    guard let destination = input["configuration"]?["s3Destination"] else {
      call.state.macie[call.region]?.exportDestination = nil
      return [:]
    }
    guard let bucket = call.seen.s3.buckets[destination.text("bucketName")] else {
      throw invalid("the bucket \(destination.text("bucketName")) doesn't exist or isn't yours")
    }
    if let owner = destination["expectedBucketOwner"]?.string, owner != call.accountID {
      throw fault("AccessDeniedException", "The bucket isn't owned by \(owner).", 403)
    }
    let arn = destination.text("kmsKeyArn")
    guard let key = try? call.realm.key(arn, region: bucket.region), key.state == .enabled else {
      throw invalid("the KMS key \(arn) doesn't exist in the bucket's Region or isn't enabled")
    }
    let configuration: Value = ["s3Destination": destination]
    call.state.macie[call.region]?.exportDestination = StoredValue(configuration)
    return ["configuration": configuration]
  }
}
