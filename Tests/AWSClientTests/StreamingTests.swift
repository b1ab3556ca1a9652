import Digests
import Foundation
import ServiceModels
import SigV4
import Testing
import Wire

@testable import AWSClient

@Suite struct StreamingTests {
  private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
  private let text = String(repeating: "0123456789abcdef", count: 200_000)

  private func temporary(_ content: String? = nil) throws -> String {
    let path = NSTemporaryDirectory() + "streaming-" + UUID().uuidString
    if let content { try Data(content.utf8).write(to: URL(fileURLWithPath: path)) }
    return path
  }

  private func exchange(
    _ server: LocalServer, _ body: Body, _ headers: Headers = [:], trailer: DigestAlgorithm? = nil
  ) async throws -> HTTPResponse {
    var options = SendOptions()
    options.trailer = trailer.map { .init(header: "x-amz-checksum-\($0)", algorithm: $0) }
    return try await CurlTransport().send(
      HTTPRequest(
        method: "PUT", scheme: "http", host: server.host, path: "/x", headers: headers, body: body), options)
  }

  @Test(arguments: [DigestAlgorithm.crc64nvme, .crc32, .sha256])
  func `A chunked upload is read once, and its checksum follows it`(_ algorithm: DigestAlgorithm) async throws
  {
    let path = try temporary(text)
    defer { unlink(path) }
    let server = try #require(LocalServer(scripts: ["/x": [.readBody, .send(ok)]]))
    defer { server.stop() }
    let length = UInt64(text.utf8.count) - 3
    _ = try await exchange(
      server, .file(path: path, offset: 3, length: length), ["Transfer-Encoding": "chunked"],
      trailer: algorithm)
    let payload = try decodeChunks(try #require(server.seen.bodies.first))
    let content = Array(text.utf8.dropFirst(3))
    #expect(payload.bytes == content)
    #expect(
      payload.trailers["x-amz-checksum-\(algorithm)"] == base64Encoded(digest(algorithm, of: content)))
    #expect(server.seen.requests.first?.contains("Transfer-Encoding: chunked\r\n") == true)
  }

  @Test func `Chunks are framed as botocore frames them`() throws {
    let path = try temporary("hello\n")
    defer { unlink(path) }
    for (body, expected) in [
      (
        Body.file(path: path, offset: 0, length: 6),
        "6\r\nhello\n\r\n0\r\nx-amz-checksum-crc64nvme:akP7S61aVgc=\r\n\r\n"
      ),
      (.bytes(Array("hello\n".utf8)), "6\r\nhello\n\r\n0\r\nx-amz-checksum-crc64nvme:akP7S61aVgc=\r\n\r\n"),
      (.empty, "0\r\nx-amz-checksum-crc64nvme:AAAAAAAAAAA=\r\n\r\n"),
    ] {
      for size in [1, 3, 16, 4096] {
        var source = UploadSource(
          body, trailer: .init(header: "x-amz-checksum-crc64nvme", algorithm: .crc64nvme))
        let isOpen = source.open()
        #expect(isOpen)
        for round in 0..<2 {
          let isAtStart = round == 0 || source.rewind(to: 0)
          #expect(isAtStart)
          var out: [UInt8] = []
          var buffer = [UInt8](repeating: 0, count: size)
          while case let n = try buffer.withUnsafeMutableBytes({ try source.fill($0) }), n > 0 {
            out += buffer[..<n]
          }
          #expect(String(decoding: out, as: UTF8.self) == expected)
        }
        let isInside = source.rewind(to: 1)
        #expect(!isInside)
        source.close()
      }
    }
  }

  @Test(arguments: [
    ("100 first", [LocalServer.Step.send("HTTP/1.1 100 Continue\r\n\r\n"), .readBody], 200, true),
    ("silence", [.readBody], 200, true),
    ("refused at once", [], 403, false),
    ("elsewhere", [], 307, false),
  ])
  func `A body waits for 100 Continue, a second at most, and stays where it is refused`(
    _ name: String, _ steps: [LocalServer.Step], _ status: Int, _ sends: Bool
  ) async throws {
    let answer = "HTTP/1.1 \(status) Whatever\r\nContent-Length: 0\r\n\r\n"
    let server = try #require(LocalServer(scripts: ["/x": steps + [.send(answer)]]))
    defer { server.stop() }
    let response = try await exchange(server, .bytes(Array(text.utf8)), ["Expect": "100-continue"])
    #expect(response.status == status)
    #expect(server.seen.requests.first?.contains("Expect: 100-continue\r\n") == true)
    #expect(server.seen.bodies == (sends ? [Array(text.utf8)] : []))
  }

