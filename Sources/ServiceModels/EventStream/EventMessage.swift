import Digests
import Wire

/// One message of `application/vnd.amazon.eventstream`: prelude (total length, length of the headers, CRC-32 of both),
/// headers, payload, CRC-32 of all before it; numbers big-endian. (Smithy, "Amazon Event Stream Specification".)
package struct EventMessage: Hashable, Sendable {
  /// The ten types of header values; a boolean has two, one for each value.
  package enum HeaderValue: Hashable, Sendable {
    case bool(Bool)
    case byte(Int8)
    case short(Int16)
    case integer(Int32)
    case long(Int64)
    case bytes([UInt8])
    case string(String)
    /// Milliseconds on the wire.
    case timestamp(Timestamp)
    /// 16 bytes.
    case uuid([UInt8])
  }

  package struct Header: Hashable, Sendable {
    package var name: String
    package var value: HeaderValue

    package init(_ name: String, _ value: HeaderValue) {
      self.name = name
      self.value = value
    }
  }

  /// In the order in which they stand; no name twice.
  package var headers: [Header]
  package var payload: [UInt8]

  package init(headers: [Header], payload: [UInt8] = []) {
    self.headers = headers
    self.payload = payload
  }

  /// The header called `name`.
  package subscript(name: String) -> HeaderValue? { headers.first { $0.name == name }?.value }

  /// The header called `name`, if it is a string: `:message-type`, `:event-type`, `:exception-type`, ...
  package func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { text } else { nil }
  }
}

extension EventMessage {
  /// The most that the headers and the payload of a message may have in bytes (botocore's limits).
  static let maximumHeaders = 128 * 1024
  static let maximumPayload = 16 * 1024 * 1024
  /// Two lengths and their checksum.
  static let preludeLength = 12

  /// The message as it is sent; nil if it is longer than the format can say.
  package var encoded: [UInt8]? {
    var block: [UInt8] = []
    for header in headers {
      guard let length = UInt8(exactly: header.name.utf8.count) else { return nil }
      block.append(length)
      block += Array(header.name.utf8)
      guard header.value.write(into: &block) else { return nil }
    }
    guard block.count <= Self.maximumHeaders, payload.count <= Self.maximumPayload else { return nil }
    var out: [UInt8] = []
    append(UInt32(Self.preludeLength + block.count + payload.count + 4), &out)
    append(UInt32(block.count), &out)
    append(crc32(out), &out)
    out += block
    out += payload
    append(crc32(out), &out)
    return out
  }
}

extension EventMessage.HeaderValue {
  /// Type and value; false if a text or blob is too long.
  fileprivate func write(into out: inout [UInt8]) -> Bool {
    func sized(_ type: UInt8, _ bytes: [UInt8]) -> Bool {
      guard let length = UInt16(exactly: bytes.count) else { return false }
      out.append(type)
      append(length, &out)
      out += bytes
      return true
    }
    switch self {
    case .bool(let flag): out.append(flag ? 0 : 1)
    case .byte(let number): out += [2, UInt8(bitPattern: number)]
    case .short(let number):
      out.append(3)
      append(UInt16(bitPattern: number), &out)
    case .integer(let number):
      out.append(4)
      append(UInt32(bitPattern: number), &out)
    case .long(let number):
      out.append(5)
      append(UInt64(bitPattern: number), &out)
    case .bytes(let bytes): return sized(6, bytes)
    case .string(let text): return sized(7, Array(text.utf8))
    case .timestamp(let time):
      out.append(8)
      append(UInt64(bitPattern: time.milliseconds), &out)
    case .uuid(let bytes):
      guard bytes.count == 16 else { return false }
      out.append(9)
      out += bytes
    }
    return true
  }
}

private func append(_ number: some FixedWidthInteger, _ out: inout [UInt8]) {
  for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
    out.append(UInt8(truncatingIfNeeded: number >> shift))
  }
}
