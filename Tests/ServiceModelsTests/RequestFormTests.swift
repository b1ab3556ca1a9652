import Compression
import Digests
import OrderedJSON
import TestKit
import Testing
import Wire

@testable import ServiceModels

private let endpoint = Endpoint(
  scheme: "https", host: "h.example", signingRegion: "us-east-1", signingName: "service")

private func operation(_ service: String, _ name: String) throws -> ServiceModels.Operation {
  try #require(bundle.model(service).operation(name))
}

private func bytes(_ request: HTTPRequest) -> [UInt8] {
  if case .bytes(let bytes) = request.body { bytes } else { [] }
}

/// What a request carries besides its members.
@Suite struct RequestFormTests {
  // MARK: compression

  private func metrics(_ length: Int, _ choice: RequestCompression) throws -> HTTPRequest {
    let input: Value = ["Namespace": .string(String(repeating: "n", count: length)), "MetricData": []]
    return try operation("cloudwatch", "PutMetricData").request(
      input, endpoint: endpoint, compression: choice
    ) { "" }
  }

  @Test func `a body is compressed from the size on that is asked for`() throws {
    let plain = bytes(try metrics(20_000, RequestCompression(isDisabled: true)))
    for (size, isCompressed) in [(plain.count, true), (plain.count + 1, false), (0, true), (10_240, true)] {
      let request = try metrics(20_000, RequestCompression(minimumSize: size))
      #expect(request.headers["Content-Encoding"] == (isCompressed ? "gzip" : nil), "\(size)")
      #expect(try isCompressed ? gunzip(bytes(request), limit: 1 << 20) == plain : bytes(request) == plain)
    }
    #expect(try metrics(20_000, RequestCompression(isDisabled: true)).headers["Content-Encoding"] == nil)
    #expect(try metrics(100, RequestCompression()).headers["Content-Encoding"] == nil)
    #expect(try metrics(20_000, RequestCompression()).headers["Content-Encoding"] == "gzip")
  }

  @Test func `only what the model offers is compressed`() throws {
    let input: Value = ["KeyId": "k", "Plaintext": .blob([UInt8](repeating: 7, count: 50_000))]
    let request = try operation("kms", "Encrypt").request(
      input, endpoint: endpoint, compression: RequestCompression(minimumSize: 0)
    ) { "" }
    #expect(request.headers["Content-Encoding"] == nil)
  }

  // MARK: checksums

  @Test(
    arguments: [
      ("s3", "PutObject", ["Bucket": "b", "Key": "k", "Body": .blob([1])], "x-amz-checksum-crc64nvme"),
      (
        "s3", "PutObject", ["Bucket": "b", "Key": "k", "Body": .blob([1]), "ChecksumAlgorithm": "SHA256"],
        "x-amz-checksum-sha256"
      ),
      (
        "s3", "PutObject", ["Bucket": "b", "Key": "k", "Body": .blob([1]), "ChecksumAlgorithm": "CRC32C"],
        "x-amz-checksum-crc32c"
      ),
      (
        "s3", "PutObject", ["Bucket": "b", "Key": "k", "Body": .blob([1]), "ChecksumAlgorithm": "SHA1"],
        "x-amz-checksum-sha1"
      ),
      (
        "s3", "PutObject", ["Bucket": "b", "Key": "k", "Body": .blob([1]), "ChecksumCRC32": "AAAAAA=="],
        "x-amz-checksum-crc32"
      ),
      (
        "s3", "PutBucketTagging", ["Bucket": "b", "Tagging": ["TagSet": []]], "x-amz-checksum-crc64nvme"
      ),
      ("s3", "ListObjectsV2", ["Bucket": "b"], nil), ("kms", "CreateKey", [:], nil),
    ] as [(String, String, Value, String?)])
  func `a body has the checksum that the input names, else the standard one, and one only`(
    service: String, name: String, input: Value, header: String?
  ) throws {
    let request = try operation(service, name).request(input, endpoint: endpoint) { "" }
    let found = request.headers.filter {
      $0.name.lowercased().hasPrefix("x-amz-checksum-") && $0.name.lowercased() != "x-amz-checksum-mode"
    }
    #expect(found.map { $0.name.lowercased() } == [header].compactMap { $0 })
    #expect(request.headers["Content-MD5"] == nil)
  }

