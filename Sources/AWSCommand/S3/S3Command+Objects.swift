import AWSClient
import Glibc
import ServiceModels
import Wire

extension S3Command {
  /// Above this a file goes up in parts of this size (the CLI's `multipart_threshold` and `multipart_chunksize`).
  static let partSize: UInt64 = 8 << 20

  // MARK: Up

  func upload(_ item: S3Item, _ plan: TransferPlan) async throws(S3Failure) {
    guard let path = item.localSource, let target = item.target else { return }
    guard let facts = fileFacts(path) else { throw S3Failure(text: FileError(code: errno, path: path).text) }
    if facts.isDirectory { throw S3Failure(text: FileError(code: EISDIR, path: path).text) }
    var input = try parameters(plan, target)
    if input["ContentType"] == nil, !plan.has("no-guess-mime-type"), let type = guessedContentType(path) {
      input["ContentType"] = .string(type)
    }
    if facts.size >= S3Command.partSize { return try await uploadParts(path, facts.size, target, input) }
    var options = CallOptions()
    options.bodyFile = .init(path: path, offset: 0, length: facts.size)
    try await run("PutObject", input, options)
  }

  /// Creates the upload, sends the parts ten at a time, completes it; what fails is aborted, so that no part stays
  /// behind and bills.
  private func uploadParts(_ path: String, _ size: UInt64, _ target: S3Location, _ input: Fields)
    async throws(S3Failure)
  {
    let created = try await run("CreateMultipartUpload", input)
    guard let upload = created["UploadId"]?.string else {
      throw S3Failure(text: "the service gave no upload id")
    }
    let place: Fields = [
      "Bucket": .string(target.bucket), "Key": .string(target.key), "UploadId": .string(upload),
    ]
    // At most 10,000 parts (Amazon S3 user guide, "Multipart upload limits").
    var step = S3Command.partSize
    while (size + step - 1) / step > 10_000 { step *= 2 }
    do {
      let parts = try await sendParts(path, size, step, place)
      var complete = place
      complete["MultipartUpload"] = ["Parts": .list(parts)]
      try await run("CompleteMultipartUpload", complete)
    } catch {
      _ = try? await run("AbortMultipartUpload", place)
      throw error
    }
  }

  private func sendParts(
    _ path: String, _ size: UInt64, _ step: UInt64, _ place: Fields
  ) async throws(S3Failure) -> [Value] {
    let count = Int(clamping: (size + step - 1) / step)
    let outcome: Result<[Value], S3Failure> = await withTaskGroup(of: (Int, Result<Value, S3Failure>).self) {
      group in
      var next = 0
      var parts = [Value](repeating: .null, count: count)
      func start() {
        guard next < count else { return }
        let index = next
        next += 1
        group.addTask {
          let offset = UInt64(index) * step
          return (index, await sendPart(index + 1, path, offset, min(step, size - offset), place))
        }
      }
      for _ in 0..<min(S3Command.concurrency, count) { start() }
      while let (index, result) = await group.next() {
        switch result {
        case .success(let part): parts[index] = part
        case .failure(let failure):
          group.cancelAll()
          return .failure(failure)
        }
        start()
      }
      return .success(parts)
    }
    return try outcome.get()
  }

  private func sendPart(
    _ number: Int, _ path: String, _ offset: UInt64, _ length: UInt64, _ place: Fields
  ) async -> Result<Value, S3Failure> {
    var input = place
    input["PartNumber"] = .integer(Int64(number))
    var options = CallOptions()
    options.bodyFile = .init(path: path, offset: offset, length: length)
    do {
      let output = try await run("UploadPart", input, options)
      var part: Fields = ["PartNumber": .integer(Int64(number))]
      for name in ["ETag", "ChecksumCRC64NVME", "ChecksumCRC32"] { part[name] = output[name] }
      return .success(.object(part))
    } catch {
      return .failure(error)
    }
  }

  // MARK: Down

