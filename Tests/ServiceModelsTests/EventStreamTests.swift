import Digests
import OrderedJSON
import TestKit
import Testing
import Wire

@testable import ServiceModels

/// A message with a header of each type.
private let full = EventMessage(
  headers: [
    .init("yes", .bool(true)), .init("no", .bool(false)), .init("byte", .byte(-2)),
    .init("short", .short(-300)),
    .init("integer", .integer(-70_000)), .init("long", .long(-5_000_000_000)),
    .init("bytes", .bytes([0, 255])),
    .init("string", .string("naïve 🪨")),
    .init("time", .timestamp(Timestamp(milliseconds: 1_795_450_247_123))),
    .init("uuid", .uuid(Array(0..<16))),
  ], payload: Array("payload".utf8))

private func event(_ type: String, _ payload: String, _ headers: [EventMessage.Header] = []) -> [UInt8] {
  message([.init(":message-type", .string("event")), .init(":event-type", .string(type))] + headers, payload)
}

private func message(_ headers: [EventMessage.Header], _ payload: String) -> [UInt8] {
  EventMessage(headers: headers, payload: Array(payload.utf8)).encoded ?? []
}

private func bytes(_ hex: String) -> [UInt8] {
  let digits = Array(hex.utf8.filter { $0 != 0x20 })
  return stride(from: 0, to: digits.count - 1, by: 2).map {
    UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) ?? 0
  }
}

