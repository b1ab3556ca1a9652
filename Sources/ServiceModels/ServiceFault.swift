/// An error that a service answered with.
package struct ServiceFault: Error, Hashable, Sendable {
  /// As it stands on the wire, without namespace: `NoSuchBucket`.
  package var code: String
  package var message: String
  package var httpStatus: Int
  package var requestID: String?
  /// Further members of the error: what the model gives it, or what S3 puts beside the message.
  package var fields: Fields
  /// What the client knows beside the error itself.
  package var circumstances = Circumstances()

  /// How an error came about.
  package struct Circumstances: Hashable, Sendable {
    /// It came on the last try that was allowed.
    package var triesAreUsedUp = false
    /// The Region that the service named as the right one.
    package var rightRegion: String?
    /// The answer was a web page: what answered is hardly the service.
    package var isWebPage = false

    package init() {}
  }

  package init(
    code: String, message: String, httpStatus: Int, requestID: String? = nil, fields: Fields = Fields()
  ) {
    self.code = code
    self.message = message
    self.httpStatus = httpStatus
    self.requestID = requestID
    self.fields = fields
  }
}

/// Why a message could not be built or read.
package enum ProtocolError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The service answered with an error.
  case fault(ServiceFault)
  /// A value does not fit its shape. `path` is botocore's: `Tags[0].TagKey`.
  case unfit(path: String, detail: String)
  /// What came is not what the protocol says: a sentence, or a clause of one.
  case malformed(String)
  /// What is asked for is not built: a sentence that names the operation.
  case unsupported(String)

  package var description: String {
    switch self {
    case .fault(let fault): "\(fault.code): \(fault.message)"
    case .unfit(let path, let detail): "The parameter \(path.isEmpty ? "input" : path) \(detail)."
    case .malformed(let detail): "The message cannot be read: \(detail)"
    case .unsupported(let sentence): sentence
    }
  }
}
