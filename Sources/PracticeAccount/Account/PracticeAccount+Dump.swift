import OrderedJSON
import ServiceModels
import Synchronization
import Wire

extension PracticeAccount {
  /// What exists, sorted: equal for equal accounts. No clock, no counters, no keys' secrets, no remarks, and
  /// nothing that is on its way out by itself (keys pending deletion, endpoints being deleted; see
  /// `pendingDeletions`), nor what AWS makes for itself and nobody can remove (keys managed by AWS).
  package func dump() -> JSON {
    realm.withLock { realm in
      realm.settle()
      return AccountDump(state: realm.current).json
    }
  }

  /// Keys that wait for their deletion: their ARNs and until when.
  package func pendingDeletions() -> [(arn: String, until: Timestamp)] {
    realm.withLock { realm in
      realm.settle()
      return realm.current.kms.flatMap { region, content in
        content.keys.values.compactMap { key in
          key.deletionDate.map { (realm.keyARN(key.id, region: region), $0) }
        }
      }.sorted { $0.0 < $1.0 }
    }
  }
}

private struct AccountDump {
  let state: AccountState

  var json: JSON {
    var all: JSONObject = ["accountId": .string(state.accountID), "iam": iam]
    for (name, part) in [("kms", kms), ("s3", s3), ("macie2", macie), ("logs", logs), ("ec2", ec2)] {
      if !part.isEmpty { all[name] = .object(part) }
    }
    return .object(all)
  }

  private func object<Item>(_ items: [String: Item], _ json: (Item) -> JSON?) -> JSONObject {
    var object = JSONObject()
    for (name, item) in items.sorted(by: { $0.key < $1.key }) { object[name] = json(item) }
    return object
  }

  private func tags(_ tags: [Tag]) -> JSON {
    .object(object(Dictionary(tags.map { ($0.key, $0.value) }) { $1 }) { .string($0) })
  }

  private func policy(_ text: String?) -> JSON { text.map { (try? JSON.parse($0)) ?? .string($0) } ?? .null }

  private var iam: JSON {
    let iam = state.iam
    var all: JSONObject = [
      "users": .object(
        object(iam.users) { user in
          .object(
            holder(
              user,
              [
                "accessKeys": .array(
                  user.accessKeys.map { .string($0.isActive ? $0.id : "\($0.id) (inactive)") })
              ]))
        }),
      "roles": .object(
        object(iam.roles) { role in
          .object(
            holder(
              role,
              [
                "trust": policy(role.trust), "description": role.description.map(JSON.string) ?? .null,
                "maxSessionDuration": .int(Int(role.maxSessionDuration)),
              ]))
        }),
      "accountAliases": .array(iam.accountAliases.map(JSON.string)),
    ]
    // What most accounts do not have is left out where there is none.
    if !iam.groups.isEmpty {
      all["groups"] = .object(
        object(iam.groups) { group in
          .object(holder(group, ["members": .array(group.members.sorted().map(JSON.string))]))
        })
    }
    if !iam.policies.isEmpty {
      all["policies"] = .object(
        object(iam.policies) { policy in
          [
            "id": .string(policy.id), "description": policy.description.map(JSON.string) ?? .null,
            "default": .string(policy.defaultVersion), "tags": tags(policy.tags),
            "versions": .object(
              object(Dictionary(policy.versions.map { ($0.id, $0.document) }) { $1 }) { self.policy($0) }),
          ]
        })
    }
    if !iam.instanceProfiles.isEmpty {
      all["instanceProfiles"] = .object(
        object(iam.instanceProfiles) { profile in
          [
            "id": .string(profile.id), "path": .string(profile.path),
            "role": profile.role.map(JSON.string) ?? .null, "tags": tags(profile.tags),
          ]
        })
    }
    if let policy = iam.passwordPolicy { all["passwordPolicy"] = policy.value.json(shape: nil) }
    return .object(all)
  }

  private func holder(_ holder: some PolicyHolder, _ more: JSONObject) -> JSONObject {
    var json: JSONObject = [
      "id": .string(holder.id), "path": .string(holder.path),
      "attached": .array(holder.attached.map(JSON.string)),
      "inline": .object(object(holder.inline) { policy($0) }), "tags": tags(holder.tags),
    ]
    if let boundary = holder.boundary { json["boundary"] = .string(boundary) }
    for (name, value) in more { json[name] = value }
    return json
  }

  private var kms: JSONObject {
    object(state.kms) { region in
      let keys = object(region.keys) { key -> JSON? in
        if key.isManagedByAWS || key.state == .pendingDeletion { return nil }
        return [
          "description": .string(key.description), "state": .string(key.state.rawValue),
          "policy": policy(key.policy),
          "tags": tags(key.tags), "grants": .array(key.grants.map { .string($0.id) }),
          "rotates": .bool(key.rotationPeriod != nil),
        ]
      }
      let aliases = object(region.aliases.filter { !$0.key.hasPrefix("alias/aws/") }) { .string($0.target) }
      if keys.isEmpty, aliases.isEmpty { return nil }
      return ["keys": .object(keys), "aliases": .object(aliases)]
    }
  }

