/// The rules for names of general purpose buckets (S3 user guide, "Bucket naming rules").
enum BucketName {
  static func isValid(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard (3...63).contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
    func isLetterOrDigit(_ byte: UInt8) -> Bool {
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
    guard isLetterOrDigit(first), isLetterOrDigit(last) else { return false }
    guard bytes.allSatisfy({ isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x2E }) else { return false }
    if name.contains("..") { return false }
    let groups = name.split(separator: ".", omittingEmptySubsequences: false)
    if groups.count == 4, groups.allSatisfy({ UInt8($0) != nil }) { return false }
    if reservedPrefixes.contains(where: name.hasPrefix) { return false }
    return !reservedSuffixes.contains(where: name.hasSuffix)
  }

  private static let reservedPrefixes = ["xn--", "sthree-", "amzn-s3-demo-"]
  private static let reservedSuffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]

  /// `<prefix>-<account>-<region>-an`, the form of the account-regional namespace.
  static func isAccountRegional(_ name: String, account: String, region: String) -> Bool {
    let ending = "-\(account)-\(region)-an"
    return name.hasSuffix(ending) && name.utf8.count > ending.utf8.count
  }
}
