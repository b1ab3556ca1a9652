import ServiceModels
import Wire

/// A job looking at its objects: as Macie's service-linked role, with that role's rights and no more.
struct JobRun {
  let realm: Realm
  let region: String
  let time: Timestamp
  var job: MacieJob

  private var plan = DetectionPlan()

  /// The account reads this much of an object; Macie reads all of a text of up to 20 GB.
  private static let longestRead = 4 << 20

  init(realm: Realm, region: String, time: Timestamp, job: MacieJob) {
    self.realm = realm
    self.region = region
    self.time = time
    self.job = job
  }

  /// How many objects a run would look at now.
  static func objectCount(_ job: MacieJob, region: String, in realm: Realm) -> Int {
    let scope = JobScope(realm: realm, region: region, job: job)
    return (scope.named?.map(\.bucket) ?? scope.matching).reduce(0) { count, name in
      guard let bucket = realm.current.s3.buckets[name], bucket.region == region else { return count }
      return count + scope.objects(of: bucket).count
    }
  }

  /// Macie's role as a principal; nil if somebody deleted it.
  private static func role(in realm: Realm) -> Principal? {
    realm.current.iam.roles[IAMService.macieRole].map { role in
      Principal(
        kind: .role, arn: realm.iamARN("role\(role.path)\(role.name)"), account: realm.current.accountID,
        userID: role.id)
    }
  }

  /// Looks at the job's objects and notes what it found and what it could not read.
  mutating func analyse() {
    let scope = JobScope(realm: realm, region: region, job: job)
    plan = makePlan()
    var analysed: Int64 = 0
    if let named = scope.named {
      for (account, name) in named {
        guard account == realm.current.accountID else {
          fail("ACCOUNT_ACCESS_DENIED", name, "account \(account) is not this one", account: account)
          continue
        }
        analysed += analyse(name, scope)
      }
    } else {
      let names = scope.matching
      if names.isEmpty {
        JobLog.write("NO_BUCKETS_MATCHED_THE_CRITERIA", job, region: region, at: time, in: realm)
      }
      for name in names {
        JobLog.write(
          "BUCKET_MATCHED_THE_CRITERIA", job, bucket: name, region: region, at: time, in: realm)
        analysed += analyse(name, scope)
      }
    }
    if analysed > 0 {
      let recent = time.adding(seconds: -62 * 86_400)
      realm.state.macie[region]?.analyses.removeAll { $0.time < recent }
      realm.state.macie[region]?.analyses.append(MacieAnalysis(time: time, bytes: analysed))
    }
    job.isAnalysed = true
    job.objectsToProcess = 0
  }

  /// - Returns: bytes that were looked at.
  private mutating func analyse(_ name: String, _ scope: JobScope) -> Int64 {
    guard let bucket = realm.current.s3.buckets[name] else {
      fail("BUCKET_DOES_NOT_EXIST", name, "there is no bucket \(name)")
      return 0
    }
    guard bucket.region == region else {
      fail(
        "BUCKET_IN_DIFFERENT_REGION", name, "bucket \(name) is in \(bucket.region), the job runs in \(region)"
      )
      return 0
    }
    guard let role = Self.role(in: realm) else {
      fail("BUCKET_ACCESS_DENIED", name, "Macie's service-linked role \(IAMService.macieRole) is gone")
      return 0
    }
    let listing = realm.verdict(Self.question("s3:ListBucket", bucket, nil, realm), for: role, region: region)
    guard listing.isAllowed else {
      fail("BUCKET_ACCESS_DENIED", name, "Macie may not list bucket \(name): \(listing.reason)")
      return 0
    }
    return scope.objects(of: bucket).reduce(0) { $0 + look(at: $1.version, $1.key, bucket) }
  }

