import AWSClient
import ServiceModels
import Wire

extension S3Command {
  /// What is to be done, in the order of the keys.
  func items(_ plan: TransferPlan, _ printer: inout S3Printer) async throws(AWSError) -> [S3Item] {
    let roots = Roots(self, plan)
    var found =
      plan.kind == .upload ? try await localItems(roots, &printer) : try await remoteItems(roots, plan)
    if !plan.parsed.appended.isEmpty {
      let filter = S3Filter(plan.parsed.appended, root: roots.filterRoot)
      found = found.filter {
        filter.keeps($0.localSource ?? $0.source.map { "\($0.bucket)/\($0.key)" } ?? "")
      }
    }
    if plan.name == "sync" { found = try await changed(found, roots, plan) }
    return await withoutTraps(found, plan, &printer)
  }

  /// The two ends of a command: local ones absolute, with a slash at the end where names are added.
  struct Roots {
    var kind: S3Item.Kind
    var isRecursive: Bool
    var localSource = ""
    var localTarget = ""
    var source = S3Location(bucket: "", key: "")
    var target = S3Location(bucket: "", key: "")
    /// The target takes the source's name.
    var takesName = true

    init(_ command: S3Command, _ plan: TransferPlan) {
      kind = plan.kind
      isRecursive = plan.isRecursive
      if let location = S3Location(plan.source) {
        source = isRecursive ? location.asFolder : location
      } else {
        localSource = Roots.local(command.session.path(plan.source), plan.source, isRecursive)
      }
      if let location = S3Location(plan.target) {
        target = isRecursive ? location.asFolder : location
        takesName = isRecursive || target.key.isEmpty || target.key.hasSuffix("/")
      } else {
        localTarget = Roots.local(command.session.path(plan.target), plan.target, isRecursive)
        takesName = localTarget.hasSuffix("/")
      }
    }

    private static func local(_ path: String, _ given: String, _ isFolder: Bool) -> String {
      let full = normalized(path)
      let isDirectory = fileFacts(full)?.isDirectory ?? false
      return isDirectory || isFolder || given.hasSuffix("/") ? full + "/" : full
    }

    /// Patterns are relative to the source's folder.
    var filterRoot: String {
      if kind == .upload {
        return isRecursive
          ? localSource : String(localSource[..<(localSource.lastIndex(of: "/") ?? localSource.startIndex)])
      }
      let folder =
        isRecursive || source.key.hasSuffix("/")
        ? source.key : source.key.split(separator: "/").dropLast().joined(separator: "/")
      return "\(source.bucket)/\(folder)"
    }

    func item(_ kind: S3Item.Kind, key: String, size: UInt64, modified: Timestamp) -> S3Item {
      var item = S3Item(kind: kind, size: size, modified: modified, key: key)
      switch kind {
      case .upload, .copy:
        item.target = S3Location(bucket: target.bucket, key: takesName ? target.key + key : target.key)
      case .download: item.localTarget = takesName ? localTarget + key : localTarget
      case .delete: break
      }
      return item
    }
  }

  // MARK: Finding

  private func localItems(_ roots: Roots, _ printer: inout S3Printer) async throws(AWSError) -> [S3Item] {
    var paths: [String] = [roots.localSource]
    if roots.isRecursive { paths = await files(below: roots.localSource, depth: 0, &printer) }
    return paths.compactMap { path in
      let key =
        roots.isRecursive
        ? String(path.dropFirst(roots.localSource.count))
        : path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
      guard let facts = fileFacts(path) else { return nil }
      var item = roots.item(.upload, key: key, size: facts.size, modified: Timestamp(seconds: facts.modified))
      item.localSource = path
      return item
    }
  }

