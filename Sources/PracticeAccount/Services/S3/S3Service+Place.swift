import ServiceModels
import Wire

/// What S3 looks at before it looks at rights: where the bucket is, and whose.
extension S3Service {
  static func requirePlace(_ input: Value, _ call: Call) throws(ServiceFault) {
    let name = input.text("Bucket")
    try requirePlace(bucket: name, owner: input["ExpectedBucketOwner"]?.string, call)
    let known = call.seen.s3.buckets[name]
    try requireRegion(known, call)
    guard let bucket = known, bucket.region != call.region else { return }
    call.headers["x-amz-bucket-region"] = bucket.region
    throw fault(
      "PermanentRedirect",
      "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all "
        + "future requests to this endpoint.", 301,
      ["Endpoint": .string("s3.\(bucket.region).amazonaws.com"), "Bucket": .string(name)])
  }

  /// Buckets of strangers, and of the wrong owner.
  static func requirePlace(bucket name: String, owner: String?, _ call: Call) throws(ServiceFault) {
    if call.seen.s3.takenNames.contains(name) { throw fault("AccessDenied", "Access Denied", 403) }
    if call.seen.s3.buckets[name] != nil, let owner, owner != call.accountID {
      throw fault("AccessDenied", "Access Denied", 403)
    }
  }

  /// The endpoint has no Region of its own: it stands for that of the signature. One that there is not is refused
  /// as by an endpoint of the bucket's Region.
  static func requireRegion(_ bucket: Bucket?, _ call: Call) throws(ServiceFault) {
    guard let partitions = try? call.realm.catalog.partitions(),
      !partitions.all.contains(where: { $0.regions.contains(call.region) })
    else { return }
    let right = bucket?.region ?? call.seen.homeRegion
    call.headers["x-amz-bucket-region"] = bucket?.region
    throw fault(
      "AuthorizationHeaderMalformed",
      "The authorization header is malformed; the region '\(call.region)' is wrong; expecting '\(right)'",
      400,
      ["Region": .string(right)])
  }

  /// Whether the operation's body may be a file.
  static func takesLargeBodies(_ operation: ServiceModels.Operation) -> Bool {
    operation.model.service == "s3" && ["PutObject", "UploadPart"].contains(operation.name)
  }

  /// A key is text: a path that is no UTF-8 once it is decoded names nothing. All other keys are good: they never
  /// come near a file system, where objects have names of their own.
  static func checkPath(_ request: HTTPRequest) throws(ServiceFault) {
    guard request.path.utf8.contains(0x25) else { return }
    var bytes: [UInt8] = []
    var rest = Array(request.path.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == 0x25 else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else {
        throw invalidURI(request)
      }
      bytes.append(code)
      rest = rest.dropFirst(2)
    }
    if String(validating: bytes, as: UTF8.self) == nil { throw invalidURI(request) }
  }

  private static func invalidURI(_ request: HTTPRequest) -> ServiceFault {
    fault("InvalidURI", "Couldn't parse the specified URI.", 400, ["URI": .string(request.path)])
  }
}
