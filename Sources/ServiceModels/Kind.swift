/// The types of shapes, as botocore's models name them.
package enum Kind: String, Hashable, Sendable, CaseIterable {
  case string, boolean, integer, long, float, double, blob, timestamp, list, map, structure

  /// Reads the `type` of a shape; `character` is a string and the rest of the old names go the same way.
  init?(typeName: String) {
    switch typeName {
    case "character": self = .string
    case "byte", "short": self = .integer
    case "bigInteger": self = .long
    case "bigDecimal": self = .double
    default: self.init(rawValue: typeName)
    }
  }
}

/// How a service spells requests and responses.
package enum WireProtocol: String, Hashable, Sendable, CaseIterable {
  case json
  case query
  case ec2
  case restJSON = "rest-json"
  case restXML = "rest-xml"
}

/// Where in an HTTP message a member travels; a member without a location is in the body.
package enum Location: String, Hashable, Sendable {
  case header, headers, querystring, uri, statusCode
}

/// The three spellings of a point in time (Smithy `timestampFormat`).
package enum TimestampFormat: String, Hashable, Sendable {
  case iso8601
  case rfc822
  case unixTimestamp
}

/// An XML namespace declaration that a model asks for.
package struct XMLNamespace: Hashable, Sendable {
  package var uri: String
  package var prefix: String?

  package init(uri: String, prefix: String? = nil) {
    self.uri = uri
    self.prefix = prefix
  }
}
