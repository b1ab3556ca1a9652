import Wire

extension Operation {
  /// The error for an answer that cannot be read: which operation, what came, why it is none, what to do next. The body
  /// itself is not shown: it may hold what must not be in a message.
  func unreadable(_ error: ProtocolError, _ response: HTTPResponse) -> ProtocolError {
    switch error {
    case .fault, .unsupported: error
    case .malformed(let detail): .malformed(sentence(detail, response, isRead: false))
    case .unfit(let path, let detail):
      .malformed(sentence("\(path.isEmpty ? "it" : path) \(detail)", response, isRead: true))
    }
  }

  private func sentence(_ detail: String, _ response: HTTPResponse, isRead: Bool) -> String {
    let wanted =
      outputEventStream != nil
      ? "a stream of events" : model.protocolName == .json || model.protocolName == .restJSON ? "JSON" : "XML"
    let came = isRead ? .own : Came(bytes(of: response), wanted)
    let what =
      switch came {
      case .nothing: "with an empty body, not with \(wanted)"
      case .page: "with an HTML page, not with \(wanted)"
      case .text: "with text, not with \(wanted)"
      case .other(let form): "with \(form), not with \(wanted)"
      case .own: isRead ? "with what its model does not allow" : "with \(wanted) that cannot be read"
      }
    let advice =
      switch came {
      case .page:
        "A proxy or a sign-in page may have answered in the service's place: check the network, HTTPS_PROXY and any endpoint URL."
      case .nothing, .text, .other: "Check any endpoint URL; if there is none, try again."
      case .own:
        isRead
          ? "Check any endpoint URL; if there is none, the service may have changed since this model of it."
          : "It may have been cut off on the way: try again."
      }
    let status = response.status == 200 ? "" : " and status \(response.status)"
    return "\(model.serviceID) answered \(name) \(what)\(status): \(detail). \(advice)"
  }

  /// What kind of body came.
  private enum Came {
    case nothing, page, text, own
    case other(String)

    init(_ bytes: [UInt8], _ wanted: String) {
      let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
      let head = bytes.prefix(4096).drop { blanks.contains($0) }.prefix(256)
      let text = String(decoding: head, as: UTF8.self).lowercased()
      if wanted == "a stream of events" {
        self = text.hasPrefix("<") ? .page : text.hasPrefix("{") ? .other("JSON") : .own
      } else if head.isEmpty {
        self = .nothing
      } else if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") {
        self = .page
      } else if text.hasPrefix("<") {
        self = wanted == "XML" ? .own : .other("XML")
      } else if text.hasPrefix("{") || text.hasPrefix("[") {
        self = wanted == "JSON" ? .own : .other("JSON")
      } else {
        self = .text
      }
    }
  }
}
