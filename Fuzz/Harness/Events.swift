import Digests
import OrderedJSON

@testable import ServiceModels

/// Bytes as a stream of events, in pieces. A raw stream whose checksums are made right, or messages that are built and,
/// read again, are what they were; then the same stream as the events of an operation.
func readEvents(_ bytes: borrowing [UInt8]) {
  var entropy = Entropy(copy bytes)
  let manner = entropy.byte()
  let operation = entropy.pick(streaming)
  var stream: [UInt8]
  if manner & 1 == 0 {
    stream = withChecksums(entropy.rest())
  } else {
    stream = []
    while !entropy.isEmpty {
      let message = message(&entropy, operation)
      guard let encoded = message.encoded else { continue }
      var decoder = EventMessageDecoder()
      decoder.append(encoded)
      if Set(message.headers.map(\.name)).count == message.headers.count {
        guard let again = try? decoder.next(), again == message else {
          broken("an event message that was written reads back as it was")
        }
      }
      stream += encoded
    }
    if manner & 2 != 0, !stream.isEmpty { stream[Int(manner) * 7 % stream.count] ^= manner }
  }
  read(stream, piece: 1 + Int(manner >> 2), operation)
}

private func read(_ stream: [UInt8], piece: Int, _ operation: Operation?) {
  var decoder = EventMessageDecoder()
  var reader = operation.flatMap { EventReader($0) }
  for start in stride(from: 0, to: stream.count, by: piece) {
    let bytes = Array(stream[start..<min(stream.count, start + piece)])
    decoder.append(bytes)
    reader?.append(bytes)
    do { while try decoder.next() != nil {} } catch { _ = "\(error)" }
    do { while let event = try reader?.next() { _ = event.plainJSON.text() } } catch { _ = "\(error)" }
  }
  try? decoder.finish()
  try? reader?.finish()
}

private let streaming: [Operation] = Service.models.flatMap { model in
  model.operationNames.compactMap { model.operation($0) }.filter { $0.outputEventStream != nil }
}

/// One message after the stream's shape: its members' names are the types of events.
private func message(_ entropy: inout Entropy, _ operation: Operation?) -> EventMessage {
  let member = entropy.pick(operation?.outputEventStream?.shape.members ?? [])
  let kind = entropy.pick(["event", "event", "exception", "error", "x"]) ?? "event"
  var headers = [EventMessage.Header(":message-type", .string(kind))]
  let type = entropy.isOne(in: 8) ? "initial-response" : member?.name ?? entropy.text(atMost: 8)
  let name = kind == "exception" ? ":exception-type" : kind == "error" ? ":error-code" : ":event-type"
  headers.append(EventMessage.Header(name, .string(type)))
  for member in member?.shape.members ?? [] where member.isEventHeader {
    headers.append(EventMessage.Header(member.name, value(&entropy)))
  }
  while entropy.isOne(in: 3) {
    headers.append(EventMessage.Header("a" + entropy.text(atMost: 4), value(&entropy)))
  }
  var payload: [UInt8] = []
  if entropy.isOne(in: 3) {
    payload = Array(entropy.text(atMost: 64).utf8)
  } else if let member, let model = operation?.model {
    var modelled = Modelled(entropy)
    let isXML = model.protocolName == .restXML
    payload = Array((isXML ? modelled.xml(member.shape, name: "a") : modelled.json(member.shape)).utf8)
    _ = entropy.text(atMost: 64)
  }
  return EventMessage(headers: headers, payload: payload)
}

private func value(_ entropy: inout Entropy) -> EventMessage.HeaderValue {
  switch entropy.below(9) {
  case 0: .bool(entropy.isOne(in: 2))
  case 1: .byte(Int8(bitPattern: entropy.byte()))
  case 2: .short(Int16(bitPattern: UInt16(entropy.byte()) << 8))
  case 3: .integer(Int32(bitPattern: UInt32(entropy.byte()) << 24))
  case 4: .long(Int64(bitPattern: UInt64(entropy.byte()) << 56))
  case 5: .bytes(Array(entropy.text(atMost: 16).utf8))
  case 6: .string(entropy.scalar())
  case 7: .uuid(Array(repeating: entropy.byte(), count: 16))
  default: .bool(true)
  }
}

/// The stream with the checksums that its lengths ask for: a flipped bit would else never reach a header.
private func withChecksums(_ stream: [UInt8]) -> [UInt8] {
  var stream = stream
  var start = 0
  while stream.count - start >= 16 {
    // Small lengths, so that several messages fit.
    for position in [start, start + 1, start + 4, start + 5] { stream[position] = 0 }
    stream[start + 2] &= 1
    stream[start + 6] &= 1
    let total = Int(stream[start + 2]) << 8 | Int(stream[start + 3])
    put(crc32(stream[start..<start + 8]), at: start + 8, &stream)
    guard total >= 16, total <= stream.count - start else { break }
    put(crc32(stream[start..<start + total - 4]), at: start + total - 4, &stream)
    start += total
  }
  return stream
}

private func put(_ number: UInt32, at position: Int, _ stream: inout [UInt8]) {
  for index in 0..<4 {
    stream[position + index] = UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * index))
  }
}
