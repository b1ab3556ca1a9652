import ServiceModels
import Wire

/// Findings that show what findings look like (Macie user guide, "Working with sample findings").
extension MacieService {
  static let sampleRules: [String: OperationRule] = [
    "CreateSampleFindings": OperationRule(
      ask("CreateSampleFindings"),
      { (input, call) throws(ServiceFault) in
        let wanted = input.texts("findingTypes")
        let known = FindingForm.all.map(\.type)
        if let unknown = wanted.first(where: { !known.contains($0) }) {
          throw invalid("\(unknown) isn't a type of findings")
        }
        for type in known where wanted.isEmpty || wanted.contains(type) {
          let id = call.state.generator.hex(32)
          keep(
            sample(FindingForm.of(type), id, call), id: id, region: call.region, at: call.now, in: call.realm)
        }
        return [:]
      })
  ]

  private static func sample(_ form: FindingForm, _ id: String, _ call: Call) -> Value {
    var bucket = Bucket(name: "macie-sample-finding-bucket", region: call.region, created: call.now)
    bucket.tags = [Tag(key: "tag_key", value: "tag_value")]
    var fields = frame(
      form, id: id, score: form.isPolicy ? form.score : 3, region: call.region, at: call.now, in: call.realm)
    fields["sample"] = true
    fields["resourcesAffected"] = ["s3Bucket": FindingBuilder.affected(bucket, call.realm)]
    guard !form.isPolicy else {
      fields["policyDetails"] = policyDetails(
        "PutBucketPolicy",
        [
          "type": "AssumedRole",
          "assumedRole": [
            "accountId": .string(call.accountID), "arn": .string(call.iamARN("role/macie-sample-role-name")),
          ],
        ], "198.51.100.1", call)
      return .object(fields)
    }
    let detection: Value = [
      "count": 3, "occurrences": ["lineRanges": [["start": 1, "end": 1, "startColumn": 1]]],
    ]
    func item(_ category: String, _ type: String) -> Value {
      var own = detection.object ?? [:]
      own["type"] = .string(type)
      return ["category": .string(category), "detections": [.object(own)], "totalCount": 3]
    }
    let credentials = item("CREDENTIALS", "AWS_CREDENTIALS")
    let financial = item("FINANCIAL_INFORMATION", "CREDIT_CARD_NUMBER")
    let personal = item("PERSONAL_INFORMATION", "USA_SOCIAL_SECURITY_NUMBER")
    let name = form.type.split(separator: "/").last ?? ""
    let sensitive: [Value] =
      switch name {
      case "Credentials": [credentials]
      case "Financial": [financial]
      case "Personal": [personal]
      case "Multiple": [credentials, financial, personal]
      default: []
      }
    var custom: Value = ["detections": [], "totalCount": 0]
    if name == "CustomIdentifier" {
      var own = detection.object ?? [:]
      own["arn"] = .string(identifierARN("sample", call))
      own["name"] = "sample"
      custom = ["detections": [.object(own)], "totalCount": 3]
    }
    fields["classificationDetails"] = [
      "jobArn": .string(jobARN("698e99c283a255bb2c992feceexample", call)),
      "jobId": "698e99c283a255bb2c992feceexample", "originType": "SENSITIVE_DATA_DISCOVERY_JOB",
      "result": [
        "additionalOccurrences": false, "customDataIdentifiers": custom, "mimeType": "text/csv",
        "sensitiveData": .list(sensitive), "sizeClassified": 4096, "status": ["code": "COMPLETE"],
      ],
    ]
    fields["resourcesAffected"] = [
      "s3Bucket": FindingBuilder.affected(bucket, call.realm),
      "s3Object": [
        "bucketArn": .string(bucket.arn), "eTag": "ebe1ca03ee8d006d457444445example", "extension": "csv",
        "key": "macie-sample-finding-object.csv", "lastModified": .timestamp(call.now),
        "path": "macie-sample-finding-bucket/macie-sample-finding-object.csv", "publicAccess": false,
        "serverSideEncryption": ["encryptionType": "AES256"], "size": 4096, "storageClass": "STANDARD",
        "tags": [], "versionId": "",
      ],
    ]
    return .object(fields)
  }

  /// What all findings have.
  static func frame(
    _ form: FindingForm, id: String, score: Int, region: String, at time: Timestamp, in realm: Realm
  ) -> Fields {
    [
      "accountId": .string(realm.current.accountID), "archived": false,
      "category": form.isPolicy ? "POLICY" : "CLASSIFICATION", "count": 1, "createdAt": .timestamp(time),
      "description": .string(form.description), "id": .string(id),
      "partition": .string(partition(of: region)),
      "region": .string(region), "sample": false, "schemaVersion": "1.0",
      "severity": FindingForm.severity(score), "title": .string(form.title), "type": .string(form.type),
      "updatedAt": .timestamp(time),
    ]
  }

  static func policyDetails(_ api: String, _ identity: Value, _ address: String, _ call: Call) -> Value {
    [
      "action": [
        "actionType": "AWS_API_CALL",
        "apiCallDetails": [
          "api": .string(api), "apiServiceName": "s3.amazonaws.com", "firstSeen": .timestamp(call.now),
          "lastSeen": .timestamp(call.now),
        ],
      ], "actor": ["ipAddressDetails": ["ipAddressV4": .string(address)], "userIdentity": identity],
    ]
  }
}
