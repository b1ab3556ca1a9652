import OrderedJSON
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
    [
      "users": .object(
        object(state.iam.users) { user in
          [
            "id": .string(user.id), "path": .string(user.path),
            "attached": .array(user.attached.map(JSON.string)),
            "inline": .object(object(user.inline) { policy($0) }), "tags": tags(user.tags),
            "accessKeys": .array(user.accessKeys.map { .string($0.id) }),
          ]
        }),
      "roles": .object(
        object(state.iam.roles) { role in
          [
            "id": .string(role.id), "path": .string(role.path), "trust": policy(role.trust),
            "description": role.description.map(JSON.string) ?? .null,
            "attached": .array(role.attached.map(JSON.string)),
            "inline": .object(object(role.inline) { policy($0) }), "tags": tags(role.tags),
          ]
        }),
      "accountAliases": .array(state.iam.accountAliases.map(JSON.string)),
    ]
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
                "key": version.encryption.keyARN.map(JSON.string) ?? .null,
              ]
            }),
        ]
      }
      return [
        "region": .string(bucket.region), "ownership": .string(bucket.ownership),
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
        "findings": .array(region.findings.values.map { .string($0.id) }),
      ]
    }
  }

  private var logs: JSONObject {
    object(state.logs) { region in
      region.groups.isEmpty
        ? nil : .object(object(region.groups) { .array($0.streams.keys.sorted().map(JSON.string)) })
    }
  }

  private var ec2: JSONObject {
    object(state.ec2) { region in
      let endpoints = object(region.endpoints.filter { ["pending", "available"].contains($0.value.state) }) {
        endpoint -> JSON in
        [
          "type": .string(endpoint.type), "service": .string(endpoint.service),
          "policy": policy(endpoint.policy),
          "tags": tags(endpoint.tags),
        ]
      }
      return endpoints.isEmpty ? nil : .object(endpoints)
    }
  }
}
