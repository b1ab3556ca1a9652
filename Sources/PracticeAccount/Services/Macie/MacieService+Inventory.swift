import ServiceModels
import Wire

/// The buckets of the Region as Macie sees them, and what it can look for.
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
        let criteria = FindingCriteria(input["criteria"].map { ["criterion": $0] })
        var buckets = ownBuckets(call).map { describe($0, call) }.filter { criteria.hold($0) }
        if let attribute = input["sortCriteria"]?["attributeName"]?.string {
          buckets.sort {
            FindingCriteria.precedes(
              FindingCriteria.values($0, attribute).first, FindingCriteria.values($1, attribute).first)
          }
        }
        if input["sortCriteria"]?["orderBy"]?.string == "DESC" { buckets.reverse() }
        return try page(buckets, input, "buckets", most: 50) { $0 }
      }),
    "GetBucketStatistics": OperationRule(
      ask("GetBucketStatistics"),
      { (input, call) throws(ServiceFault) in
        if let account = input["accountId"]?.string, account != call.accountID {
          throw fault("AccessDeniedException", "The account \(account) isn't yours.", 403)
        }
        return statistics(ownBuckets(call), call)
      }),
  ]

  private static func ownBuckets(_ call: Call) -> [Bucket] {
    call.seen.s3.buckets.values.filter { $0.region == call.region }.sorted { $0.name < $1.name }
  }

  /// Counts of a bucket's current objects.
  private struct Inventory {
    var count: Int64 = 0
    var size: Int64 = 0
    var classifiableCount: Int64 = 0
    var classifiableSize: Int64 = 0
    var otherTypes: (count: Int64, size: Int64) = (0, 0)
    var otherClasses: (count: Int64, size: Int64) = (0, 0)
    var underKMS: Int64 = 0
    var compressedSize: Int64 = 0

    init() {}

    init(_ bucket: Bucket) {
      for (key, versions) in bucket.objects {
        guard let version = versions.first, !version.isDeleteMarker else { continue }
        let ending = JobScope.objectExtension(key.text).lowercased()
        count += 1
        size += version.size
        if version.encryption.keyARN != nil { underKMS += 1 }
        if ["gz", "gzip", "tar", "zip"].contains(ending) { compressedSize += version.size }
        if ["GLACIER", "DEEP_ARCHIVE", "OUTPOSTS"].contains(version.system["StorageClass"]) {
          otherClasses = (otherClasses.count + 1, otherClasses.size + version.size)
        } else if MacieService.unsupportedEndings.contains(ending) {
          otherTypes = (otherTypes.count + 1, otherTypes.size + version.size)
        } else {
          classifiableCount += 1
          classifiableSize += version.size
        }
      }
    }

    static func + (a: Inventory, b: Inventory) -> Inventory {
      var sum = a
      sum.count += b.count
      sum.size += b.size
      sum.classifiableCount += b.classifiableCount
      sum.classifiableSize += b.classifiableSize
      sum.otherTypes = (a.otherTypes.count + b.otherTypes.count, a.otherTypes.size + b.otherTypes.size)
      sum.otherClasses = (
        a.otherClasses.count + b.otherClasses.count, a.otherClasses.size + b.otherClasses.size
      )
      sum.compressedSize += b.compressedSize
      return sum
    }

    func add(to fields: inout Fields) {
      fields["classifiableObjectCount"] = .integer(classifiableCount)
      fields["classifiableSizeInBytes"] = .integer(classifiableSize)
      fields["objectCount"] = .integer(count)
      fields["sizeInBytes"] = .integer(size)
      fields["sizeInBytesCompressed"] = .integer(compressedSize)
      func split(_ types: Int64, _ classes: Int64) -> Value {
        ["fileType": .integer(types), "storageClass": .integer(classes), "total": .integer(types + classes)]
      }
      fields["unclassifiableObjectCount"] = split(otherTypes.count, otherClasses.count)
      fields["unclassifiableObjectSizeInBytes"] = split(otherTypes.size, otherClasses.size)
    }
  }

  /// Kinds of files that Macie cannot look into, of those often met.
  static let unsupportedEndings: Set<String> = [
    "bmp", "exe", "flac", "gif", "ico", "iso", "jpeg", "jpg", "mkv", "mov", "mp3", "mp4", "ogg", "png", "so",
    "svgz", "tif", "tiff", "wav", "webm", "webp", "woff",
  ]

  private static func describe(_ bucket: Bucket, _ call: Call) -> Value {
    let inventory = Inventory(bucket)
    let exposure = BucketExposure(bucket, call.realm)
    let jobs = (call.seen.macie[call.region]?.jobs ?? [:]).values.filter { job in
      JobScope(realm: call.realm, region: call.region, job: job).covers(bucket)
    }.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
    let isMonitored = jobs.contains { $0.type == "SCHEDULED" && $0.status != "CANCELLED" }
    var details: Fields = [
      "isDefinedInJob": jobs.isEmpty ? "FALSE" : "TRUE", "isMonitoredByJob": isMonitored ? "TRUE" : "FALSE",
    ]
    if let last = jobs.last(where: { $0.runs > 0 }) {
      details["lastJobId"] = .string(last.id)
      details["lastJobRunTime"] = .timestamp(last.runStarted ?? last.created)
    }
    var encryption: Fields = [:]
    encryption.add("kmsMasterKeyId", bucket.encryption.keyID.map(Value.string))
    encryption["type"] = .string(bucket.encryption.algorithm)
    let own = call.seen.macie[call.region]
    let isDiscovered =
      own?.session?.automatedDiscovery == "ENABLED" && own?.excludedBuckets.contains(bucket.name) != true
    var fields: Fields = [
      "accountId": .string(call.accountID),
      "allowsUnencryptedObjectUploads": exposure.allowsUnencryptedUploads ? "TRUE" : "FALSE",
      "automatedDiscoveryMonitoringStatus": isDiscovered ? "MONITORED" : "NOT_MONITORED",
      "bucketArn": .string(bucket.arn), "bucketCreatedAt": .timestamp(bucket.created),
      "bucketName": .string(bucket.name), "jobDetails": .object(details), "lastUpdated": .timestamp(call.now),
      "objectCountByEncryptionType": [
        "customerManaged": 0, "kmsManaged": .integer(inventory.underKMS),
        "s3Managed": .integer(inventory.count - inventory.underKMS), "unencrypted": 0, "unknown": 0,
      ], "publicAccess": FindingBuilder.publicAccess(bucket, exposure), "region": .string(bucket.region),
      "replicationDetails": ["replicated": false, "replicatedExternally": false, "replicationAccounts": []],
    ]
    inventory.add(to: &fields)
    // 50 until automated discovery has looked; nothing is sampled here.
    if isDiscovered { fields["sensitivityScore"] = 50 }
    fields["serverSideEncryption"] = .object(encryption)
    fields["sharedAccess"] = .string(exposure.sharedAccess)
    fields["tags"] = FindingBuilder.tags(bucket.tags)
    fields["versioning"] = .bool(bucket.versioning == "Enabled")
    return .object(fields)
  }

  private static func statistics(_ buckets: [Bucket], _ call: Call) -> Value {
    let exposures = buckets.map { BucketExposure($0, call.realm) }
    let total = buckets.reduce(Inventory()) { $0 + Inventory($1) }
    func count(_ exposed: (BucketExposure) -> Bool) -> Value {
      .integer(Int64(exposures.count(where: exposed)))
    }
    let underKMS = Int64(buckets.count { $0.encryption.usesKMS })
    let isDiscovering = call.seen.macie[call.region]?.session?.automatedDiscovery == "ENABLED"
    var fields: Fields = [
      "bucketCount": .integer(Int64(buckets.count)),
      "bucketCountByEffectivePermission": [
        "publiclyAccessible": count(\.isPublic), "publiclyReadable": count(\.isPublic), "publiclyWritable": 0,
        "unknown": 0,
      ],
      "bucketCountByEncryptionType": [
        "kmsManaged": .integer(underKMS), "s3Managed": .integer(Int64(buckets.count) - underKMS),
        "unencrypted": 0, "unknown": 0,
      ],
      "bucketCountByObjectEncryptionRequirement": [
        "allowsUnencryptedObjectUploads": count(\.allowsUnencryptedUploads),
        "deniesUnencryptedObjectUploads": count { !$0.allowsUnencryptedUploads }, "unknown": 0,
      ],
      "bucketCountBySharedAccessType": [
        "external": count { $0.sharedAccess == "EXTERNAL" }, "internal": 0,
        "notShared": count { $0.sharedAccess == "NOT_SHARED" }, "unknown": 0,
      ], "lastUpdated": .timestamp(call.now),
    ]
    if isDiscovering {
      func row(_ number: Int, _ inventory: Inventory, _ publicCount: Value) -> Value {
        [
          "classifiableSizeInBytes": .integer(inventory.classifiableSize),
          "publiclyAccessibleCount": publicCount, "totalCount": .integer(Int64(number)),
          "totalSizeInBytes": .integer(inventory.size),
        ]
      }
      let none = row(0, Inventory(), 0)
      fields["bucketStatisticsBySensitivity"] = [
        "classificationError": none, "notClassified": row(buckets.count, total, count(\.isPublic)),
        "notSensitive": none, "sensitive": none,
      ]
    }
    total.add(to: &fields)
    return .object(fields)
  }
}
