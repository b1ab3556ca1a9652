import OrderedJSON
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

  /// Each is large in one way; a reader that looks at everything twice would not end.
  @Test(
    arguments: [
      ("attribute", "<r a=\"\(String(repeating: "v", count: 4_000_000))\"/>"),
      ("attributes", "<r \((0..<50_000).map { "a\($0)=\"v\"" }.joined(separator: " "))/>"),
      ("name", "<\(String(repeating: "n", count: 2_000_000))/>"),
      ("siblings", "<r>\(String(repeating: "<a/>", count: 300_000))</r>"),
      ("references", "<r><text>\(String(repeating: "&amp;", count: 300_000))</text></r>"),
      ("comments", "<r>\(String(repeating: "<!---->", count: 300_000))</r>"),
      ("text", "<r><text>\(String(repeating: "é\n", count: 1_000_000))</text></r>"),
      (
        "entries",
        "<r><map>\((0..<60_000).map { "<entry><key>k\($0)</key><value>v</value></entry>" }.joined())</map></r>"
      ),
    ])
  func `XML that is large in one way is read in one pass`(what: String, text: String) throws {
    let service: JSON = [
      "metadata": ["protocol": "rest-xml", "endpointPrefix": "x"],
      "operations": ["Get": ["name": "Get", "output": ["shape": "Out"]]],
      "shapes": [
        "Out": [
          "type": "structure",
          "members": ["text": ["shape": "Text"], "map": ["shape": "Map"], "a": ["shape": "List"]],
        ],
        "List": ["type": "list", "flattened": true, "member": ["shape": "Text"]],
        "Map": ["type": "map", "key": ["shape": "Text"], "value": ["shape": "Text"]],
        "Text": ["type": "string"],
      ],
    ]
    let operation = try #require(ServiceModel(botocore: service).operation("Get"))
    let value = try operation.response(HTTPResponse(status: 200, body: .bytes(Array(text.utf8))))
    switch what {
    case "entries": #expect(value["map"]?.object?.count == 60_000)
    case "references": #expect(value["text"]?.string?.utf8.count == 300_000)
    case "siblings": #expect(value["a"]?.list?.count == 300_000)
    default: break
    }
  }

  @Test(
    arguments: [
      (#"{"Item":{\#((0..<60_000).map { "\"k\($0)\":{\"S\":\"v\"}" }.joined(separator: ","))}}"#, 60_000),
      (#"{"Item":{\#((0..<60_000).map { _ in "\"k\":{\"S\":\"v\"}" }.joined(separator: ","))}}"#, 1),
      (#"{"Item":{"k":{"L":[\#((0..<100_000).map { _ in "{\"S\":\"v\"}" }.joined(separator: ","))]}}}"#, 1),
      (#"{"Item":{"k":{"S":"\#(String(repeating: "\\n", count: 2_000_000))"}}}"#, 1),
      (#"{"Item":{"k":{"S":\#(String(repeating: "9", count: 1_000_000))}}}"#, 1),
      (#"{"\#((0..<60_000).map { "u\($0)\":1" }.joined(separator: ",\""))}"#, 0),
    ])
  func `JSON that is large in one way is read in one pass`(text: String, count: Int) throws {
    let operation = try #require(bundle.model("dynamodb").operation("GetItem"))
    let value = try operation.response(HTTPResponse(status: 200, body: .bytes(Array(text.utf8))))
    #expect((value["Item"]?.object?.count ?? 0) == count)
  }

  @Test func `an error with more members than any is read in one pass`() throws {
    let text = "<Error><Code>C</Code>\((0..<60_000).map { "<m\($0)/>" }.joined())</Error>"
    let operation = try #require(bundle.model("s3").operation("ListBuckets"))
    let error = try #require(throws: ProtocolError.self) {
      try operation.response(HTTPResponse(status: 400, body: .bytes(Array(text.utf8))))
    }
    if case .fault(let fault) = error {
      #expect(fault.code == "C" && fault.fields.count < 64)
    } else {
      Issue.record("\(error)")
    }
  }

  @Test(arguments: ["<r a=\"1\" a=\"2\"/>", "<r a=\"<\"/>", "<r a=\"&x;\"/>", "<r>\u{1}</r>", "<r>]]></r>"])
  func `XML that is almost well-formed is refused`(text: String) {
    #expect(throws: ProtocolError.self) { try XMLParser.parse(Array(text.utf8)) }
  }

  /// Attribute values of DynamoDB hold each other without end.
  @Test(arguments: [10, 100, 1000, 100_000])
  func `a recursive shape is followed no deeper than JSON is read`(depth: Int) throws {
    let operation = try #require(bundle.model("dynamodb").operation("GetItem"))
    let text =
      #"{"Item":{"a":"# + String(repeating: #"{"L":["#, count: depth) + #"{"S":"x"}"#
      + String(repeating: "]}", count: depth) + "}}"
    let response = HTTPResponse(status: 200, body: .bytes(Array(text.utf8)))
    let value = try? operation.response(response)
    #expect((value != nil) == (depth <= 100))
    _ = value.map { $0.json(shape: operation.output) }
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