  @Test func `Content-MD5 goes along where the old trait alone asks for a checksum`() throws {
    var judged = 0
    for service in bundle.services {
      let model = try bundle.model(service)
      for name in model.operationNames {
        guard let operation = model.operation(name), operation.requiresMD5 else { continue }
        #expect(service == "s3control")
        judged += 1
      }
    }
    #expect(judged == 37)
    let request = try operation("s3control", "PutBucketPolicy").request(
      ["AccountId": "1", "Bucket": "b", "Policy": "{}"], endpoint: endpoint
    ) { "" }
    #expect(request.headers["Content-MD5"] == base64Encoded(md5(bytes(request))))
    #expect(request.headers["x-amz-checksum-crc64nvme"] != nil)
  }

  // MARK: tokens and hosts

  @Test(
    arguments: [
      ("macie2", "EnableMacie", [:], ["clientToken"]), ("macie2", "EnableMacie", ["clientToken": "mine"], []),
      ("ec2", "RunInstances", ["MinCount": 1, "MaxCount": 1], ["ClientToken"]), ("kms", "CreateKey", [:], []),
    ] as [(String, String, Value, [String])])
  func `each idempotency token that is not given is made, once`(
    service: String, name: String, input: Value, made: [String]
  ) throws {
    var count = 0
    let operation = try operation(service, name)
    let request = try operation.request(input, endpoint: endpoint) {
      count += 1
      return "token-\(count)"
    }
    let read = try operation.input(from: request)
    #expect(count == made.count)
    for (index, member) in made.enumerated() { #expect(read[member] == .string("token-\(index + 1)")) }
  }

  @Test(
    arguments: [
      ("logs", "StartLiveTail", ["logGroupIdentifiers": ["a"]], "stream-h.example"),
      (
        "s3control", "GetPublicAccessBlock", ["AccountId": "111122223333"],
        "111122223333.h.example"
      ), ("s3control", "GetPublicAccessBlock", ["AccountId": "a/b"], nil),
      ("s3control", "GetPublicAccessBlock", ["AccountId": ""], nil),
      ("s3control", "GetPublicAccessBlock", [:], nil), ("kms", "ListKeys", [:], "h.example"),
    ] as [(String, String, Value, String?)])
  func `a host prefix has its labels, and nothing that is no host`(
    service: String, name: String, input: Value, host: String?
  ) throws {
    #expect((try? operation(service, name).request(input, endpoint: endpoint) { "" })?.host == host)
  }

  @Test(
    arguments: [
      ("kms", "ListKeys", [:], "/base/"), ("sts", "GetCallerIdentity", [:], "/base/"),
      ("ec2", "DescribeVpcs", [:], "/base/"), ("s3", "ListBuckets", [:], "/base"),
      ("s3", "ListObjectsV2", ["Bucket": "b"], "/base/b"), ("macie2", "GetMacieSession", [:], "/base/macie"),
    ] as [(String, String, Value, String)])
  func `a custom endpoint's path stands before the operation's`(
    service: String, name: String, input: Value, path: String
  ) throws {
    var custom = endpoint
    custom.path = "/base"
    #expect(try operation(service, name).request(input, endpoint: custom) { "" }.path == path)
  }

  /// The rule for names of payloads is right for AWS's models because they all say it twice.
  @Test func `every XML payload of AWS has a namespace beside its name`() throws {
    var judged = 0
    for service in bundle.services {
      let model = try bundle.model(service)
      guard model.protocolName == .restXML else { continue }
      for name in model.operationNames {
        guard let payload = model.operation(name)?.inputPayload, payload.shape.kind == .structure else {
          continue
        }
        #expect(payload.explicitLocationName != nil && payload.traits.isNamespacedByReference, "\(name)")
        #expect(xmlRootName(of: payload) == payload.explicitLocationName)
        judged += 1
      }
    }
    #expect(judged >= 70)
  }
}

/// Unions, documents and members that nobody knows.
@Suite struct AnswerFormTests {
  private func model(_ wireProtocol: String) throws -> ServiceModels.Operation {
    let service: JSON = [
      "metadata": ["protocol": .string(wireProtocol), "endpointPrefix": "x", "apiVersion": "1"],
      "operations": ["Get": ["name": "Get", "output": ["shape": "Out"]]],
      "shapes": [
        "Out": [
          "type": "structure",
          "members": ["choice": ["shape": "Choice"], "free": ["shape": "Free"], "text": ["shape": "Text"]],
        ],
        "Choice": [
          "type": "structure", "union": true, "members": ["a": ["shape": "Text"], "b": ["shape": "Text"]],
        ],
        "Free": ["type": "structure", "members": [:], "document": true], "Text": ["type": "string"],
      ],
    ]
    return try #require(ServiceModel(botocore: service).operation("Get"))
  }