  private var s3: JSONObject {
    object(state.s3.buckets) { bucket in
      let block = bucket.publicAccess
      let objects = bucket.objects.map { key, versions -> JSON in
        [
          "key": .string(key.text),
          "versions": .array(
            versions.map { version in
              [
                "id": .string(version.versionID), "deleteMarker": .bool(version.isDeleteMarker),
                "size": .int(Int(clamping: version.size)), "etag": .string(version.etag),
                "key": version.encryption.keyARN.map(JSON.string) ?? .null, "tags": tags(version.tags),
              ]
            }),
        ]
      }
      return [
        "region": .string(bucket.region), "ownership": bucket.ownership.map(JSON.string) ?? .null,
        "encryption": [
          "algorithm": .string(bucket.encryption.algorithm),
          "key": bucket.encryption.keyID.map(JSON.string) ?? .null,
          "bucketKey": .bool(bucket.encryption.usesBucketKey),
        ], "tags": tags(bucket.tags), "policy": policy(bucket.policy),
        "publicAccessBlock": .array(
          block.map {
            [
              .bool($0.blockPublicAcls), .bool($0.ignorePublicAcls), .bool($0.blockPublicPolicy),
              .bool($0.restrictPublicBuckets),
            ]
          }
            ?? []), "versioning": bucket.versioning.map(JSON.string) ?? .null, "objects": .array(objects),
        "uploads": .array(bucket.uploads.keys.sorted().map(JSON.string)),
        "configurations": .object(object(bucket.configurations) { $0.value.plainJSON }),
      ]
    }
  }

  private var macie: JSONObject {
    object(state.macie) { region in
      guard let session = region.session else { return nil }
      return [
        "status": .string(session.status), "frequency": .string(session.frequency),
        "automatedDiscovery": .string(session.automatedDiscovery),
        "jobs": .object(object(region.jobs) { ["name": .string($0.name), "status": .string($0.status)] }),
        "customDataIdentifiers": .object(
          object(region.identifiers) {
            $0.isDeleted ? nil : ["name": .string($0.name), "regex": .string($0.regex)]
          }),
        "allowLists": .object(
          object(region.allowLists) {
            ["name": .string($0.name), "regex": $0.regex.map(JSON.string) ?? .null]
          }),
        "filters": .array(region.filters.map { .string("\($0.action) \($0.name)") }),
        "export": region.exportDestination?.value["s3Destination"]?["bucketName"]?.string.map(JSON.string)
          ?? .null,
        "excludedBuckets": .array(region.excludedBuckets.map(JSON.string)),
        "findings": .array(region.findings.values.map { .string($0.id) }),
      ]
    }
  }

  private var logs: JSONObject {
    object(state.logs) { region in
      region.groups.isEmpty
        ? nil
        : .object(
          object(region.groups) { group in
            [
              "retention": group.retention.map { .int(Int(clamping: $0)) } ?? .null, "tags": tags(group.tags),
              "streams": .array(group.streams.keys.sorted().map(JSON.string)),
            ]
          })
    }
  }

  /// Where a network is another than every Region begins with: all of it but what is on its way out.
  private var ec2: JSONObject {
    object(Dictionary(uniqueKeysWithValues: state.ec2.map { ($0, ($0, $1)) })) { name, region -> JSON? in
      var region = region
      region.endpoints = region.endpoints.filter { $0.value.isAlive }
      let initial = EC2Region.initial(
        account: state.accountID, region: name, hasDefaultVPC: state.settings.hasDefaultVPC)
      // As a ternary the nil would be JSON's null.
      if region == initial { return nil }
      return dumped(region)
    }
  }

  private func dumped(_ region: EC2Region) -> JSON {
    func texts(_ items: [String]) -> JSON { .array(items.sorted().map(JSON.string)) }
    return [
      "vpcs": .object(
        object(region.vpcs) {
          [
            "block": .string($0.block.description), "default": .bool($0.isDefault),
            "tenancy": .string($0.tenancy),
            "dns": [.bool($0.supportsDNS), .bool($0.hasDNSHostnames)], "tags": tags($0.tags),
          ]
        }),
      "subnets": .object(
        object(region.subnets) {
          [
            "vpc": .string($0.vpc), "zone": .string($0.zone), "block": .string($0.block.description),
            "default": .bool($0.isDefault), "public": .bool($0.mapsPublicAddresses), "tags": tags($0.tags),
          ]
        }),
      "securityGroups": .object(
        object(region.groups) { group in
          [
            "vpc": .string(group.vpc), "name": .string(group.name), "description": .string(group.description),
            "rules": .object(
              object(Dictionary(group.rules.map { ($0.id, $0) }) { $1 }) { .string($0.words) }),
            "tags": tags(group.tags),
          ]
        }),
      "routeTables": .object(
        object(region.routeTables) { table in
          [
            "vpc": .string(table.vpc), "subnets": texts(table.associations.map { $0.subnet ?? "main" }),
            "routes": texts(table.routes.map { "\($0.destination) \($0.gateway)" }), "tags": tags(table.tags),
          ]
        }),
      "internetGateways": .object(
        object(region.gateways) { ["vpc": $0.vpc.map(JSON.string) ?? .null, "tags": tags($0.tags)] }),
      "endpoints": .object(
        object(region.endpoints) { endpoint in
          [
            "type": .string(endpoint.type), "service": .string(endpoint.service),
            "vpc": .string(endpoint.vpc),
            "policy": policy(endpoint.policy), "subnets": texts(endpoint.interfaces.map(\.subnet)),
            "groups": texts(endpoint.groups), "routeTables": texts(endpoint.routeTables),
            "privateDNS": .bool(endpoint.privateDNS), "tags": tags(endpoint.tags),
          ]
        }),
    ]
  }
}
