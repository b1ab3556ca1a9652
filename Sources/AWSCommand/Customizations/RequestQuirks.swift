import ServiceModels
import Wire

/// What botocore does to some inputs before they are sent, beyond the model.
enum RequestQuirks {
  static func adjusted(_ input: Value, _ operation: Operation) -> Value {
    guard case .object(var fields) = input else { return input }
    switch (operation.model.service, operation.name) {
    case ("s3", "CopyObject"), ("s3", "UploadPartCopy"):
      if let source = fields["CopySource"]?.string { fields["CopySource"] = .string(quotedSource(source)) }
    case ("ec2", "RunInstances"):
      if let data = fields["UserData"]?.string {
        fields["UserData"] = .string(base64Encoded(Array(data.utf8)))
      }
    case ("autoscaling", "CreateLaunchConfiguration"):
      if let data = fields["UserData"]?.string {
        fields["UserData"] = .string(base64Encoded(Array(data.utf8)))
      }
    case ("route53", _):
      // `/hostedzone/Z1`, as the service gives it, is taken for `Z1`.
      for field in fields {
        guard let text = field.value.string, let member = operation.input?.member(field.name),
          ["ResourceId", "DelegationSetId", "ChangeId"].contains(member.shape.name)
        else { continue }
        fields[field.name] = .string(text.split(separator: "/").last.map(String.init) ?? text)
      }
    case ("glacier", _):
      if fields["accountId"] == nil, operation.input?.member("accountId") != nil { fields["accountId"] = "-" }
    default: return input
    }
    return .object(fields)
  }

  /// Key percent-encoded, `?versionId=` kept.
  static func quotedSource(_ source: String) -> String {
    guard let range = source.range(of: "?versionId=") else {
      return percentEncoded(source, keepingSlash: true)
    }
    return percentEncoded(String(source[..<range.lowerBound]), keepingSlash: true)
      + source[range.lowerBound...]
  }
}

extension String {
  /// The first place where `part` stands.
  func range(of part: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
      start = index(after: start)
    }
    return nil
  }
}
