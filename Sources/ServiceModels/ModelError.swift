/// Why a service model cannot be used.
package struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// No such service is bundled.
    case unknownService
    /// The file cannot be opened or mapped.
    case unreadable
    /// The bytes are no packed model, or a damaged one.
    case corrupt
    /// The model is whole but asks for something that is not supported (a protocol, say).
    case unsupported
  }

  package var kind: Kind
  /// The service or file that the error speaks of.
  package var subject: String
  /// What is wrong, as a clause: `the file is truncated`.
  package var detail: String

  package init(_ kind: Kind, _ subject: String, _ detail: String) {
    self.kind = kind
    self.subject = subject
    self.detail = detail
  }

  package var description: String {
    switch kind {
    case .unknownService: "There is no model for the service \"\(subject)\": \(detail)"
    case .unreadable: "The service model \(subject) cannot be read: \(detail)"
    case .corrupt: "The service model \(subject) is damaged: \(detail)"
    case .unsupported: "The service model \(subject) cannot be used: \(detail)"
    }
  }
}
