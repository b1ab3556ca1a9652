import ServiceModels
import Wire

extension MacieService {
  static let inventoryRules: [String: OperationRule] = [
    "ListManagedDataIdentifiers": OperationRule(
      ask("ListManagedDataIdentifiers"),
      { (_, _) in
        [
          "items": .list(
            ManagedDataIdentifier.all.map { ["category": .string($0.category), "id": .string($0.id)] })
        ]
      }),
    "DescribeBuckets": OperationRule(
      ask("DescribeBuckets"),
      { (input, call) throws(ServiceFault) in
        let names = FindingCriteria(input["criteria"].map { ["criterion": $0] })
        let buckets = call.seen.s3.buckets.values.filter { $0.region == call.region }.sorted {
          $0.name < $1.name
        }
        .map { describe($0, call) }.filter { names.hold($0) }
        guard
          let page = Page(
            buckets, limit: input["maxResults"]?.integer, token: input["nextToken"]?.string, most: 50)
        else {
          throw fault("ValidationException", "The request failed because nextToken isn't valid.")
        }
        var fields: Fields = ["buckets": .list(page.items)]
        fields.add("nextToken", page.next.map(Value.string))
        return .object(fields)
      }),
  ]

  private static func describe(_ bucket: Bucket, _ call: Call) -> Value {
    let current = bucket.objects.values.compactMap { $0.first }.filter { !$0.isDeleteMarker }
    let size = current.reduce(Int64(0)) { $0 + $1.size }
    func count(_ test: (ObjectVersion) -> Bool) -> Value { .integer(Int64(current.count(where: test))) }
    let jobs = (call.seen.macie[call.region]?.jobs ?? [:]).values.filter { job in
      (job.request.value["s3JobDefinition"]?.items("bucketDefinitions") ?? []).contains {
        $0.texts("buckets").contains(bucket.name)
      }
    }.sorted { $0.created < $1.created }
    var details: Fields = ["isDefinedInJob": jobs.isEmpty ? "FALSE" : "TRUE", "isMonitoredByJob": "FALSE"]
    if let last = jobs.last {
      details["lastJobId"] = .string(last.id)
      details["lastJobRunTime"] = .timestamp(last.created)
    }
    var encryption: Fields = [:]
    encryption.add("kmsMasterKeyId", bucket.encryption.keyID.map(Value.string))
    encryption["type"] = .string(bucket.encryption.algorithm)
    return [
      "accountId": .string(call.accountID), "allowsUnencryptedObjectUploads": "TRUE",
      "bucketArn": .string(bucket.arn), "bucketCreatedAt": .timestamp(bucket.created),
      "bucketName": .string(bucket.name), "classifiableObjectCount": .integer(Int64(current.count)),
      "classifiableSizeInBytes": .integer(size), "jobDetails": .object(details),
      "lastUpdated": .timestamp(call.now),
      "objectCount": .integer(Int64(current.count)),
      "objectCountByEncryptionType": [
        "customerManaged": 0, "kmsManaged": count { $0.encryption.keyARN != nil },
        "s3Managed": count { $0.encryption.keyARN == nil }, "unencrypted": 0, "unknown": 0,
      ],
      "region": .string(bucket.region), "serverSideEncryption": .object(encryption),
      "sharedAccess": "NOT_SHARED",
      "sizeInBytes": .integer(size),
      "tags": .list(bucket.tags.map { ["key": .string($0.key), "value": .string($0.value)] }),
      "versioning": .bool(bucket.versioning == "Enabled"),
    ]
  }
}
