import ServiceModels
import Synchronization
import Wire

/// Finds the Region of a bucket that was asked for in another one (botocore `utils.S3RegionRedirectorv2`).
enum S3Region {
  /// How often one call follows; S3 knows the right Region at the first.
  static let maximumRedirects = 2

  /// Whether S3 says that the bucket is in another Region.
  static func isElsewhere(_ fault: ServiceFault, _ response: HTTPResponse, _ operation: Operation) -> Bool {
    // HEAD has no body to say it in: its code is the status.
    let isBare = fault.code == "301" || fault.code == "400"
    if isBare, operation.name == "HeadObject" { return true }
    if isBare, operation.name == "HeadBucket", response.headers["x-amz-bucket-region"] != nil { return true }
    switch fault.code {
    case "AuthorizationHeaderMalformed": if fault.fields["Region"] != nil { return true }
    case "PermanentRedirect": return true
    case "IllegalLocationConstraintException": if operation.name != "CreateBucket" { return true }
    default: break
    }
    return [301, 302, 307].contains(response.status)
  }

  /// The Region that an answer names, in its head or its body.
  static func named(_ response: HTTPResponse?, _ fault: AWSError) -> String? {
    if let header = response?.headers["x-amz-bucket-region"], isRegionName(header) { return header }
    guard case .service(let service, _, _) = fault, let region = service.fields["Region"]?.string,
      isRegionName(region)
    else { return nil }
    return region
  }
}

/// The Regions of buckets that a client has learnt.
final class BucketRegions: Sendable {
  private let known = Mutex<[String: String]>([:])

  /// The Region that a call of S3 should rather go to.
  func region(for call: AWSCall) -> String? {
    guard let bucket = BucketRegions.bucket(of: call) else { return nil }
    return known.withLock { $0[bucket] }
  }

  func learn(_ bucket: String, _ region: String) { known.withLock { $0[bucket] = region } }

  /// The bucket of a call of S3; nil if it names none, or by an ARN, which says the Region itself.
  static func bucket(of call: AWSCall) -> String? {
    guard call.service == "s3", let bucket = call.input["Bucket"]?.string, !bucket.hasPrefix("arn:") else {
      return nil
    }
    return bucket
  }
}

extension AWSClient {
  /// The Region in which to ask again; nil if the fault is another, or the way leads nowhere new.
  func regionToFollow(
    _ fault: AWSError, _ response: HTTPResponse?, _ call: AWSCall, _ model: ServiceModel,
    _ options: CallOptions, _ tries: Tries
  ) async -> String? {
    guard tries.redirects < S3Region.maximumRedirects, let bucket = BucketRegions.bucket(of: call),
      let response, case .service(let service, _, _) = fault,
      S3Region.isElsewhere(service, response, call.operation)
    else { return nil }
    var found = S3Region.named(response, fault)
    if found == nil { found = await askedRegion(of: bucket, call, model, options) }
    guard let found, found != call.region else { return nil }
    bucketRegions.learn(bucket, found)
    return found
  }

  /// Asks for the bucket's head: S3 names the Region there whatever the answer. No gate: it changes nothing.
  private func askedRegion(
    of bucket: String, _ call: AWSCall, _ model: ServiceModel, _ options: CallOptions
  ) async -> String? {
    guard call.operation.name != "HeadBucket", let head = model.operation("HeadBucket") else { return nil }
    let question = AWSCall(
      service: call.service, operation: head, input: ["Bucket": .string(bucket)], region: call.region)
    var plain = CallOptions()
    plain.endpointURL = options.endpointURL
    do {
      let outgoing = try await outgoing(question, model, plain)
      let tries = Tries(configuration.retries, question, plain, invocation: seams.invocation())
      let response = try await send(outgoing, tries, plain)
      return response.headers["x-amz-bucket-region"].flatMap { isRegionName($0) ? $0 : nil }
    } catch {
      return nil
    }
  }
}
