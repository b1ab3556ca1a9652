import ServiceModels
import SigV4
import Synchronization
import Wire

/// The sessions of S3's directory buckets ("Authenticating and authorizing Zonal endpoint API operations with
/// CreateSession", Amazon S3 user guide): short-lived keys, one set for each bucket.
final class DirectoryBuckets: Sendable {
  private let sessions = Mutex<[Key: Credentials]>([:])

  private struct Key: Hashable {
    var bucket: String
    var region: String
  }

  /// Seconds before its end from which on a session is opened anew, and those at which it is used no more.
  static let advisory = 45.0
  static let mandatory = 10.0
  /// More buckets than this are not remembered.
  private static let limit = 100

  func session(for bucket: String, region: String) -> Credentials? {
    sessions.withLock { $0[Key(bucket: bucket, region: region)] }
  }

  func keep(_ credentials: Credentials, for bucket: String, region: String) {
    sessions.withLock { sessions in
      let key = Key(bucket: bucket, region: region)
      if sessions.count >= DirectoryBuckets.limit, sessions[key] == nil { sessions = [:] }
      sessions[key] = credentials
    }
  }

  /// The directory bucket that a request goes to: the host's first label, or the path's first segment.
  static func bucket(of request: HTTPRequest) -> String? {
    let label = request.host.prefix { $0 != "." && $0 != ":" }
    let segment = request.path.dropFirst().prefix { $0 != "/" }
    return [label, segment].first { $0.hasSuffix("--x-s3") }.map(String.init)
  }
}

extension AWSClient {
  /// The keys of a session with a directory bucket: the one there is, or a new one.
  func session(for bucket: String, region: String) async throws(AWSError) -> Credentials {
    let kept = directoryBuckets.session(for: bucket, region: region)
    let now = clock().adding(seconds: skew.offset)
    func lasts(_ credentials: Credentials, _ seconds: Double) -> Bool {
      credentials.expiration.map { $0 > now.adding(seconds: seconds) } ?? true
    }
    if let kept, lasts(kept, DirectoryBuckets.advisory) { return kept }
    do throws(AWSError) {
      let session = try await openSession(bucket, region)
      directoryBuckets.keep(session, for: bucket, region: region)
      return session
    } catch {
      if case .cancelled = error { throw error }
      guard let kept, lasts(kept, DirectoryBuckets.mandatory) else { throw error }
      return kept
    }
  }

  private func openSession(_ bucket: String, _ region: String) async throws(AWSError) -> Credentials {
    let model = try model("s3")
    guard let operation = model.operation("CreateSession") else {
      throw .unknownOperation(service: "s3", operation: "CreateSession")
    }
    // Nothing is created that could be left behind, so the gate (the ledger) is not asked.
    let call = AWSCall(
      service: "s3", operation: operation, input: ["Bucket": .string(bucket)], region: region)
    let output = try await attempt(call, model, CallOptions())
    guard let keys = output["Credentials"], let id = keys["AccessKeyId"]?.string,
      let secret = keys["SecretAccessKey"]?.string, let token = keys["SessionToken"]?.string,
      let end = keys["Expiration"]?.timestamp
    else { throw .unreadable("S3 opened no session for the directory bucket \(bucket).") }
    return Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: end)
  }
}
