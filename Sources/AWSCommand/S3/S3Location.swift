/// `s3://bucket/key`.
struct S3Location: Hashable {
  var bucket: String
  /// Empty for the bucket itself.
  var key: String

  /// Nil if the text does not begin with `s3://`. An access point's ARN is a bucket.
  init?(_ text: String) {
    guard text.hasPrefix("s3://") else { return nil }
    let path = text.dropFirst(5)
    if path.hasPrefix("arn:"), let cut = S3Location.endOfARN(path) {
      bucket = String(path[..<cut])
      key = String(path[cut...].drop { $0 == "/" })
      return
    }
    let cut = path.firstIndex(of: "/") ?? path.endIndex
    bucket = String(path[..<cut])
    key = cut == path.endIndex ? "" : String(path[path.index(after: cut)...])
  }

  init(bucket: String, key: String) {
    self.bucket = bucket
    self.key = key
  }

  var text: String { "s3://\(bucket)/\(key)" }

  /// `arn:aws:s3:region:account:accesspoint/name` ends at the slash after the name.
  private static func endOfARN(_ path: Substring) -> String.Index? {
    guard let point = String(path).range(of: "accesspoint") else { return nil }
    let rest = path[point.upperBound...].dropFirst()
    return rest.firstIndex(where: { $0 == "/" || $0 == ":" }) ?? path.endIndex
  }
}

/// `117 Bytes`, `12.0 KiB`: sizes as the CLI writes them.
func humanReadableSize(_ bytes: Double) -> String {
  if bytes == 1 { return "1 Byte" }
  if bytes < 1024 { return "\(Int(max(0, bytes))) Bytes" }
  var unit = 1024.0
  for suffix in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] {
    if (bytes / unit).rounded(.toNearestOrEven) < 1024 || suffix == "EiB" {
      return "\(oneDecimal(bytes / unit)) \(suffix)"
    }
    unit *= 1024
  }
  return "\(Int(clamping: Int64(min(bytes, 9e18)))) Bytes"
}

private func oneDecimal(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded(.toNearestOrEven))
  return "\(tenths / 10).\(tenths % 10)"
}
