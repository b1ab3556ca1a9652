import Digests
import Wire

/// Why bytes are no stream of events, and where in the stream: the message that begins at `offset` is wrong.
package struct EventStreamError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Rule: Hashable, Sendable {
    /// Lengths that do not add up.
    case lengths
    /// Headers or payload are longer than a message may have.
    case tooLong
    case preludeChecksum
    case messageChecksum
    /// A header that cannot be read, or one that is there twice.
    case header
    /// The stream ends within a message.
    case truncated
  }

  package var rule: Rule
  /// A clause: `the checksum of the message is wrong`.
  package var detail: String
  /// In bytes from the beginning of the stream.
  package var offset: Int

  package var description: String { "\(detail), in the message at byte \(offset) of the stream" }
}

/// Takes the bytes of a stream as they arrive and gives the messages in it. A message is given once it is there whole and
/// its checksums are right; its lengths are judged as soon as they are known, so that no more than one message is kept.
package struct EventMessageDecoder: Sendable {
  private var buffer: [UInt8] = []
  /// Where in `buffer` the next message begins.
  private var start = 0
  /// How many bytes of the stream stood before `buffer`.
  private var passed = 0
  private var failure: EventStreamError?

  package init() {}

  /// Adds what arrived.
  package mutating func append(_ bytes: [UInt8]) {
    if start > 0 {
      buffer.removeFirst(start)
      passed += start
      start = 0
    }
    buffer += bytes
  }

  /// The next message; nil until more bytes arrive.
  /// - Throws: what is wrong; again at each further call, for what follows has no beginning.
  package mutating func next() throws(EventStreamError) -> EventMessage? {
    if let failure { throw failure }
    do {
      return try read()
    } catch {
      failure = error
      throw error
    }
  }

  /// To be called at the end of the stream.
  /// - Throws: `.truncated` if a message is not whole.
  package func finish() throws(EventStreamError) {
    if let failure { throw failure }
    if start < buffer.count { throw wrong(.truncated, "the stream breaks off") }
  }

  private mutating func read() throws(EventStreamError) -> EventMessage? {
    let given = buffer.count - start
    guard given >= EventMessage.preludeLength else { return nil }
    let total = number(at: start)
    let headersLength = number(at: start + 4)
    guard number(at: start + 8) == Int(crc32(buffer[start..<start + 8])) else {
      throw wrong(.preludeChecksum, "the checksum of the lengths is wrong")
    }
    guard headersLength <= EventMessage.maximumHeaders else {
      throw wrong(
        .tooLong, "the headers have \(headersLength) bytes, more than \(EventMessage.maximumHeaders)")
    }
    let payloadLength = total - headersLength - EventMessage.preludeLength - 4
    guard payloadLength >= 0 else {
      throw wrong(.lengths, "\(total) bytes are too few for \(headersLength) bytes of headers")
    }
    guard payloadLength <= EventMessage.maximumPayload else {
      throw wrong(
        .tooLong, "the payload has \(payloadLength) bytes, more than \(EventMessage.maximumPayload)")
    }
    guard given >= total else { return nil }
    let end = start + total - 4
    guard number(at: end) == Int(crc32(buffer[start..<end])) else {
      throw wrong(.messageChecksum, "the checksum of the message is wrong")
    }
    let headersStart = start + EventMessage.preludeLength
    let payloadStart = headersStart + headersLength
    let headers = try readHeaders(buffer[headersStart..<payloadStart])
    let message = EventMessage(headers: headers, payload: Array(buffer[payloadStart..<end]))
    start += total
    return message
  }

  /// The unsigned 32-bit number at `position`, which the caller knows to be there.
  private func number(at position: Int) -> Int {
    buffer[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  private func wrong(_ rule: EventStreamError.Rule, _ detail: String) -> EventStreamError {
    EventStreamError(rule: rule, detail: detail, offset: passed + start)
  }

  // MARK: headers

  private func readHeaders(_ bytes: ArraySlice<UInt8>) throws(EventStreamError) -> [EventMessage.Header] {
    var rest = bytes
    var headers: [EventMessage.Header] = []
    var names: Set<String> = []
    while let length = rest.popFirst() {
      guard length > 0, let name = text(&rest, Int(length)) else {
        throw wrong(.header, "a header has no readable name")
      }
      guard names.insert(name).inserted else { throw wrong(.header, "the header \(name) is there twice") }
      guard let type = rest.popFirst(), let value = value(type, &rest) else {
        throw wrong(.header, "the value of the header \(name) cannot be read")
      }
      headers.append(EventMessage.Header(name, value))
    }
    return headers
  }

  private func value(_ type: UInt8, _ rest: inout ArraySlice<UInt8>) -> EventMessage.HeaderValue? {
    switch type {
    case 0: .bool(true)
    case 1: .bool(false)
    case 2: integer(&rest, Int8.self).map { .byte($0) }
    case 3: integer(&rest, Int16.self).map { .short($0) }
    case 4: integer(&rest, Int32.self).map { .integer($0) }
    case 5: integer(&rest, Int64.self).map { .long($0) }
    case 6: integer(&rest, UInt16.self).flatMap { take(&rest, Int($0)) }.map { .bytes($0) }
    case 7: integer(&rest, UInt16.self).flatMap { text(&rest, Int($0)) }.map { .string($0) }
    case 8: integer(&rest, Int64.self).map { .timestamp(Timestamp(milliseconds: $0)) }
    case 9: take(&rest, 16).map { .uuid($0) }
    default: nil
    }
  }

  private func integer<N: FixedWidthInteger>(_ rest: inout ArraySlice<UInt8>, _ type: N.Type) -> N? {
    take(&rest, N.bitWidth / 8).map { bytes in
      N(truncatingIfNeeded: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
  }

  private func text(_ rest: inout ArraySlice<UInt8>, _ count: Int) -> String? {
    take(&rest, count).flatMap { String(validating: $0, as: UTF8.self) }
  }

  private func take(_ rest: inout ArraySlice<UInt8>, _ count: Int) -> [UInt8]? {
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
}
