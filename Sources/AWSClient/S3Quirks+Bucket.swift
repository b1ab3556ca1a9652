import ServiceModels

extension S3Quirks {
  /// botocore's check of a bucket's name, made before anything is sent: a slash in a name would lead to another path.
  static func problem(_ input: Value, _ operation: Operation) -> String? {
    guard operation.model.service == "s3", let bucket = input["Bucket"]?.string else { return nil }
    guard !isBucketName(bucket), !isBucketARN(bucket) else { return nil }
    return
      "Invalid bucket name \"\(bucket)\": Bucket name must match the regex \"\(nameRule)\" or be an ARN matching "
      + "the regex \"\(arnRule)\""
  }

  private static let nameRule = #"^[a-zA-Z0-9.\-_]{1,255}$"#
  private static let arnRule =
    #"^arn:(aws).*:(s3|s3-object-lambda):[a-z\-0-9]*:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\-.]{1,63}$|^arn:(aws)"#
    + #".*:s3-outposts:[a-z\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9\-]{1,63}[/:]accesspoint[/:][a-zA-Z0-9\-]{1,63}$"#

  private static func isBucketName(_ name: String) -> Bool {
    let bytes = name.utf8
    return (1...255).contains(bytes.count)
      && bytes.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
      }
  }

  /// Part by part: `arn:aws:s3:region:account:accesspoint/name`, or one in an outpost.
  private static func isBucketARN(_ text: String) -> Bool {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[4].count == 12,
      parts[4].allSatisfy(\.isNumber)
    else { return false }
    let resource = parts[5].split(whereSeparator: { $0 == "/" || $0 == ":" })
    switch parts[2] {
    case "s3", "s3-object-lambda": return resource.count == 2 && resource[0] == "accesspoint"
    case "s3-outposts": return resource.count == 4 && resource[0] == "outpost" && resource[2] == "accesspoint"
    default: return false
    }
  }
}