private func number(_ value: Int) -> [UInt8] {
  (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// A message of these lengths and headers whose checksums are right.
private func made(total: Int? = nil, headers: [UInt8] = [], claimed: Int? = nil, payload: [UInt8] = [])
  -> [UInt8]
{
  var out = number(total ?? 16 + headers.count + payload.count) + number(claimed ?? headers.count)
  out += number(Int(crc32(out)))
  out += headers + payload
  return out + number(Int(crc32(out)))
}

private func decoded(_ bytes: [UInt8], step: Int? = nil) throws(EventStreamError) -> [EventMessage] {
  var decoder = EventMessageDecoder()
  var messages: [EventMessage] = []
  var rest = bytes[...]
  repeat {
    let part = rest.prefix(step ?? bytes.count)
    rest = rest.dropFirst(part.count)
    decoder.append(Array(part))
    while let message = try decoder.next() { messages.append(message) }
  } while !rest.isEmpty
  try decoder.finish()
  return messages
}

@Suite struct EventMessageTests {
  /// The vectors of aws-c-event-stream.
  @Test(
    arguments: [
      ("00000010 00000000 05c248eb 7d98c8ff", EventMessage(headers: [])),
      (
        "0000001d 00000000 fd528c5a 7b27666f6f273a27626172277d c3653936",
        EventMessage(headers: [], payload: Array("{'foo':'bar'}".utf8))
      ),
      (
        "0000003d 00000020 07fd8396 0c636f6e74656e742d74797065 07 0010 6170706c69636174696f6e2f6a736f6e"
          + "7b27666f6f273a27626172277d 8d9c08b1",
        EventMessage(
          headers: [.init("content-type", .string("application/json"))], payload: Array("{'foo':'bar'}".utf8))
      ),
    ] as [(String, EventMessage)])
  func `messages are those of AWS's own vectors`(hex: String, message: EventMessage) throws {
    #expect(message.encoded == bytes(hex))
    #expect(try decoded(bytes(hex)) == [message])
  }

  @Test(arguments: [1, 2, 3, 7, 11, 12, 13, 100, 1000])
  func `a stream may arrive in parts of any length`(step: Int) throws {
    let stream = try #require(full.encoded) + made() + (try #require(full.encoded))
    #expect(try decoded(stream, step: step) == [full, EventMessage(headers: []), full])
  }

  @Test(
    arguments: [
      (made(total: 15), .lengths), (made(claimed: 1), .lengths), (made(total: 0), .lengths),
      (made(total: 16 + 1 << 24 + 1), .tooLong), (made(total: 1 << 30, claimed: 128 * 1024 + 1), .tooLong),
      (made(total: 0xFFFF_FFFF, claimed: 0xFFFF_FFFF), .tooLong),
      (Array(made().prefix(11)) + [0] + made().suffix(4), .preludeChecksum),
      (made(payload: [1]).dropLast() + [0], .messageChecksum),
      (made(headers: [0]), .header), (made(headers: [1]), .header), (made(headers: [1, 0x61]), .header),
      (made(headers: [1, 0xFF, 0]), .header), (made(headers: [1, 0x61, 10]), .header),
      (made(headers: [1, 0x61, 5, 0]), .header), (made(headers: [1, 0x61, 7, 0, 2, 0x61]), .header),
      (made(headers: [1, 0x61, 7, 0, 1, 0xFF]), .header), (made(headers: [1, 0x61, 9, 0]), .header),
      (made(headers: [1, 0x61, 0, 1, 0x61, 1]), .header), (Array(made().dropLast()), .truncated),
      ([0], .truncated),
    ] as [([UInt8], EventStreamError.Rule)])
  func `what is no message is refused by its rule`(damaged: [UInt8], rule: EventStreamError.Rule) throws {
    let whole = try #require(full.encoded)
    var decoder = EventMessageDecoder()
    decoder.append(whole + damaged)
    #expect(try decoder.next() == full, "what came before stands")
    for _ in 0..<2 {
      do {
        if try decoder.next() == nil { try decoder.finish() }
        Issue.record("taken")
      } catch {
        #expect(error.rule == rule)
        #expect(error.offset == whole.count)
      }
    }
  }

  @Test func `a stream that breaks off anywhere is truncated, and nothing is invented`() throws {
    let whole = try #require(full.encoded)
    for length in 1..<whole.count {
      var decoder = EventMessageDecoder()
      decoder.append(Array(whole.prefix(length)))
      #expect(try decoder.next() == nil)
      #expect(throws: EventStreamError.self) { try decoder.finish() }
    }
  }

  @Test func `no flipped byte goes unseen`() throws {
    let whole = try #require(full.encoded)
    for position in whole.indices {
      var damaged = whole
      damaged[position] ^= 0x40
      #expect(throws: EventStreamError.self, "byte \(position)") { try decoded(damaged) }
    }
  }

  @Test func `what the format cannot say is not written`() {
    #expect(EventMessage(headers: [.init(String(repeating: "n", count: 256), .bool(true))]).encoded == nil)
    #expect(EventMessage(headers: [.init("a", .bytes([UInt8](repeating: 0, count: 65_536)))]).encoded == nil)
    #expect(EventMessage(headers: [.init("a", .uuid([1]))]).encoded == nil)
  }
}

@Suite struct EventReaderTests {
  private func operation(_ service: String, _ name: String) throws -> ServiceModels.Operation {
    try #require(bundle.model(service).operation(name))
  }

  private func answer(_ body: [UInt8]) -> HTTPResponse { HTTPResponse(status: 200, body: .bytes(body)) }

  @Test func `events are objects of their type, unknown types are passed over`() throws {
    let select = try operation("s3", "SelectObjectContent")
    let body =
      event("Records", "a,b\n") + event("Cont", "") + event("Sparkle", "?")
      + event(
        "Stats",
        "<Stats><Details><BytesScanned>7</BytesScanned></Details></Stats>".replacing("Details>", with: "x>"))
      + event("Stats", "<Stats><BytesScanned>7</BytesScanned><New>1</New></Stats>") + event("End", "")
    #expect(
      try select.response(answer(body)) == [
        "Payload": [
          ["Records": ["Payload": .blob(Array("a,b\n".utf8))]], ["Cont": [:]], ["Stats": ["Details": [:]]],
          ["Stats": ["Details": ["BytesScanned": 7]]], ["End": [:]],
        ]
      ])
  }

  @Test func `events arrive one by one`() throws {
    var reader = try #require(EventReader(operation("s3", "SelectObjectContent")))
    let first = event("Records", "a")
    reader.append(first)
    #expect(try reader.next() == ["Records": ["Payload": .blob([0x61])]])
    #expect(try reader.next() == nil)
    let second = event("End", "")
    reader.append(Array(second.prefix(20)))
    #expect(try reader.next() == nil)
    #expect(throws: ProtocolError.self) { try reader.finish() }
    reader.append(Array(second.dropFirst(20)))
    #expect(try reader.next() == ["End": [:]])
    try reader.finish()
  }

  @Test func `an RPC protocol begins with the initial response`() throws {
    let tail = try operation("logs", "StartLiveTail")
    let session = #"{"requestId":"r","sessionId":"s","logGroupIdentifiers":["g"]}"#
    let update = #"{"sessionResults":[{"message":"m","timestamp":5}],"sessionMetadata":{"sampled":false}}"#
    let body =
      event("initial-response", "{}") + event("sessionStart", session) + event("sessionUpdate", update)
    let output = try tail.response(answer(body))
    #expect(
      output == [
        "responseStream": [
          ["sessionStart": ["requestId": "r", "sessionId": "s", "logGroupIdentifiers": ["g"]]],
          [
            "sessionUpdate": [
              "sessionMetadata": ["sampled": false], "sessionResults": [["message": "m", "timestamp": 5]],
            ]
          ],
        ]
      ])
    #expect(
      output.json(shape: tail.output).text().hasPrefix(
        #"{"responseStream":[{"sessionStart":{"requestId":"r","sessionId":"s","#))
    for body in [[], event("sessionStart", session)] {
      #expect(throws: ProtocolError.self) { try tail.response(answer(body)) }
    }
  }

  @Test func `headers of an event are members, a number in one may be a time`() throws {
    let start: JSON = [
      "metadata": ["protocol": "rest-json", "endpointPrefix": "x"],
      "operations": ["Watch": ["name": "Watch", "output": ["shape": "Out"]]],
      "shapes": [
        "Out": ["type": "structure", "payload": "s", "members": ["s": ["shape": "Stream"]]],
        "Stream": ["type": "structure", "eventstream": true, "members": ["Tick": ["shape": "Tick"]]],
        "Tick": [
          "type": "structure", "event": true,
          "members": [
            "at": ["shape": "Time", "eventheader": true], "on": ["shape": "Flag", "eventheader": true],
            "count": ["shape": "Number", "eventheader": true],
            "text": ["shape": "Text", "eventpayload": true],
          ],
        ],
        "Time": ["type": "timestamp"], "Flag": ["type": "boolean"], "Number": ["type": "integer"],
        "Text": ["type": "string"],
      ],
    ]
    let watch = try #require(ServiceModel(botocore: start).operation("Watch"))
    let time = Timestamp(milliseconds: 1_795_450_247_123)
    let body =
      event(
        "Tick", "a", [.init("at", .timestamp(time)), .init("on", .bool(false)), .init("count", .short(-3))])
      + event("Tick", "", [.init("at", .long(time.milliseconds)), .init("other", .string("x"))])
    #expect(
      try watch.response(answer(body)) == [
        "s": [
          ["Tick": ["at": .timestamp(time), "on": false, "count": -3, "text": "a"]],
          ["Tick": ["at": .timestamp(time), "text": ""]],
        ]
      ])
  }

  @Test(
    arguments: [
      (
        [
          .init(":message-type", .string("exception")),
          .init(":exception-type", .string("throttlingException")),
        ],
        #"{"message":"slow"}"#, "throttlingException", "slow", 429
      ),
      (
        [
          .init(":message-type", .string("exception")),
          .init(":exception-type", .string("throttlingException")),
        ],
        "no JSON", "throttlingException", "", 429
      ),
      (
        [.init(":message-type", .string("exception")), .init(":exception-type", .string("surprise"))], "{}",
        "surprise", "", 400
      ),
      (
        [
          .init(":message-type", .string("error")), .init(":error-code", .string("InternalError")),
          .init(":error-message", .string("broken")),
        ], "", "InternalError", "broken", 400
      ),
      ([.init(":message-type", .string("error"))], "", "", "", 400),
    ] as [([EventMessage.Header], String, String, String, Int)])
  func `errors among events are faults, and what came before is given first`(
    headers: [EventMessage.Header], payload: String, code: String, text: String, status: Int
  ) throws {
    let converse = try operation("bedrock-runtime", "ConverseStream")
    let body = event("messageStart", #"{"role":"assistant"}"#) + message(headers, payload)
    let fault = ProtocolError.fault(ServiceFault(code: code, message: text, httpStatus: status))
    var reader = try #require(EventReader(converse))
    reader.append(body)
    #expect(try reader.next() == ["messageStart": ["role": "assistant"]])
    #expect(throws: fault) { try reader.next() }
    #expect(throws: fault) { try converse.response(answer(body)) }
  }

  @Test func `every modelled stream comes back as it was written, and no cut of it traps`() throws {
    var judged = 0
    for service in bundle.services {
      let model = try bundle.model(service)
      for name in model.operationNames {
        let operation = try #require(model.operation(name))
        guard let stream = operation.outputEventStream?.name, let shape = operation.output else { continue }
        var sampler = Sampler(seed: 11)
        let output = sampler.structure(shape)
        var response = try operation.response(output: output, requestID: "r")
        response.status = 200
        let read = try operation.response(response)
        #expect(read[stream]?.list?.isEmpty == false, "\(service) \(name)")
        #expect(read[stream]?.normalised == output[stream]?.normalised, "\(service) \(name)")
        judged += 1
        guard case .bytes(let bytes) = response.body else { continue }
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 200)) {
          response.body = .bytes(Array(bytes.prefix(length)))
          _ = try? operation.response(response)
        }
      }
    }
    #expect(judged == 23)
  }

  @Test func `an input of events is refused by name`() throws {
    var refused: [String] = []
    for service in bundle.services {
      let model = try bundle.model(service)
      for name in model.operationNames {
        guard let operation = model.operation(name), operation.inputEventStream != nil else { continue }
        let endpoint = Endpoint(scheme: "https", host: "h", signingRegion: "r", signingName: "s")
        do {
          _ = try operation.request([:], endpoint: endpoint) { "" }
          Issue.record("\(name) was built")
        } catch {
          #expect(error.description.contains("\(service) \(name) takes its input as a stream of events"))
        }
        refused.append("\(service) \(name)")
      }
    }
    #expect(
      refused == [
        "bedrock-runtime InvokeModelWithBidirectionalStream",
        "connecthealth StartMedicalScribeListeningSession", "lexv2-runtime StartConversation",
        "polly StartSpeechSynthesisStream", "qbusiness Chat",
      ])
  }
}
