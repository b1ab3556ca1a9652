import ServiceModels
import Wire

/// Allow lists: patterns, and objects with a word a line.
extension MacieService {
  static let allowListRules: [String: OperationRule] = [
    "CreateAllowList": OperationRule(
      { (input, call) in [AccessQuestion("macie2:CreateAllowList").requesting(readTags(input))] },
      { (input, call) throws(ServiceFault) in
        let all = call.seen.macie[call.region]?.allowLists ?? [:]
        let token = input.text("clientToken")
        if !token.isEmpty, let twin = all.values.first(where: { $0.clientToken == token }) {
          return answer(twin, call)
        }
        guard all.count < 10 else {
          throw fault(
            "ServiceQuotaExceededException",
            "The request failed because there can be no more than 10 allow lists.",
            402)
        }
        var list = MacieAllowList(
          id: call.state.generator.text(22, of: "abcdefghijklmnopqrstuvwxyz0123456789"), name: "",
          created: call.now, updated: call.now, tags: readTags(input), clientToken: token)
        try read(input, into: &list, all)
        call.state.macie[call.region]?.allowLists[list.id] = list
        return answer(list, call)
      }),
    "GetAllowList": OperationRule(
      onList("GetAllowList"),
      { (input, call) throws(ServiceFault) in
        let list = try allowList(input, call)
        var fields = summary(list, call)
        var criteria: Fields = [:]
        criteria.add("regex", list.regex.map(Value.string))
        if let bucket = list.bucket, let key = list.key {
          criteria["s3WordsList"] = ["bucketName": .string(bucket), "objectKey": .string(key)]
        }
        fields["criteria"] = .object(criteria)
        let state = words(of: list, region: call.region, in: call.realm)
        fields["status"] = ["code": .string(state.code), "description": .string(state.text)]
        fields["tags"] = write(list.tags)
        return .object(fields)
      }),
    "ListAllowLists": OperationRule(
      ask("ListAllowLists"),
      { (input, call) throws(ServiceFault) in
        let all = (call.seen.macie[call.region]?.allowLists ?? [:]).values
          .sorted { ($0.created, $0.id) < ($1.created, $1.id) }
        return try page(all, input, "allowLists", most: 25) { .object(summary($0, call)) }
      }),
    "UpdateAllowList": OperationRule(
      onList("UpdateAllowList"),
      { (input, call) throws(ServiceFault) in
        var list = try allowList(input, call)
        let isPattern = list.regex != nil
        try read(
          input, into: &list, (call.seen.macie[call.region]?.allowLists ?? [:]).filter { $0.key != list.id })
        guard isPattern == (list.regex != nil) else {
          throw invalid("the type of an allow list can't be changed")
        }
        list.updated = call.now
        call.state.macie[call.region]?.allowLists[list.id] = list
        return answer(list, call)
      }),
    "DeleteAllowList": OperationRule(
      onList("DeleteAllowList"),
      { (input, call) throws(ServiceFault) in
        let list = try allowList(input, call)
        let isUsed = (call.seen.macie[call.region]?.jobs ?? [:]).values.contains { job in
          !["COMPLETE", "CANCELLED"].contains(job.status)
            && job.request.value.texts("allowListIds").contains(list.id)
        }
        if isUsed, input.text("ignoreJobChecks") != "true" {
          throw fault(
            "ConflictException",
            "The request failed because jobs use the allow list. Set ignoreJobChecks to true to delete it all the same.",
            409)
        }
        call.state.macie[call.region]?.allowLists[list.id] = nil
        return [:]
      }),
  ]

  static func allowListARN(_ id: String, _ call: Call) -> String { call.arn("macie2", "allow-list/\(id)") }

  private static func onList(_ operation: String) -> OperationRule.Questions {
    ask(operation) { input, call in allowListARN(input.text("id"), call) }
  }

  private static func allowList(_ input: Value, _ call: Call) throws(ServiceFault) -> MacieAllowList {
    guard let list = call.seen.macie[call.region]?.allowLists[input.text("id")] else {
      throw absent("allow list")
    }
    return list
  }

  private static func answer(_ list: MacieAllowList, _ call: Call) -> Value {
    ["arn": .string(allowListARN(list.id, call)), "id": .string(list.id)]
  }

  private static func summary(_ list: MacieAllowList, _ call: Call) -> Fields {
    var fields: Fields = ["arn": .string(allowListARN(list.id, call)), "createdAt": .timestamp(list.created)]
    fields.add("description", list.description.map(Value.string))
    fields["id"] = .string(list.id)
    fields["name"] = .string(list.name)
    fields["updatedAt"] = .timestamp(list.updated)
    return fields
  }

  private static func read(
    _ input: Value, into list: inout MacieAllowList, _ others: [String: MacieAllowList]
  ) throws(ServiceFault) {
    let criteria = input["criteria"]
    let object = criteria?["s3WordsList"]
    let regex = criteria?["regex"]?.string
    guard (regex == nil) != (object == nil) else {
      throw invalid("criteria has to have either regex or s3WordsList")
    }
    if let regex {
      guard (1...512).contains(regex.unicodeScalars.count) else {
        throw invalid("the regex must contain 1-512 characters")
      }
      do {
        _ = try TextPattern(regex)
      } catch {
        throw invalid("the regex isn't valid: \(error.text)")
      }
    }
    list.name = input.text("name")
    guard (1...128).contains(list.name.unicodeScalars.count) else {
      throw invalid("the name must contain 1-128 characters")
    }
    if others.values.contains(where: { $0.name == list.name }) {
      throw fault("ConflictException", "The request failed because an allow list with that name exists.", 409)
    }
    list.description = input["description"]?.string
    list.regex = regex
    list.bucket = object?["bucketName"]?.string
    list.key = object?["objectKey"]?.string
  }

  /// What an object holds of words, read with the rights of Macie's role; and how that went.
  static func words(
    of list: MacieAllowList, region: String, in realm: Realm
  ) -> (words: Set<String>, code: String, text: String) {
    guard let name = list.bucket, let key = list.key else {
      return ([], "OK", "The allow list can be used.")
    }
    guard let bucket = realm.current.s3.buckets[name],
      let version = bucket.objects[ObjectKey(text: key)]?.first, !version.isDeleteMarker
    else { return ([], "S3_OBJECT_NOT_FOUND", "The S3 object that holds the list doesn't exist.") }
    guard version.size > 0 else {
      return ([], "S3_OBJECT_EMPTY", "The S3 object that holds the list is empty.")
    }
    // Macie user guide, "Configuration options for allow lists": 35 MB.
    guard version.size <= 35 << 20 else {
      return ([], "S3_OBJECT_OVERSIZE", "The S3 object that holds the list is larger than 35 MB.")
    }
    if let reason = JobRun.refusal(of: version, ObjectKey(text: key), bucket, region: region, in: realm) {
      return ([], "S3_OBJECT_ACCESS_DENIED", "Macie can't read the S3 object that holds the list: \(reason).")
    }
    guard let blob = version.blob, let body = realm.store.body(blob),
      let bytes = try? BodyReader.prefix(body, 35 << 20)
    else { return ([], "UNKNOWN_ERROR", "The S3 object that holds the list can't be read.") }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    let words = lines.prefix(100_000).map { line in
      String(line.trimmingPrefix { $0 == " " || $0 == "\t" }).lowercased()
    }
    return (Set(words.filter { !$0.isEmpty }), "OK", "The allow list can be used.")
  }
}
