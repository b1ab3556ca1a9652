import TestKit
import Testing
import Wire

@testable import ServiceModels

@Suite struct HostileInputTests {
  @Test(arguments: [
    "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
    "<!DOCTYPE lolz [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]><lolz>&b;</lolz>",
    "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
    "<a>&undefined;</a>", "<a>", "</a>", "", "   ", "<a></b>", "<a/><b/>", "not XML", "<a b=c/>", "\u{0}",
  ])
  func `XML that is none, or that declares entities, is refused`(text: String) {
    #expect(throws: ProtocolError.self) { try XMLParser.parse(Array(text.utf8)) }
  }

  @Test func `XML nested too deeply is refused`() {
    let text = String(repeating: "<a>", count: 100_000) + String(repeating: "</a>", count: 100_000)
    #expect(throws: ProtocolError.self) { try XMLParser.parse(Array(text.utf8)) }
  }

  @Test func `forms nested too deeply are refused`() {
    #expect(throws: ProtocolError.self) {
      try QueryTree.parse(String(repeating: "a.", count: 100_000) + "b=1")
    }
  }

  @Test func `JSON nested too deeply is refused`() throws {
    let operation = try #require(bundle.model("kms").operation("CreateKey"))
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: ProtocolError.self) {
      try operation.input(from: HTTPRequest(method: "POST", host: "h", body: .bytes(Array(text.utf8))))
    }
  }

  @Test(arguments: bundledServices)
  func `garbage never traps`(service: String) throws {
    let model = try bundle.model(service)
    var state: UInt64 = 88_172_645_463_325_252
    func next(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    let pieces = [
      "<", ">", "</", "/>", "{", "}", "[", "]", "\"", ":", ",", "&", "=", ".", "1", "-1e999", "null", "true",
      "Tags", "member", "item",
      "Error", "Code", "Message", "xmlns=\"x\"", "%", "%zz", "+", "\u{FEFF}", "é", "\u{0}", " ", "\n",
      "99999999999999999999", "__type",
    ]
    for name in model.operationNames.prefix(60) {
      let operation = try #require(model.operation(name))
      for _ in 0..<12 {
        var text = ""
        for _ in 0..<next(30) { text += pieces[next(pieces.count)] }
        let body = Body.bytes(Array(text.utf8))
        _ = try? operation.response(
          HTTPResponse(status: [200, 204, 301, 400, 404, 500, 503][next(7)], body: body))
        let request = HTTPRequest(
          method: operation.httpMethod, host: ["h", "a.localhost", ".localhost", "", ":"][next(5)],
          path: "/" + text.filter { !$0.isNewline }, query: text, headers: ["X-Amz-Target": text], body: body)
        _ = model.route(request)
        _ = try? operation.input(from: request)
      }
    }
  }

  @Test(arguments: bundledServices)
  func `mutilated responses never trap`(service: String) throws {
    let model = try bundle.model(service)
    var state: UInt64 = 2_463_534_242
    for name in model.operationNames.prefix(60) {
      let operation = try #require(model.operation(name))
      guard let shape = operation.output else { continue }
      var sampler = Sampler(seed: 3)
      guard let whole = try? operation.response(output: sampler.structure(shape), requestID: "r"),
        case .bytes(let bytes) = whole.body, !bytes.isEmpty
      else { continue }
      for _ in 0..<8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var cut = Array(bytes.prefix(Int(state >> 33) % bytes.count + 1))
        cut[Int(state >> 20) % cut.count] = UInt8(truncatingIfNeeded: state >> 11)
        var response = whole
        response.status = 200
        response.body = .bytes(cut)
        _ = try? operation.response(response)
      }
    }
  }
}
