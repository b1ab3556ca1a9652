import Glibc

/// libcurl's report of a failed transfer, and what it means.
struct CurlFault {
  /// CURLcode (`curl/curl.h`).
  var code: Int32
  /// curl's own sentence.
  var detail: String
  /// The `errno` of a failed connection, 0 if there was none.
  var systemError: Int32
  /// OpenSSL's finding about the certificate (X509_V_ERR_*, `openssl/x509_vfy.h`), 0 if there was none.
  var certificate: Int
  /// Whether the request was about to go out, or went.
  var wasSent = false
  /// Whether the head of the response had come.
  var hasHead = false
  var usesProxy = false

  var kind: TransportError.Kind {
    // Nothing of the request has left: a tunnel through the proxy that does not come to stand is the proxy's.
    if usesProxy, !wasSent, [5, 7, 52, 56, 97].contains(code) { return .proxy }
    switch code {
    // "Received HTTP/0.9 when not allowed" and an unsupported scheme share a code.
    case 1: return wasSent ? .malformedResponse : .invalidRequest
    case 3, 4: return .invalidRequest
    case 5, 6: return .nameNotResolved
    case 7: return systemError == ECONNREFUSED ? .connectionRefused : .notConnected
    case 8, 61: return .malformedResponse
    case 18: return .truncated
    case 23, 26: return .file
    case 27 where wasSent && !hasHead, 100: return .headersTooLarge
    case 28: return wasSent ? .readTimeout : .connectTimeout
    case 35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98: return .tls
    case 56 where detail.hasPrefix("Too large response headers"): return .headersTooLarge
    // A broken chunked coding is reported like a broken connection.
    case 56 where hasHead && detail.contains("chunk"): return .malformedResponse
    // OpenSSL 3 takes a connection that ends without a TLS farewell for an error.
    case 56 where hasHead && detail.contains("unexpected eof"): return .truncated
    case 0, 16, 42, 52, 55, 56, 65, 92: return .connectionClosed
    default: return .other
    }
  }

  var tlsFault: TransportError.TLSFault {
    switch certificate {
    case 9: return .notYetValid
    case 10: return .expired
    // Self-signed, or no issuer that is known here.
    case 2, 18, 19, 20, 21: return .untrusted
    case 62, 64: return .wrongHost
    default: break
    }
    switch code {
    case 51, 60: return detail.contains("subject name") || detail.contains("not match") ? .wrongHost : .other
    case 77: return .unusableBundle
    case 35: return .noTLS
    default: return .other
    }
  }
}
