import Wire

/// The status line and headers of a response as they come in, line by line (RFC 9112, sections 4 and 5).
struct ResponseHead {
  /// The most that all heads of one exchange may take together.
  static let limit = 1 << 20

  enum Fault: Error, Hashable {
    case tooLarge
    case malformed(String)
  }

  /// 0 until a status line has come.
  private(set) var status = 0
  private(set) var headers = Headers()
  private var size = 0
  private var isComplete = false

  /// True once the response's own head has come whole: an interim one (`100 Continue`) says nothing of the body.
  var isFinal: Bool { status >= 200 && isComplete }

  /// Reads one line with its end; the empty one at the end may be given too.
  ///
  /// - Returns: true if the line begins a new head.
  mutating func read(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> Bool {
    size += bytes.count
    guard size <= ResponseHead.limit else { throw .tooLarge }
    var end = bytes.count
    while end > 0, bytes[end - 1] == 10 || bytes[end - 1] == 13 { end -= 1 }
    let line = UnsafeRawBufferPointer(rebasing: bytes[..<end])
    if line.starts(with: ResponseHead.version) {
      try begin(line)
      return true
    }
    guard let first = line.first else {
      isComplete = true
      return false
    }
    // A folded line goes on with the value before (RFC 9112, 5.2).
    if first == 32 || first == 9 {
      guard let last = headers.fields.last else { return false }
      fold(last, ResponseHead.text(line))
      return false
    }
    guard let colon = line.firstIndex(of: 58), colon > 0, line[..<colon].allSatisfy(isTokenByte) else {
      throw .malformed("a line of its head is no header")
    }
    headers.add(
      String(decoding: line[..<colon], as: UTF8.self),
      ResponseHead.text(UnsafeRawBufferPointer(rebasing: line[(colon + 1)...])))
    return false
  }

  private static let version: [UInt8] = Array("HTTP/".utf8)

  private mutating func begin(_ line: UnsafeRawBufferPointer) throws(Fault) {
    let words = line.split(separator: 32, maxSplits: 2)
    guard words.count > 1, words[1].count == 3, let status = Int(String(decoding: words[1], as: UTF8.self)),
      status >= 100
    else { throw .malformed("its status line holds no status") }
    self.status = status
    headers = Headers()
    isComplete = false
  }

  private mutating func fold(_ field: Headers.Field, _ text: String) {
    var fields = headers.fields
    fields[fields.count - 1] = Headers.Field(field.name, field.value + " " + text)
    headers = Headers(fields)
  }

  /// A value without the white space around it. Control characters, which could forge lines wherever the value
  /// is written again, become spaces (RFC 9110, 5.5).
  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    var start = 0
    var end = bytes.count
    while start < end, bytes[start] <= 32 { start += 1 }
    while end > start, bytes[end - 1] <= 32 { end -= 1 }
    let value = bytes[start..<end]
    guard value.contains(where: isControl) else { return String(decoding: value, as: UTF8.self) }
    return String(decoding: value.map { isControl($0) ? 32 : $0 }, as: UTF8.self)
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 32 && byte != 9 || byte == 127 }
}

/// RFC 9110, 5.6.2.
func isTokenByte(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
  default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }
}