  func download(_ item: S3Item, _ plan: TransferPlan) async throws(S3Failure) {
    guard let source = item.source, let path = item.localTarget else { return }
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    do {
      try makeDirectories(folder)
    } catch {
      throw S3Failure(text: error.text)
    }
    let temporary = "\(path).\(String(UInt32.random(in: .min ... .max), radix: 16))"
    var options = CallOptions()
    options.outputPath = temporary
    do {
      try await run("GetObject", objectInput(source, plan), options)
      try moveFile(temporary, to: path)
    } catch let error as S3Failure {
      removeFile(temporary)
      throw error
    } catch let error as FileError {
      throw S3Failure(text: error.text)
    } catch {
      throw S3Failure(text: "\(error)")
    }
    setModified(path, item.modified)
  }

  private func objectInput(_ source: S3Location, _ plan: TransferPlan) -> Fields {
    var input: Fields = ["Bucket": .string(source.bucket), "Key": .string(source.key)]
    if let payer = plan.parsed.first("request-payer") { input["RequestPayer"] = .string(payer) }
    if let mode = plan.parsed.first("checksum-mode") { input["ChecksumMode"] = .string(mode) }
    return input
  }

  /// The file gets the object's time, which `sync` compares.
  private func setModified(_ path: String, _ time: Timestamp) {
    let seconds = Int(clamping: time.milliseconds / 1000)
    let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
    _ = utimensat(AT_FDCWD, path, times, 0)
  }

  // MARK: Across

  func copy(_ item: S3Item, _ plan: TransferPlan) async throws(S3Failure) {
    guard let source = item.source, let target = item.target else { return }
    var input = try parameters(plan, target)
    input["CopySource"] = .string(RequestQuirks.quotedSource("\(source.bucket)/\(source.key)"))
    if let directive = plan.parsed.first("metadata-directive") {
      input["MetadataDirective"] = .string(directive)
    }
    switch plan.parsed.first("copy-props") {
    case "none":
      input["MetadataDirective"] = input["MetadataDirective"] ?? "REPLACE"
      input["TaggingDirective"] = "REPLACE"
    case "metadata-directive": input["TaggingDirective"] = "REPLACE"
    default: break
    }
    try await run("CopyObject", input)
  }

  // MARK: Streams

  /// `cp - s3://...` and `cp s3://... -`.
  func stream(_ plan: TransferPlan) async throws(CommandFailure) -> Int32 {
    do {
      if plan.source == "-", let target = S3Location(plan.target) {
        var input = try parameters(plan, target)
        input["Body"] = .blob(await session.console.readAll())
        try await run("PutObject", input)
      } else if let source = S3Location(plan.source) {
        _ = try await head(source, plan)
        let output = try await run("GetObject", objectInput(source, plan))
        await session.console.output(output["Body"]?.blob ?? [])
      }
      return 0
    } catch let error as AWSError {
      await session.console.complain("fatal error: \(error.message)\n")
    } catch let error as S3Failure {
      let verb = plan.source == "-" ? "upload" : "download"
      await session.console.complain("\(verb) failed: \(plan.source) to \(plan.target) \(error.text)\n")
    } catch {
      await session.console.complain("fatal error: \(error)\n")
    }
    return 1
  }

  /// Bucket, key, and what the options say of the new object.
  private func parameters(_ plan: TransferPlan, _ target: S3Location) throws(S3Failure) -> Fields {
    var input: Fields = ["Bucket": .string(target.bucket), "Key": .string(target.key)]
    for (option, parameter) in S3Options.parameters {
      if let value = plan.parsed.first(option) { input[parameter] = .string(value) }
    }
    if let text = plan.parsed.first("expires") {
      guard let time = Timestamp(parsing: text) else {
        throw S3Failure(text: "Invalid timestamp \"\(text)\"")
      }
      input["Expires"] = .timestamp(time)
    }
    if let text = plan.parsed.first("metadata") {
      do {
        input["Metadata"] = try ShorthandParser.parse(text)
      } catch {
        throw S3Failure(text: error.message)
      }
    }
    return input
  }
}
