import ServiceModels
import Wire

/// A sensitive data finding as GetFindings returns it (Macie API reference, `Finding`).
struct FindingBuilder {
  let realm: Realm
  let region: String
  let time: Timestamp
  let job: MacieJob
  let bucket: Bucket
  let key: String
  let version: ObjectVersion

  /// Findings name at most this many places; the rest is in the detailed results.
  private static let mostPlaces = 15

  func document(id: String, uuid: String, _ scan: SensitiveDataScan, _ report: ScanReport) -> Value {
    let account = realm.current.accountID
    let categories = Set(report.hits.map(\.identifier.category))
    let kind = kind(categories)
    return [
      "accountId": .string(account), "archived": false, "category": "CLASSIFICATION",
      "classificationDetails": [
        "detailedResultsLocation": .string(
          "s3://[export-config-not-set]/AWSLogs/\(account)/Macie/\(region)/\(job.id)/\(uuid).jsonl.gz"),
        "jobArn": .string(realm.arn("macie2", region: region, "classification-job/\(job.id)")),
        "jobId": .string(job.id), "originType": "SENSITIVE_DATA_DISCOVERY_JOB",
        "result": [
          "additionalOccurrences": .bool(report.hits.contains { $0.places.count > Self.mostPlaces }),
          "customDataIdentifiers": ["detections": [], "totalCount": 0], "mimeType": .string(scan.mimeType),
          "sensitiveData": .list(sensitiveData(report, categories)), "sizeClassified": .integer(version.size),
          "status": ["code": "COMPLETE"],
        ],
      ],
      "count": 1, "createdAt": .timestamp(time), "description": .string(kind.description), "id": .string(id),
      "partition": .string(partition(of: region)), "region": .string(region),
      "resourcesAffected": ["s3Bucket": affectedBucket, "s3Object": affectedObject], "sample": false,
      "schemaVersion": "1.0", "severity": ["description": "High", "score": 3], "title": .string(kind.title),
      "type": .string("SensitiveData:S3Object/\(kind.name)"), "updatedAt": .timestamp(time),
    ]
  }

  private func kind(_ categories: Set<String>) -> (name: String, title: String, description: String) {
    switch categories {
    case ["PERSONAL_INFORMATION"]:
      (
        "Personal", "The S3 object contains personal information",
        "The object contains personal information such as first or last names, addresses, or identification numbers."
      )
    case ["FINANCIAL_INFORMATION"]:
      (
        "Financial", "The S3 object contains financial information",
        "The object contains financial information such as bank account numbers or credit card numbers."
      )
    default:
      (
        "Multiple", "The S3 object contains multiple categories of sensitive data",
        "The object contains more than one category of sensitive data."
      )
    }
  }

  private func sensitiveData(_ report: ScanReport, _ categories: Set<String>) -> [Value] {
    categories.sorted().map { category in
      let hits = report.hits.filter { $0.identifier.category == category }
      return [
        "category": .string(category),
        "detections": .list(
          hits.map { hit in
            [
              "count": .integer(Int64(hit.places.count)), "occurrences": occurrences(hit.places),
              "type": .string(hit.identifier.id),
            ]
          }),
        "totalCount": .integer(Int64(hits.reduce(0) { $0 + $1.places.count })),
      ]
    }
  }

  private func occurrences(_ places: [SensitiveDataScan.Place]) -> Value {
    var cells: [Value] = []
    var lines: [Value] = []
    var records: [Value] = []
    for place in places.prefix(Self.mostPlaces) {
      switch place {
      case .cell(let row, let column, let name):
        var cell: Fields = ["column": .integer(Int64(column))]
        cell.add("columnName", name.map(Value.string))
        cell["row"] = .integer(Int64(row))
        cells.append(.object(cell))
      case .line(let number, let column):
        lines.append([
          "end": .integer(Int64(number)), "start": .integer(Int64(number)),
          "startColumn": .integer(Int64(column)),
        ])
      case .record(let index, let path):
        records.append(["jsonPath": .string(path), "recordIndex": .integer(Int64(index))])
      }
    }
    var fields: Fields = [:]
    if !cells.isEmpty { fields["cells"] = .list(cells) }
    if !lines.isEmpty { fields["lineRanges"] = .list(lines) }
    if !records.isEmpty { fields["records"] = .list(records) }
    return .object(fields)
  }

  private var affectedBucket: Value {
    let block = bucket.publicAccess
    func four(_ flags: PublicAccessBlock?) -> Value {
      [
        "blockPublicAcls": .bool(flags?.blockPublicAcls ?? false),
        "blockPublicPolicy": .bool(flags?.blockPublicPolicy ?? false),
        "ignorePublicAcls": .bool(flags?.ignorePublicAcls ?? false),
        "restrictPublicBuckets": .bool(flags?.restrictPublicBuckets ?? false),
      ]
    }
    var encryption: Fields = ["encryptionType": .string(bucket.encryption.algorithm)]
    encryption.add("kmsMasterKeyId", bucket.encryption.keyID.map(Value.string))
    let policy = bucket.policy.map { realm.document($0) }
    let isPublic = policy.map(S3Service.isPublic) ?? false
    return [
      "allowsUnencryptedObjectUploads": "TRUE", "arn": .string(bucket.arn),
      "createdAt": .timestamp(bucket.created),
      "defaultServerSideEncryption": .object(encryption), "name": .string(bucket.name),
      "owner": ["displayName": .string(realm.current.accountID), "id": .string(realm.current.s3.ownerID)],
      "publicAccess": [
        "effectivePermission": isPublic && block?.restrictPublicBuckets != true ? "PUBLIC" : "NOT_PUBLIC",
        "permissionConfiguration": [
          "accountLevelPermissions": ["blockPublicAccess": four(nil)],
          "bucketLevelPermissions": [
            "accessControlList": ["allowsPublicReadAccess": false, "allowsPublicWriteAccess": false],
            "blockPublicAccess": four(block),
            "bucketPolicy": ["allowsPublicReadAccess": .bool(isPublic), "allowsPublicWriteAccess": false],
          ],
        ],
      ],
      "tags": tags(bucket.tags),
    ]
  }

  private var affectedObject: Value {
    var encryption: Fields = ["encryptionType": .string(version.encryption.algorithm)]
    encryption.add("kmsMasterKeyId", version.encryption.keyARN.map(Value.string))
    let name = key.split(separator: "/").last ?? ""
    let ending = name.contains(".") ? name.split(separator: ".").last.map(String.init) ?? "" : ""
    return [
      "bucketArn": .string(bucket.arn), "eTag": .string(version.etag), "extension": .string(ending),
      "key": .string(key), "lastModified": .timestamp(version.modified),
      "path": .string("\(bucket.name)/\(key)"),
      "publicAccess": false, "serverSideEncryption": .object(encryption), "size": .integer(version.size),
      "storageClass": .string(version.system["StorageClass"] ?? "STANDARD"), "tags": tags(version.tags),
      "versionId": .string(version.versionID == "null" ? "" : version.versionID),
    ]
  }

  private func tags(_ tags: [Tag]) -> Value {
    .list(tags.map { ["key": .string($0.key), "value": .string($0.value)] })
  }
}