  /// What the job looks for; its allow lists as they are now.
  private func makePlan() -> DetectionPlan {
    let request = job.request.value
    let own = realm.current.macie[region]
    var plan = DetectionPlan()
    plan.managed = ManagedDataIdentifier.selected(
      request["managedDataIdentifierSelector"]?.string ?? "RECOMMENDED",
      request.texts("managedDataIdentifierIds"))
    plan.custom = request.texts("customDataIdentifierIds").compactMap { id in
      own?.identifiers[id].flatMap { try? CompiledIdentifier($0) }
    }
    for id in request.texts("allowListIds") {
      guard let list = own?.allowLists[id] else { continue }
      if let regex = list.regex, let pattern = try? TextPattern(regex) {
        plan.allowed.patterns.append(pattern)
      }
      plan.allowed.words.formUnion(MacieService.words(of: list, region: region, in: realm).words)
    }
    return plan
  }

  private mutating func fail(_ event: String, _ bucket: String, _ why: String, account: String? = nil) {
    job.hadError = true
    JobLog.write(event, job, bucket: bucket, account: account, region: region, at: time, in: realm)
    realm.remark(
      "macie2", "arn:\(partition(of: region)):s3:::\(bucket)",
      "Macie job \(job.name) skipped a bucket: \(why).", at: time)
  }

  private static func question(
    _ action: String, _ bucket: Bucket, _ key: String?, _ realm: Realm
  ) -> AccessQuestion {
    AccessQuestion(
      action, key.map { "\(bucket.arn)/\($0)" } ?? bucket.arn,
      policy: bucket.policy.map {
        NamedPolicy(name: "of bucket \(bucket.name)", document: realm.document($0))
      })
  }

  /// - Returns: bytes that were looked at; an object that is skipped costs nothing.
  private func look(
    at version: ObjectVersion, _ key: ObjectKey, _ bucket: Bucket
  ) -> Int64 {
    let place = "s3://\(bucket.name)/\(key.text)"
    func remark(_ text: String) { realm.remark("macie2", "\(bucket.arn)/\(key.text)", text, at: time) }
    let storage = version.system["StorageClass"] ?? "STANDARD"
    guard !["GLACIER", "DEEP_ARCHIVE", "OUTPOSTS"].contains(storage) else {
      remark("Macie skipped \(place): it does not read objects of the storage class \(storage).")
      return 0
    }
    guard version.size > 0 else { return 0 }
    let bytes: [UInt8]
    do {
      bytes =
        try version.blob.flatMap { realm.store.body($0) }.map { (body) throws(StoreError) in
          try BodyReader.prefix(body, Self.longestRead)
        } ?? []
    } catch {
      remark("Macie skipped \(place): \(error.message).")
      return 0
    }
    let scan = SensitiveDataScan(bytes, key: key.text, plan: plan)
    if let refusal = Self.refusal(of: version, key, bucket, region: region, in: realm) {
      // Two reasons, two remarks, both told at once: removing one alone brings no finding.
      remark("Macie skipped \(place) without an error: \(refusal).")
      remark(
        scan.map { ScanReport($0).ifReadable(place) }
          ?? "Even if Macie could read \(place), it looks inside text, CSV, TSV and JSON only in the practice account."
      )
      return 0
    }
    guard let scan else {
      remark("Macie skipped \(place): the practice account looks inside text, CSV, TSV and JSON only.")
      return 0
    }
    if version.size > Int64(Self.longestRead) {
      remark("The practice account read the first 4 MiB of \(place) only; Macie reads all of it.")
    }
    let report = ScanReport(scan)
    if !report.isEmpty {
      let builder = FindingBuilder(
        realm: realm, region: region, time: time, job: job, bucket: bucket, key: key.text, version: version)
      let id = realm.state.generator.hex(32)
      let document = builder.document(id: id, uuid: realm.state.generator.uuid(), scan, report)
      MacieService.keep(document, id: id, region: region, at: time, in: realm)
    }
    if let text = report.afterReading(place) { remark(text) }
    return version.size
  }

  /// Why Macie's role cannot read the object; nil if it can.
  static func refusal(
    of version: ObjectVersion, _ key: ObjectKey, _ bucket: Bucket, region: String, in realm: Realm
  ) -> String? {
    guard let role = role(in: realm) else { return "Macie's role \(IAMService.macieRole) is gone" }
    let reading = realm.verdict(question("s3:GetObject", bucket, key.text, realm), for: role, region: region)
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