  @Test(
    arguments: [
      (#"{"choice":{"a":"1"}}"#, ["choice": ["a": "1"]]),
      (#"{"choice":{"a":"1","b":null,"__type":"x"}}"#, ["choice": ["a": "1"]]),
      (#"{"choice":{"new":"1"}}"#, ["choice": ["SDK_UNKNOWN_MEMBER": ["name": "new"]]]),
      (#"{"choice":{"a":"1","b":"2"}}"#, nil), (#"{"choice":{}}"#, nil), (#"{"choice":null}"#, [:]),
      (#"{"new":{"deep":[1]},"text":"t"}"#, ["text": "t"]),
      (#"{"free":{"x":[1,null,"y",{}]}}"#, ["free": ["x": [1, .null, "y", [:]]]]),
      (#"{"free":[true,1.5]}"#, ["free": [true, 1.5]]), (#"{"free":"text"}"#, ["free": "text"]),
      (#"{"text":{"what":"the model says"}}"#, ["text": ["what": "the model says"]]), ("", [:]),
    ] as [(String, Value?)])
  func `JSON answers are read by these rules`(body: String, value: Value?) throws {
    for name in ["json", "rest-json"] {
      let response = HTTPResponse(status: 200, body: .bytes(Array(body.utf8)))
      #expect((try? model(name).response(response)) == value, "\(name)")
    }
  }

  @Test(
    arguments: [
      ("<r><choice><a>1</a></choice></r>", ["choice": ["a": "1"]]),
      ("<r><choice><new>1</new></choice></r>", ["choice": ["SDK_UNKNOWN_MEMBER": ["name": "new"]]]),
      ("<r><choice><a>1</a><b>2</b></choice></r>", nil), ("<r><choice/></r>", nil),
      ("<r><new><deep/></new><text>t</text></r>", ["text": "t"]), ("<r/>", [:]),
    ] as [(String, Value?)])
  func `XML answers are read by these rules`(body: String, value: Value?) throws {
    for name in ["query", "ec2", "rest-xml"] {
      let response = HTTPResponse(status: 200, body: .bytes(Array(body.utf8)))
      #expect((try? model(name).response(response)) == value, "\(name)")
    }
  }

  /// Services that would rather speak `smithy-rpc-v2-cbor` all offer JSON beside it; one that does not would fail here.
  @Test func `every service speaks a protocol that we speak`() throws {
    var spoken: [WireProtocol: Int] = [:]
    for service in bundle.services { spoken[try bundle.model(service).protocolName, default: 0] += 1 }
    #expect(spoken == [.json: 152, .query: 17, .ec2: 1, .restJSON: 250, .restXML: 4])
    for service in [
      "arc-region-switch", "cloudwatch", "comprehendmedical", "compute-optimizer",
      "compute-optimizer-automation",
      "gamelift", "interconnect", "marketplace-entitlement", "snowball",
    ] {
      #expect(try bundle.model(service).protocolName == .json)
      #expect(try bundle.model(service).targetPrefix?.isEmpty == false)
    }
  }
}
