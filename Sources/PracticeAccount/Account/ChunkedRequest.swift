import ServiceModels
import SigV4
import Wire

/// Takes an `aws-chunked` body apart: chunk by chunk, each compared with its signature where they are signed. A
/// body in a file is written to another one, in constant memory.
struct ChunkedRequest {
  let store: any AccountStore
  let secret: String
  let authorization: ParsedAuthorization
  let faults: AuthenticationFault

  /// The request with a plain body and its trailers as headers; untouched if it is not chunked.
  ///
  /// - Parameter place: the name that a body too large for memory is kept under; the caller removes it.
  /// - Throws: what S3 says to a body that is cut off, malformed or wrongly signed.
  func plain(_ request: HTTPRequest, place: String) throws(ServiceFault) -> HTTPRequest {
    guard let payload = request.headers["x-amz-content-sha256"], payload.hasPrefix("STREAMING-") else {
      return request
    }
    let isSigned = payload.hasPrefix("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
    guard isSigned || payload == "STREAMING-UNSIGNED-PAYLOAD-TRAILER" else {
      throw fault(
        "NotImplemented", "The practice account does not take bodies of the form \(payload.prefix(60)).", 501)
    }
    var decoder = ChunkDecoder(signer: isSigned ? ChunkSigner(secret: secret, parsed: authorization) : nil)
    var plain = request
    switch request.body {
    case .bytes(let bytes):
      plain.body = .bytes(try chunks { () throws(ChunkError) in try decoder.decode(bytes) })
    case .file: plain.body = try decoded(request.body, &decoder, place)
    }
    let trailers = try chunks { () throws(ChunkError) in try decoder.finish() }
    for field in trailers { plain.headers[field.name] = field.value }
    if let length = request.headers["x-amz-decoded-content-length"], UInt64(length) != plain.body.count {
      throw fault(
        "IncompleteBody",
        "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header")
    }
    let codings = (request.headers["Content-Encoding"] ?? "").split(separator: ",")
      .map { String($0).trimmingPrefix { $0 == " " } }.filter { $0 != "aws-chunked" }
    plain.headers["Content-Encoding"] = codings.isEmpty ? nil : codings.joined(separator: ",")
    return plain
  }

  private func decoded(
    _ body: Body, _ decoder: inout ChunkDecoder, _ place: String
  ) throws(ServiceFault) -> Body {
    var spoiled: ChunkError?
    do throws(StoreError) {
      let reader = try BodyReader(body)
      try store.put(as: place) { () throws(StoreError) in
        while let piece = try reader.next() {
          do throws(ChunkError) {
            let bytes = try decoder.decode(piece)
            if !bytes.isEmpty { return bytes }
          } catch {
            spoiled = error
            throw StoreError(error.message)
          }
        }
        return nil
      }
    } catch {
      throw spoiled.map(described) ?? fault("InternalError", error.message, 500)
    }
    return store.body(place) ?? .empty
  }

  private func chunks<T>(_ action: () throws(ChunkError) -> T) throws(ServiceFault) -> T {
    do throws(ChunkError) {
      return try action()
    } catch {
      throw described(error)
    }
  }

  private func described(_ error: ChunkError) -> ServiceFault {
    switch error.rule {
    case .mismatch:
      faults.described(SignatureError(.mismatch, error.message, authorization: authorization))
    case .truncated:
      fault(
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header")
    case .malformed: fault("InvalidChunkSizeError", "The body is not aws-chunked: \(error)", 403)
    }
  }
}