  /// Files in the order that S3 lists keys: directories sort with their slash.
  private func files(below folder: String, depth: Int, _ printer: inout S3Printer) async -> [String] {
    guard depth < 100, let names = directoryNames(folder) else { return [] }
    var entries: [String] = []
    for name in names {
      guard let facts = fileFacts(folder + name) else {
        await printer.warned("warning: Skipping file \(folder + name). File does not exist.")
        continue
      }
      guard facts.isDirectory || facts.isRegular else {
        await printer.warned(
          "warning: Skipping file \(folder + name). File is character special device, block special device, FIFO, "
            + "or socket.")
        continue
      }
      entries.append(facts.isDirectory ? name + "/" : name)
    }
    entries.sort { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    var paths: [String] = []
    for entry in entries {
      if entry.hasSuffix("/") {
        paths += await files(below: folder + entry, depth: depth + 1, &printer)
      } else {
        paths.append(folder + entry)
      }
    }
    return paths
  }

  private func remoteItems(_ roots: Roots, _ plan: TransferPlan) async throws(AWSError) -> [S3Item] {
    if !roots.isRecursive, !roots.source.key.isEmpty { return [try await singleItem(roots, plan)] }
    var items: [S3Item] = []
    var listing = S3Listing(self, S3Listing.input(roots.source, plan.parsed))
    while let page = try await listing.nextPage() {
      for object in page.objects {
        // A folder made by hand is an empty object; only deleting concerns it.
        if object.size == 0, object.key.hasSuffix("/"), plan.kind != .delete { continue }
        if !roots.isRecursive, object.key != roots.source.key { continue }
        let key = String(object.key.dropFirst(roots.source.key.count))
        var item = roots.item(
          plan.kind, key: key, size: UInt64(clamping: object.size), modified: object.modified)
        item.source = S3Location(bucket: roots.source.bucket, key: object.key)
        item.storageClass = object.storageClass
        items.append(item)
      }
    }
    return items
  }

  private func singleItem(_ roots: Roots, _ plan: TransferPlan) async throws(AWSError) -> S3Item {
    let key =
      roots.source.key.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    var facts = (size: UInt64(0), modified: Timestamp(milliseconds: 0), storageClass: "STANDARD")
    if plan.kind != .delete {
      let head = try await head(roots.source, plan)
      facts.size = UInt64(clamping: head["ContentLength"]?.integer ?? 0)
      facts.modified = head["LastModified"]?.timestamp ?? facts.modified
      facts.storageClass = head["StorageClass"]?.string ?? facts.storageClass
    }
    var item = roots.item(plan.kind, key: key, size: facts.size, modified: facts.modified)
    item.source = roots.source
    item.storageClass = facts.storageClass
    return item
  }

  /// `HeadObject`; its bare 404 is put into words.
  func head(_ location: S3Location, _ plan: TransferPlan) async throws(AWSError) -> Value {
    var input: Fields = ["Bucket": .string(location.bucket), "Key": .string(location.key)]
    if let payer = plan.parsed.first("request-payer") { input["RequestPayer"] = .string(payer) }
    do {
      return try await call("HeadObject", input)
    } catch {
      guard case .service(var fault, let operation, let attempts) = error, fault.code == "404" else {
        throw error
      }
      fault.message = "Key \"\(location.key)\" does not exist"
      throw .service(fault, operation: operation, attempts: attempts)
    }
  }

  // MARK: Sync

  /// What differs between both sides, and with `--delete` what only the target has.
  private func changed(_ found: [S3Item], _ roots: Roots, _ plan: TransferPlan) async throws(AWSError)
    -> [S3Item]
  {
    let existing = try await targets(roots, plan)
    var items = found.filter { item in
      guard let other = existing[item.key] else { return true }
      if item.size != other.size { return true }
      if plan.has("size-only") { return false }
      let delta = other.modified.seconds - item.modified.seconds
      if plan.kind == .download { return plan.has("exact-timestamps") ? delta != 0 : delta > 0 }
      return delta < 0
    }
    guard plan.has("delete") else { return items }
    let keys = Set(found.map(\.key))
    let filter = S3Filter(
      plan.parsed.appended,
      root: plan.kind == .download ? roots.localTarget : "\(roots.target.bucket)/\(roots.target.key)")
    for (key, other) in existing where !keys.contains(key) {
      guard filter.keeps(other.path) else { continue }
      var item = S3Item(kind: .delete, size: 0, modified: other.modified, key: key)
      if plan.kind == .download {
        item.localSource = other.path
      } else {
        item.source = S3Location(bucket: roots.target.bucket, key: roots.target.key + key)
      }
      items.append(item)
    }
    return items.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
  }

  private struct Existing {
    var size: UInt64
    var modified: Timestamp
    var path: String
  }

  private func targets(_ roots: Roots, _ plan: TransferPlan) async throws(AWSError) -> [String: Existing] {
    var existing: [String: Existing] = [:]
    if plan.kind == .download {
      var silent = S3Printer(session.console, .quiet, clock: session.context.line.settings.clock)
      for path in await files(below: roots.localTarget, depth: 0, &silent) {
        guard let facts = fileFacts(path) else { continue }
        existing[String(path.dropFirst(roots.localTarget.count))] = Existing(
          size: facts.size, modified: Timestamp(seconds: facts.modified), path: path)
      }
      return existing
    }
    var listing = S3Listing(self, S3Listing.input(roots.target, plan.parsed))
    while let page = try await listing.nextPage() {
      for object in page.objects {
        if object.size == 0, object.key.hasSuffix("/") { continue }
        existing[String(object.key.dropFirst(roots.target.key.count))] = Existing(
          size: UInt64(clamping: object.size), modified: object.modified,
          path: "\(roots.target.bucket)/\(object.key)")
      }
    }
    return existing
  }

  /// Leaves out, with a warning, what must not or cannot be fetched: keys that would leave the target folder, and
  /// archived objects.
  private func withoutTraps(
    _ items: [S3Item], _ plan: TransferPlan, _ printer: inout S3Printer
  ) async -> [S3Item] {
    guard plan.kind == .download || plan.kind == .copy else { return items }
    var kept: [S3Item] = []
    for item in items {
      let name = item.source?.text ?? ""
      if plan.kind == .download, item.kind == .download, item.key.split(separator: "/").contains("..") {
        await printer.warned("warning: Skipping file \(name). File references a parent directory.")
      } else if ["GLACIER", "DEEP_ARCHIVE"].contains(item.storageClass), !plan.has("force-glacier-transfer") {
        if !plan.has("ignore-glacier-warnings") {
          await printer.warned(
            "warning: Skipping file \(name). Object is of storage class \(item.storageClass). Unable to perform "
              + "\(plan.kind.rawValue) operations on \(item.storageClass) objects. You must restore the object to be "
              + "able to perform the operation. See aws s3 \(plan.kind.rawValue) help for additional parameter options "
              + "to ignore or force these transfers.")
        }
      } else {
        kept.append(item)
      }
    }
    return kept
  }
}

extension S3Location {
  /// With a slash at the end, unless it is the bucket itself.
  var asFolder: S3Location {
    S3Location(bucket: bucket, key: key.isEmpty || key.hasSuffix("/") ? key : key + "/")
  }
}
