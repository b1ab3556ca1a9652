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

  /// Where in a file it is wrong.
  package enum Position: Hashable, Sendable {
    /// Both from 1, in characters.
    case line(Int, column: Int)
    /// From 0.
    case byte(Int)
  }

  package var kind: Kind
  /// The service or file that the error speaks of.
  package var subject: String
  /// What is wrong, as a clause: `the file is truncated`.
  package var detail: String
  package var position: Position?

  package init(_ kind: Kind, _ subject: String, _ detail: String, position: Position? = nil) {
    self.kind = kind
    self.position = position
    self.subject = subject
    self.detail = detail
  }

  package var description: String {
    let detail =
      switch position {
      case .line(let line, let column): "\(detail) (line \(line), column \(column))"
      case .byte(let offset): "\(detail) (byte \(offset))"
      case nil: detail
      }
    return switch kind {
    case .unknownService: "There is no model for the service \"\(subject)\": \(detail)"
    case .unreadable: "The service model \(subject) cannot be read: \(detail)"
    case .corrupt: "The service model \(subject) is damaged: \(detail)"
    case .unsupported: "The service model \(subject) cannot be used: \(detail)"
    }
  }
}
