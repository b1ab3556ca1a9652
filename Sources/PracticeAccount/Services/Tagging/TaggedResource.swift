import Wire

/// An Amazon Resource Name in its parts (IAM user guide, "Amazon Resource Names").
struct ResourceARN {
  var text: String
  var service: String
  var region: String
  var account: String
  /// `key`, `vpc-endpoint`, `log-group`; `bucket` for S3, whose ARNs name no type.
  var type: String
  /// What comes after the type.
  var name: String

  init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), !parts[2].isEmpty, !parts[5].isEmpty
    else { return nil }
    self.text = text
    (service, region, account) = (parts[2], parts[3], parts[4])
    guard service != "s3" else {
      (type, name) = ("bucket", parts[5])
      return
    }
    let cut = parts[5].firstIndex { $0 == "/" || $0 == ":" } ?? parts[5].endIndex
    type = String(parts[5][..<cut])
    name = String(parts[5][cut...].dropFirst())
  }

  /// `ec2` or `ec2:vpc`, as `ResourceTypeFilters` has them.
  func isOf(_ filter: String) -> Bool { filter == service || filter == "\(service):\(type)" }

  /// A bucket is where it was made; what is global is in us-east-1.
  func isIn(_ region: String, _ call: Call) -> Bool {
    if service == "s3" { return call.seen.s3.buckets[name].map { $0.region == region } ?? true }
    return self.region.isEmpty ? region == "us-east-1" : self.region == region
  }
}

/// Something with tags.
struct TaggedResource {
  var arn: ResourceARN
  var tags: [Tag]

  /// Everything in the call's Region that has tags, by its ARN. IAM's users and roles are not found (Resource Groups
  /// Tagging API reference, "Services that support the Resource Groups Tagging API").
  static func all(_ call: Call) -> [TaggedResource] {
    let (state, region) = (call.seen, call.region)
    var rows: [(arn: String, tags: [Tag])] = []
    for key in (state.kms[region]?.keys ?? [:]).values where !key.isManagedByAWS {
      rows.append((call.arn("kms", "key/\(key.id)"), key.tags))
    }
    for bucket in state.s3.buckets.values where bucket.region == region {
      rows.append(("arn:\(partition(of: region)):s3:::\(bucket.name)", bucket.tags))
    }
    for (kind, id, tags) in call.network.resources {
      rows.append((call.arn("ec2", "\(kind.rawValue)/\(id)"), tags))
    }
    if let macie = state.macie[region] {
      rows += macie.jobs.values.map { (call.arn("macie2", "classification-job/\($0.id)"), $0.tags) }
      rows += macie.identifiers.values.filter { !$0.isDeleted }.map {
        (call.arn("macie2", "custom-data-identifier/\($0.id)"), $0.tags)
      }
      rows += macie.allowLists.map { (call.arn("macie2", "allow-list/\($0.key)"), $0.value.tags) }
      rows += macie.filters.map { (call.arn("macie2", "findings-filter/\($0.id)"), $0.tags) }
    }
    rows += (state.logs[region]?.groups ?? [:]).map {
      (call.arn("logs", "log-group:\($0.key)"), $0.value.tags)
    }
    if region == "us-east-1" {
      rows += state.iam.policies.map { ($0.key, $0.value.tags) }
      rows += state.iam.instanceProfiles.values.map {
        (call.iamARN("instance-profile\($0.path)\($0.name)"), $0.tags)
      }
    }
    return rows.filter { !$0.tags.isEmpty }.sorted { $0.arn < $1.arn }.compactMap { row in
      ResourceARN(row.arn).map { TaggedResource(arn: $0, tags: row.tags.sorted { $0.key < $1.key }) }
    }
  }
}