  @Test(arguments: [true, false], [true, false])
  func `A download is verified while it comes in, and nothing of a wrong one is kept`(
    isRight: Bool, toFile: Bool
  ) async throws {
    let sum = base64Encoded(digest(.crc64nvme, of: Array((isRight ? text : text + "x").utf8)))
    let head =
      "HTTP/1.1 200 OK\r\nx-amz-checksum-crc64nvme: \(sum)\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
    let server = try #require(LocalServer(scripts: ["/b/k": [.send(head), .send(text)]]))
    defer { server.stop() }
    let path = try temporary()
    defer { unlink(path) }
    var options = CallOptions()
    if toFile { options.outputPath = path }
    let client = client(CurlTransport(), endpoint: "http://" + server.host)
    var fault: AWSError?
    do {
      let output = try await client.call("s3", "GetObject", ["Bucket": "b", "Key": "k"], options)
      if !toFile { #expect(output["Body"]?.blob?.count == text.utf8.count) }
    } catch {
      fault = error
    }
    if isRight {
      #expect(fault == nil)
      if toFile { #expect(try String(contentsOfFile: path, encoding: .utf8) == text) }
    } else {
      #expect(
        fault?.message.hasPrefix("Expected checksum \(sum) did not match calculated checksum: ") == true)
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func `A checksum of a multipart object's parts says nothing of the whole`() async throws {
    let server = try #require(
      LocalServer(scripts: [
        "/b/k": [.send("HTTP/1.1 200 OK\r\nx-amz-checksum-crc32: AAAA-3\r\nContent-Length: 2\r\n\r\nab")]
      ]))
    defer { server.stop() }
    let client = client(CurlTransport(), endpoint: "http://" + server.host)
    let output = try await client.call("s3", "GetObject", ["Bucket": "b", "Key": "k"])
    #expect(output["Body"]?.blob == Array("ab".utf8))
  }

  @Test func `Over TLS the request announces the trailer and what is signed says so`() async throws {
    let path = try temporary("hello\n")
    defer { unlink(path) }
    let transport = ScriptedTransport([.response(200, "", [:])])
    var options = CallOptions()
    options.bodyFile = .init(path: path, offset: 0, length: 6)
    _ = try await client(transport).call("s3", "PutObject", ["Bucket": "bucket", "Key": "k"], options)
    let request = try #require(transport.seen.first)
    let expected: Headers = [
      "Expect": "100-continue", "Transfer-Encoding": "chunked", "Content-Encoding": "aws-chunked",
      "X-Amz-Trailer": "x-amz-checksum-crc64nvme", "X-Amz-Decoded-Content-Length": "6",
      "x-amz-sdk-checksum-algorithm": "CRC64NVME",
      "X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    ]
    for field in expected { #expect(request.headers[field.name] == field.value) }
    #expect(request.headers["x-amz-checksum-crc64nvme"] == nil)
    #expect(
      transport.options.first?.trailer == .init(header: "x-amz-checksum-crc64nvme", algorithm: .crc64nvme))
  }

  @Test func `Without TLS the file is read beforehand, for the checksum and the hash that is signed`()
    async throws
  {
    let path = try temporary("hello\n")
    defer { unlink(path) }
    let transport = ScriptedTransport([.response(200, "", [:])])
    var options = CallOptions()
    options.bodyFile = .init(path: path, offset: 0, length: 6)
    _ = try await client(transport, endpoint: "http://localhost:1").call(
      "s3", "PutObject", ["Bucket": "bucket", "Key": "k"], options)
    let request = try #require(transport.seen.first)
    #expect(request.headers["x-amz-checksum-crc64nvme"] == "akP7S61aVgc=")
    #expect(request.headers["X-Amz-Content-SHA256"] == hexEncoded(sha256(Array("hello\n".utf8))))
    #expect(request.headers["Content-Encoding"] == nil)
    #expect(transport.options.first?.trailer == nil)
  }

  @Test func `A body's file that is missing or shrinks is a fault of the file`() async throws {
    let server = try #require(LocalServer(scripts: ["/x": [.wait]]))
    defer { server.stop() }
    let missing = try temporary()
    let request = HTTPRequest(
      method: "PUT", scheme: "http", host: server.host, path: "/x",
      body: .file(path: missing, offset: 0, length: 5))
    let error = await transportError(request)
    #expect(error?.kind == .file)
    #expect(error?.message == "[Errno 2] No such file or directory: '\(missing)'")
    let path = try temporary("ab")
    defer { unlink(path) }
    var short = request
    short.body = .file(path: path, offset: 0, length: 5)
    let shrunk = await transportError(short)
    #expect(shrunk?.kind == .file)
    #expect(shrunk?.message.contains("became shorter") == true)
  }

  @Test func `What cannot be written is a fault of the file, and a device is not removed`() async throws {
    let server = try #require(
      LocalServer(scripts: ["/x": [.send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nab")]]))
    defer { server.stop() }
    let request = HTTPRequest(method: "GET", scheme: "http", host: server.host, path: "/x")
    for (path, kind) in [
      ("/no/such/place", TransportError.Kind.file), ("/dev/full", .file), ("/dev/null", .truncated),
    ] {
      var options = SendOptions()
      options.destination = .file(path: path)
      #expect(await transportError(request, options)?.kind == kind)
    }
    #expect(FileManager.default.fileExists(atPath: "/dev/null"))
    #expect(FileManager.default.fileExists(atPath: "/dev/full"))
  }

  @Test func `Many transfers run at once and each is whole`() async throws {
    let server = try #require(LocalServer())
    defer { server.stop() }
    let transport = CurlTransport()
    let host = server.host
    let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
      for i in 0..<40 {
        group.addTask {
          let body = Body.bytes([UInt8](repeating: UInt8(i), count: 50_000 + i))
          let request = HTTPRequest(method: "PUT", scheme: "http", host: host, path: "/\(i)", body: body)
          let response = try await transport.send(request)
          return response.body == body ? i : -1
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sizes.sorted() == Array(0..<40))
  }
}
