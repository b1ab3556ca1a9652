import ServiceModels
import Wire

/// Conditional requests (S3 user guide, "Add preconditions to S3 operations with conditional requests").
extension S3Service {
  private static func failed(_ header: String) -> ServiceFault {
    fault(
      "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412,
      ["Condition": .string(header)])
  }

  private static func names(_ etags: String, _ version: ObjectVersion) -> Bool {
    etags.split(separator: ",").contains { etag in
      let plain = etag.drop { $0 == " " }.filter { $0 != "\"" }
      return plain == "*" || plain == version.etag
    }
  }

  /// Reading: `If-Match` before `If-Unmodified-Since`, `If-None-Match` before `If-Modified-Since`. `prefix` is
  /// `CopySource` for the source of a copy, where nothing is "not modified": it fails.
  static func checkReading(
    _ input: Value, _ version: ObjectVersion, prefix: String = "", _ call: Call
  ) throws(ServiceFault) {
    let spelled = prefix.isEmpty ? "" : "x-amz-copy-source-"
    if let match = input["\(prefix)IfMatch"]?.string {
      if !names(match, version) { throw failed("\(spelled)If-Match") }
    } else if let since = input["\(prefix)IfUnmodifiedSince"]?.timestamp, version.modified > since {
      throw failed("\(spelled)If-Unmodified-Since")
    }
    let unchanged: String
    if let match = input["\(prefix)IfNoneMatch"]?.string {
      guard names(match, version) else { return }
      unchanged = "\(spelled)If-None-Match"
    } else if let since = input["\(prefix)IfModifiedSince"]?.timestamp, version.modified <= since {
      unchanged = "\(spelled)If-Modified-Since"
    } else {
      return
    }
    guard prefix.isEmpty else { throw failed(unchanged) }
    call.headers["ETag"] = "\"\(version.etag)\""
    call.headers["Last-Modified"] = version.modified.httpDate
    throw fault("NotModified", "Not Modified", 304)
  }

  /// Writing: `If-None-Match: *` wants no object there, `If-Match` the very one that is.
  static func checkWriting(
    _ input: Value, key: ObjectKey, current: ObjectVersion?
  ) throws(ServiceFault) {
    let existing = current.flatMap { $0.isDeleteMarker ? nil : $0 }
    if let none = input["IfNoneMatch"]?.string {
      guard none == "*" else {
        throw fault(
          "NotImplemented", "A header you provided implies functionality that is not implemented", 501,
          [
            "Header": "If-None-Match",
            "additionalMessage": "We don't accept the provided value of If-None-Match header for this API",
          ])
      }
      if existing != nil { throw failed("If-None-Match") }
    }
    if let match = input["IfMatch"]?.string {
      guard let existing else {
        throw fault("NoSuchKey", "The specified key does not exist.", 404, ["Key": .string(key.text)])
      }
      if !names(match, existing) { throw failed("If-Match") }
    }
  }

  /// Deleting: `If-Match` looks at the current version alone.
  static func checkDeleting(_ etag: String?, current: ObjectVersion?) throws(ServiceFault) {
    guard let etag else { return }
    guard let current, !current.isDeleteMarker, names(etag, current) else { throw failed("If-Match") }
  }
}
