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
    let places = report.hits.map(\.places) + report.customHits.map(\.places)
    let custom = report.customHits.map { hit -> Value in
      [
        "arn": .string(realm.arn("macie2", region: region, "custom-data-identifier/\(hit.identifier.id)")),
        "count": .integer(Int64(hit.places.count)), "name": .string(hit.identifier.name),
        "occurrences": occurrences(hit.places),
      ]
    }
    let score =
      (report.hits.map { $0.identifier.severity.score($0.places.count) }
      + report.customHits.compactMap { $0.identifier.severity($0.places.count) }).max() ?? 1
    let form = FindingForm(categories: categories, hasCustom: !custom.isEmpty)
    return [
      "accountId": .string(account), "archived": false, "category": "CLASSIFICATION",
      "classificationDetails": [
        "detailedResultsLocation": .string(
          "s3://[export-config-not-set]/AWSLogs/\(account)/Macie/\(region)/\(job.id)/\(uuid).jsonl.gz"),
        "jobArn": .string(realm.arn("macie2", region: region, "classification-job/\(job.id)")),
        "jobId": .string(job.id), "originType": "SENSITIVE_DATA_DISCOVERY_JOB",
        "result": [
          "additionalOccurrences": .bool(places.contains { $0.count > Self.mostPlaces }),
          "customDataIdentifiers": [
            "detections": .list(custom),
            "totalCount": .integer(Int64(report.customHits.reduce(0) { $0 + $1.places.count })),
          ], "mimeType": .string(scan.mimeType),
          "sensitiveData": .list(sensitiveData(report, categories)), "sizeClassified": .integer(version.size),
          "status": ["code": "COMPLETE"],
        ],
      ],
      "count": 1, "createdAt": .timestamp(time), "description": .string(form.description), "id": .string(id),
      "partition": .string(partition(of: region)), "region": .string(region),
      "resourcesAffected": [
        "s3Bucket": Self.affected(bucket, realm), "s3Object": affectedObject,
      ], "sample": false, "schemaVersion": "1.0", "severity": FindingForm.severity(score),
      "title": .string(form.title), "type": .string(form.type), "updatedAt": .timestamp(time),
    ]
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

  /// `resourcesAffected.s3Bucket`.
  static func affected(_ bucket: Bucket, _ realm: Realm) -> Value {
    var encryption: Fields = ["encryptionType": .string(bucket.encryption.algorithm)]
    encryption.add("kmsMasterKeyId", bucket.encryption.keyID.map(Value.string))
    let exposure = BucketExposure(bucket, realm)
    return [
      "allowsUnencryptedObjectUploads": exposure.allowsUnencryptedUploads ? "TRUE" : "FALSE",
      "arn": .string(bucket.arn), "createdAt": .timestamp(bucket.created),
      "defaultServerSideEncryption": .object(encryption), "name": .string(bucket.name),
      "owner": ["displayName": .string(realm.current.accountID), "id": .string(realm.current.s3.ownerID)],
      "publicAccess": publicAccess(bucket, exposure), "tags": tags(bucket.tags),
    ]
  }

  static func publicAccess(_ bucket: Bucket, _ exposure: BucketExposure) -> Value {
    func four(_ flags: PublicAccessBlock?) -> Value {
      [
        "blockPublicAcls": .bool(flags?.blockPublicAcls ?? false),
        "blockPublicPolicy": .bool(flags?.blockPublicPolicy ?? false),
        "ignorePublicAcls": .bool(flags?.ignorePublicAcls ?? false),
        "restrictPublicBuckets": .bool(flags?.restrictPublicBuckets ?? false),
      ]
    }
    return [
      "effectivePermission": .string(exposure.effectivePermission),
      "permissionConfiguration": [
        "accountLevelPermissions": ["blockPublicAccess": four(nil)],
        "bucketLevelPermissions": [
          "accessControlList": ["allowsPublicReadAccess": false, "allowsPublicWriteAccess": false],
          "blockPublicAccess": four(bucket.publicAccess),
          "bucketPolicy": [
            "allowsPublicReadAccess": .bool(exposure.policyIsPublic), "allowsPublicWriteAccess": false,
          ],
        ],
      ],
    ]
  }

  private var affectedObject: Value {
    var encryption: Fields = ["encryptionType": .string(version.encryption.algorithm)]
    encryption.add("kmsMasterKeyId", version.encryption.keyARN.map(Value.string))
    let ending = JobScope.objectExtension(key)
    return [
      "bucketArn": .string(bucket.arn), "eTag": .string(version.etag), "extension": .string(ending),
      "key": .string(key), "lastModified": .timestamp(version.modified),
      "path": .string("\(bucket.name)/\(key)"),
      "publicAccess": false, "serverSideEncryption": .object(encryption), "size": .integer(version.size),
      "storageClass": .string(version.system["StorageClass"] ?? "STANDARD"), "tags": Self.tags(version.tags),
      "versionId": .string(version.versionID == "null" ? "" : version.versionID),
    ]
  }

  static func tags(_ tags: [Tag]) -> Value {
    .list(tags.map { ["key": .string($0.key), "value": .string($0.value)] })
  }
}
