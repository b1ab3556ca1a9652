import ServiceModels

/// Where S3 Control needs more than its model says (botocore `utils.S3ControlArnParamHandlerv2`).
enum S3ControlQuirks {
  /// `input` with the account that an Outposts ARN names: bucket or access point say it themselves.
  static func withAccount(_ input: Value, _ operation: Operation) throws(AWSError) -> Value {
    guard operation.model.service == "s3control", case .object(var fields) = input,
      let (member, arn) = arn(in: input, operation)
    else { return input }
    let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6 else { return input }
    if parts[3].hasPrefix("fips-") || parts[3].hasSuffix("-fips") {
      throw .endpoint(refusal(arn, "Invalid ARN, FIPS region not allowed in ARN."))
    }
    let resource = parts[5].split(whereSeparator: { $0 == "/" || $0 == ":" })
    let kind = member == "Bucket" ? "bucket" : "accesspoint"
    guard parts[2] == "s3-outposts", resource.count == 4, resource[0] == "outpost", resource[2] == kind else {
      throw .endpoint(refusal(arn, "The \(member) parameter does not support the provided ARN"))
    }
    if let given = fields["AccountId"]?.string, given != parts[4] {
      throw .endpoint(
        refusal(arn, "Account ID in arn does not match the AccountId parameter provided: \"\(given)\""))
    }
    fields["AccountId"] = .string(parts[4])
    return .object(fields)
  }

  private static func arn(in input: Value, _ operation: Operation) -> (member: String, arn: String)? {
    for member in ["Name", "Bucket"] where member == "Bucket" || operation.name != "CreateAccessPoint" {
      if let text = input[member]?.string, text.hasPrefix("arn:") { return (member, text) }
    }
    return nil
  }

  private static func refusal(_ arn: String, _ reason: String) -> String {
    "S3 ARN \"\(arn)\" provided is invalid for this operation. \(reason)"
  }
}
