import ServiceModels
import Wire

/// What a job looks at: its buckets and, in them, its objects (Macie API reference, `S3JobDefinition`).
struct JobScope {
  let realm: Realm
  let region: String
  let job: MacieJob

  private var definition: Value? { job.request.value["s3JobDefinition"] }

  /// Buckets named: with the account they are said to be of. Nil for a job that chooses by criteria.
  var named: [(account: String, bucket: String)]? {
    definition?["bucketDefinitions"]?.list.map { definitions in
      definitions.flatMap { definition in
        definition.texts("buckets").map { (definition.text("accountId"), $0) }
      }
    }
  }

  /// Buckets that fit the criteria now, by name.
  var matching: [String] {
    let criteria = definition?["bucketCriteria"]
    return realm.current.s3.buckets.values.filter { bucket in
      guard bucket.region == region else { return false }
      return Self.holds(criteria) { Self.holds($0, bucket, realm) }
    }.map(\.name).sorted()
  }

  /// Whether the job names the bucket or would choose it.
  func covers(_ bucket: Bucket) -> Bool {
    if let named { return named.contains { $0.bucket == bucket.name } }
    return bucket.region == region
      && Self.holds(definition?["bucketCriteria"]) { Self.holds($0, bucket, realm) }
  }

  /// The objects that a run looks at now, in order of their keys; a sample, if the job wants one.
  func objects(of bucket: Bucket) -> [(key: ObjectKey, version: ObjectVersion)] {
    let scoping = definition?["scoping"]
    var chosen: [(key: ObjectKey, version: ObjectVersion)] = []
    for (key, versions) in bucket.objects {
      guard let version = versions.first, !version.isDeleteMarker else { continue }
      if let since = job.since, version.modified < since { continue }
      if Self.holds(scoping, { Self.holds($0, key.text, version) }) { chosen.append((key, version)) }
    }
    return sample(chosen, of: bucket.name)
  }

  /// As many as the percentage asks for, at least one; which of them follows from the job's id and run.
  private func sample<Item>(_ items: [Item], of bucket: String) -> [Item] {
    let percentage = Int(clamping: job.request.value["samplingPercentage"]?.integer ?? 100)
    guard percentage < 100, !items.isEmpty else { return items }
    var wanted = max(1, items.count * percentage / 100)
    var left = items.count
    let seed = (job.id + bucket + String(job.runs)).utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    var generator = SeededGenerator(seed: seed)
    // Knuth's algorithm S: every subset of that size is as likely.
    return items.filter { _ in
      defer { left -= 1 }
      guard generator.below(left) < wanted else { return false }
      wanted -= 1
      return true
    }
  }

  /// `{includes: {and: [..]}, excludes: {and: [..]}}`: all terms of the first must hold, and not all of the second.
  private static func holds(_ block: Value?, _ term: (Value) -> Bool) -> Bool {
    let includes = block?["includes"]?.items("and") ?? []
    let excludes = block?["excludes"]?.items("and") ?? []
    return includes.allSatisfy(term) && (excludes.isEmpty || !excludes.allSatisfy(term))
  }

  private static func holds(_ condition: Value, _ bucket: Bucket, _ realm: Realm) -> Bool {
    if let tags = condition["tagCriterion"] { return holds(tags, bucket.tags) }
    guard let term = condition["simpleCriterion"] else { return true }
    let own: String =
      switch term.text("key") {
      case "ACCOUNT_ID": realm.current.accountID
      case "S3_BUCKET_NAME": bucket.name
      case "S3_BUCKET_EFFECTIVE_PERMISSION": BucketExposure(bucket, realm).effectivePermission
      case "S3_BUCKET_SHARED_ACCESS": BucketExposure(bucket, realm).sharedAccess
      default: ""
      }
    return holds(term, own, number: nil)
  }

  private static func holds(_ condition: Value, _ key: String, _ version: ObjectVersion) -> Bool {
    if let tags = condition["tagScopeTerm"] { return holds(tags, version.tags) }
    guard let term = condition["simpleScopeTerm"] else { return true }
    switch term.text("key") {
    case "OBJECT_EXTENSION": return holds(term, objectExtension(key), number: nil)
    case "OBJECT_LAST_MODIFIED_DATE":
      return holds(term, version.modified.iso8601, number: version.modified.seconds)
    case "OBJECT_SIZE": return holds(term, String(version.size), number: Double(version.size))
    case "OBJECT_KEY": return holds(term, key, number: nil)
    default: return true
    }
  }

  private static func holds(_ term: Value, _ own: [Tag]) -> Bool {
    let pairs = term.items("tagValues")
    let has = pairs.contains { pair in
      own.contains { tag in
        tag.key == pair.text("key") && (pair["value"]?.string.map { $0.isEmpty || $0 == tag.value } ?? true)
      }
    }
    return has == (term["comparator"]?.string != "NE")
  }

  /// Numbers and times are compared as such where they are any.
  private static func holds(_ term: Value, _ own: String, number: Double?) -> Bool {
    let values = term.texts("values")
    func compare(_ holds: (Double, Double) -> Bool) -> Bool {
      guard let number else { return false }
      return values.allSatisfy { value in
        guard let bound = Double(value) ?? Timestamp(parsing: value)?.seconds else { return false }
        return holds(number, bound)
      }
    }
    return switch term["comparator"]?.string ?? "EQ" {
    case "EQ": number == nil ? values.contains(own) : compare(==)
    case "NE": number == nil ? !values.contains(own) : compare(!=)
    case "GT": compare(>)
    case "GTE": compare(>=)
    case "LT": compare(<)
    case "LTE": compare(<=)
    case "CONTAINS": values.contains { own.contains($0) }
    case "STARTS_WITH": values.contains { own.hasPrefix($0) }
    default: false
    }
  }

  /// What follows the last dot of the last part, without it.
  static func objectExtension(_ key: String) -> String {
    let name = key.split(separator: "/").last ?? ""
    return name.contains(".") ? name.split(separator: ".").last.map(String.init) ?? "" : ""
  }
}
