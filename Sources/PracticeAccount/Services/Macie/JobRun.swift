import ServiceModels
import Wire

/// A job looking at its objects: as Macie's service-linked role, with that role's rights and no more.
struct JobRun {
  let realm: Realm
  let region: String
  let time: Timestamp
  var job: MacieJob

  /// How many objects a job over these buckets would look at now.
  static func objectCount(_ request: Value, region: String, in realm: Realm) -> Int {
    buckets(request).reduce(0) { count, name in
      guard let bucket = realm.current.s3.buckets[name], bucket.region == region else { return count }
      return count + bucket.objects.values.reduce(0) { $1.first?.isDeleteMarker == false ? $0 + 1 : $0 }
    }
  }

  private static func buckets(_ request: Value) -> [String] {
    (request["s3JobDefinition"]?.items("bucketDefinitions") ?? []).flatMap { $0.texts("buckets") }
  }

  private var identifiers: [ManagedDataIdentifier] {
    let request = job.request.value
    let named = Set(request.texts("managedDataIdentifierIds"))
    return ManagedDataIdentifier.all.filter { identifier in
      switch request["managedDataIdentifierSelector"]?.string ?? "RECOMMENDED" {
      case "ALL": true
      case "EXCLUDE": !named.contains(identifier.id)
      case "INCLUDE": named.contains(identifier.id)
      case "NONE": false
      default: identifier.isRecommended
      }
    }
  }

  /// Macie's role as a principal; nil if somebody deleted it.
  private var role: Principal? {
    realm.current.iam.roles[IAMService.macieRole].map { role in
      Principal(
        kind: .role, arn: realm.iamARN("role\(role.path)\(role.name)"), account: realm.current.accountID,
        userID: role.id)
    }
  }

  /// Looks at every object and notes what it found and what it could not read.
  mutating func analyse() {
    for name in Self.buckets(job.request.value) {
      guard let bucket = realm.current.s3.buckets[name] else {
        fail("BUCKET_DOES_NOT_EXIST", name, "there is no bucket \(name)")
        continue
      }
      guard bucket.region == region else {
        fail(
          "BUCKET_IN_DIFFERENT_REGION", name,
          "bucket \(name) is in \(bucket.region), the job runs in \(region)")
        continue
      }
      guard let role else {
        fail("BUCKET_ACCESS_DENIED", name, "Macie's service-linked role \(IAMService.macieRole) is gone")
        continue
      }
      let listing = realm.verdict(question("s3:ListBucket", bucket, nil), for: role, region: region)
      guard listing.isAllowed else {
        fail("BUCKET_ACCESS_DENIED", name, "Macie may not list bucket \(name): \(listing.reason)")
        continue
      }
      for (key, versions) in bucket.objects {
        if let version = versions.first, !version.isDeleteMarker {
          look(at: version, key, bucket, role)
        }
      }
    }
    job.isAnalysed = true
  }

  private mutating func fail(_ event: String, _ bucket: String, _ why: String) {
    job.hadError = true
    JobLog.write(event, job, bucket: bucket, region: region, at: time, in: realm)
    realm.remark(
      "macie2", "arn:\(partition(of: region)):s3:::\(bucket)",
      "Macie job \(job.name) skipped a bucket: \(why).", at: time)
  }

  private func question(_ action: String, _ bucket: Bucket, _ key: String?) -> AccessQuestion {
    AccessQuestion(
      action, key.map { "\(bucket.arn)/\($0)" } ?? bucket.arn,
      policy: bucket.policy.map {
        NamedPolicy(name: "of bucket \(bucket.name)", document: realm.document($0))
      })
  }

  private func look(at version: ObjectVersion, _ key: ObjectKey, _ bucket: Bucket, _ role: Principal) {
    let place = "s3://\(bucket.name)/\(key.text)"
    func remark(_ text: String) { realm.remark("macie2", "\(bucket.arn)/\(key.text)", text, at: time) }
    let bytes: [UInt8]
    do {
      bytes = try version.blob.map { (blob) throws(StoreError) in try realm.store.bytes(blob) } ?? []
    } catch {
      remark("Macie skipped \(place): \(error.message).")
      return
    }
    let scan = SensitiveDataScan(bytes, key: key.text, identifiers: identifiers)
    if let refusal = refusal(of: version, key, bucket, role) {
      // Two reasons, two remarks, both told at once: removing one alone brings no finding.
      remark("Macie skipped \(place) without an error: \(refusal).")
      remark(
        scan.map { ScanReport($0).ifReadable(place) }
          ?? "Even if Macie could read \(place), it looks inside text, CSV, TSV and JSON only in the practice account."
      )
      return
    }
    guard let scan else {
      remark("Macie skipped \(place): the practice account looks inside text, CSV, TSV and JSON only.")
      return
    }
    let report = ScanReport(scan)
    if !report.hits.isEmpty {
      let builder = FindingBuilder(
        realm: realm, region: region, time: time, job: job, bucket: bucket, key: key.text, version: version)
      let id = realm.state.generator.hex(32)
      let finding = MacieFinding(
        id: id,
        document: StoredValue(builder.document(id: id, uuid: realm.state.generator.uuid(), scan, report)))
      let number = (realm.current.macie[region]?.findings.last?.key ?? 0) + 1
      realm.state.macie[region]?.findings[number] = finding
    }
    if let text = report.afterReading(place) { remark(text) }
  }

  /// Why Macie's role cannot read the object; nil if it can.
  private func refusal(of version: ObjectVersion, _ key: ObjectKey, _ bucket: Bucket, _ role: Principal)
    -> String?
  {
    let reading = realm.verdict(question("s3:GetObject", bucket, key.text), for: role, region: region)
    guard reading.isAllowed else { return reading.reason }
    guard let arn = version.encryption.keyARN else { return nil }
    guard let kmsKey = try? realm.key(arn, region: region) else {
      return "its key \(arn) does not exist any more"
    }
    switch kmsKey.state {
    case .disabled: return "its key \(kmsKey.id) is disabled"
    case .pendingDeletion: return "its key \(kmsKey.id) is pending deletion"
    case .enabled: break
    }
    let verdict = realm.verdict(
      on: kmsKey, "kms:Decrypt", for: role, region: region, via: "s3",
      encryptionContext: S3Service.encryptionContext(
        bucket, object: key.text, usesBucketKey: version.encryption.usesBucketKey))
    switch verdict.decision {
    case .allowed: return nil
    case .explicitDeny: return "its key \(kmsKey.id) refuses Macie's role kms:Decrypt: \(verdict.reason)"
    case .implicitDeny:
      return
        "no statement in the policy of key \(kmsKey.id) allows \(IAMService.macieRole) kms:Decrypt. No grant does "
        + "either, and the role's own policy has no KMS action"
    }
  }
}
