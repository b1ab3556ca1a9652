import Foundation
import Testing
import Wire

@testable import AWSClient

@Suite struct CurlTransportTests {
  private func request(
    _ server: LocalServer, _ path: String, method: String = "GET", body: Body = .empty
  ) -> HTTPRequest {
    HTTPRequest(
      method: method, scheme: "http", host: server.host, path: path, headers: ["X-Empty": ""], body: body)
  }

  private func kind(_ body: () async throws(TransportError) -> HTTPResponse) async -> TransportError? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error
    }
  }

  @Test func `One connection serves all calls`() async throws {
    let server = try #require(LocalServer())
    defer { server.stop() }
    let transport = CurlTransport()
    for i in 0..<20 {
      let response = try await transport.send(
        request(server, "/echo\(i)", method: "POST", body: .bytes([0x61, 0x62])))
      #expect(response.status == 200)
      #expect(response.headers["x-path"] == "/echo\(i)")
      #expect(response.body == .bytes([0x61, 0x62]))
    }
    #expect(server.seen.connections == 1)
    #expect(transport.connectionsOpened == 1)
  }

  @Test func `A request goes out as it was signed: path untouched, no header added`() async throws {
    let server = try #require(LocalServer())
    defer { server.stop() }
    _ = try await CurlTransport().send(request(server, "/a/../b//c%20d"))
    let head = try #require(server.seen.requests.first)
    #expect(head.hasPrefix("GET /a/../b//c%20d HTTP/1.1\r\n"))
    let names = head.split(separator: "\r\n").dropFirst().compactMap {
      $0.split(separator: ":").first?.lowercased()
    }
    #expect(names.sorted() == ["host", "x-empty"])
  }

  @Test func `Redirects are responses`() async throws {
    let server = try #require(LocalServer())
    defer { server.stop() }
    let response = try await CurlTransport().send(request(server, "/redirect"))
    #expect(response.status == 302)
    #expect(response.headers["Location"] == "/other")
  }

  @Test func `Files are streamed both ways`() async throws {
    let server = try #require(LocalServer())
    defer { server.stop() }
    let source = NSTemporaryDirectory() + "transport-" + UUID().uuidString
    let target = source + ".out"
    try Data("0123456789".utf8).write(to: URL(fileURLWithPath: source))
    defer { for path in [source, target] { try? FileManager.default.removeItem(atPath: path) } }
    var options = SendOptions()
    options.destination = .file(path: target)
    let response = try await CurlTransport().send(
      request(server, "/echo", method: "PUT", body: .file(path: source, offset: 2, length: 5)), options)
    #expect(response.body == .file(path: target, offset: 0, length: 5))
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "23456")
  }

  @Test func `A body beyond the bound is refused`() async throws {
    let server = try #require(LocalServer())
    defer { server.stop() }
    var options = SendOptions()
    options.destination = .memory(limit: 1000)
    let plan = options
    let error = await kind { () throws(TransportError) in
      try await CurlTransport().send(request(server, "/big"), plan)
    }
    #expect(error?.kind == .bodyTooLarge)
  }

  @Test func `A broken download leaves no file`() async throws {
    let server = try #require(LocalServer())
    defer { server.stop() }
    var options = SendOptions()
    let path = NSTemporaryDirectory() + "transport-" + UUID().uuidString
    options.destination = .file(path: path)
    let plan = options
    let error = await kind { () throws(TransportError) in
      try await CurlTransport().send(request(server, "/short"), plan)
    }
    #expect(error?.kind == .truncated)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(.timeLimit(.minutes(1))) func `Cancelling does not wait for an answer that never comes`() async throws
  {
    let server = try #require(LocalServer())
    defer { server.stop() }
    let transport = CurlTransport()
    let silent = request(server, "/silent")
    let task = Task { await kind { () throws(TransportError) in try await transport.send(silent) } }
    while server.seen.requests.isEmpty { await Task.yield() }
    task.cancel()
    let error = await task.value
    #expect(error?.kind == .cancelled)
    #expect(error?.requestMayHaveArrived == true)
  }

  @Test(.timeLimit(.minutes(1))) func `Cancelling breaks off an upload, a download and a wait for the proxy`()
    async throws
  {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nab"
    let server = try #require(
      LocalServer(scripts: ["/down": [.send(head), .wait], "/up": [.wait], "a.example:443": [.wait]]))
    defer { server.stop() }
    var options = SendOptions()
    options.proxies = ProxySettings(environment: ["https_proxy": server.host])
    let plan = options
    let transport = CurlTransport()
    let body = Body.bytes([UInt8](repeating: 1, count: 16 << 20))
    for (request, arrived) in [
      (request(server, "/down"), true), (request(server, "/up", method: "PUT", body: body), true),
      (HTTPRequest(method: "GET", host: "a.example"), false),
    ] {
      let count = server.seen.requests.count
      let task = Task { await kind { () throws(TransportError) in try await transport.send(request, plan) } }
      while server.seen.requests.count == count { await Task.yield() }
      task.cancel()
      let error = await task.value
      #expect(error?.kind == .cancelled)
      #expect(error?.requestMayHaveArrived == arrived)
    }
  }

  @Test func `A task that is cancelled already sends nothing`() async throws {
    let server = try #require(LocalServer())
    defer { server.stop() }
    let transport = CurlTransport()
    let silent = request(server, "/silent")
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return await kind { () throws(TransportError) in try await transport.send(silent) }
    }
    task.cancel()
    #expect(await task.value?.kind == .cancelled)
    #expect(server.seen.requests.isEmpty)
  }

  @Test func `IPv6 hosts are reached by address`() async throws {
    guard let server = LocalServer(isIPv6: true) else { return }
    defer { server.stop() }
    let response = try await CurlTransport().send(request(server, "/six"))
    #expect(response.headers["X-Path"] == "/six")
    #expect(server.seen.requests.first?.contains("Host: [::1]:\(server.port)\r\n") == true)
  }

  @Test(arguments: [true, false])
  func `A name with addresses of both kinds is reached by the one that answers`(isIPv6: Bool) async throws {
    guard let server = LocalServer(isIPv6: isIPv6) else { return }
    defer { server.stop() }
    let response = try await CurlTransport().send(
      HTTPRequest(method: "GET", scheme: "http", host: "localhost:\(server.port)", path: "/both"))
    #expect(response.status == 200)
  }

  @Test func `No text of a fault holds a signature, a token or a credential`() async throws {
    var request = HTTPRequest(
      method: "GET", scheme: "http", host: "127.0.0.1:1", path: "/x",
      query: "X-Amz-Credential=geheim&X-Amz-Signature=geheim",
      headers: ["Authorization": "AWS4-HMAC-SHA256 geheim", "X-Amz-Security-Token": "geheim"])
    for (scheme, host) in [
      ("http", "127.0.0.1:1"), ("https", "127.0.0.1:1"), ("http", "no-such.invalid"), ("http", "a b"),
    ] {
      request.scheme = scheme
      request.host = host
      let error = try #require(await transportError(request))
      #expect(!"\(error) \(error.message) \(error.advice)".contains("geheim"))
    }
    let proxy = ProxySettings.Proxy(url: "http://p:1", user: "ann", password: "geheim")
    let sentence =
      "cannot use http://ann:geheim@p:1 for /x?X-Amz-Credential=geheim&X-Amz-Signature=geheim (AWS4-HMAC-SHA256 geheim)"
    #expect(redacted(sentence, request, proxy) == "cannot use http://***@p:1 for /x?*** (***)")
  }

  @Test func `A refused connection and an unknown name say so, and that nothing was sent`() async {
    let transport = CurlTransport()
    let refused = await kind { () throws(TransportError) in
      try await transport.send(HTTPRequest(method: "GET", scheme: "http", host: "127.0.0.1:1", path: "/x"))
    }
    #expect(refused?.kind == .connectionRefused)
    #expect(refused?.requestMayHaveArrived == false)
    #expect(refused?.message == "Could not connect to the endpoint URL: \"http://127.0.0.1:1/x\"")
    let unknown = await kind { () throws(TransportError) in
      try await transport.send(
        HTTPRequest(method: "GET", scheme: "http", host: "no-such-host.invalid", path: "/"))
    }
    #expect(unknown?.kind == .nameNotResolved)
  }

  @Test func `A silent server is a time-out after the request has left`() async throws {
    let server = try #require(LocalServer())
    defer { server.stop() }
    var options = SendOptions()
    options.totalTimeout = 0.2
    let plan = options
    let error = await kind { () throws(TransportError) in
      try await CurlTransport().send(request(server, "/silent"), plan)
    }
    #expect(error?.kind == .readTimeout)
    #expect(error?.requestMayHaveArrived == true)
  }

  @Test(arguments: [true, false])
  func `A kept connection that dies is replaced, unless the request must go out once`(once: Bool) async throws
  {
    let server = try #require(LocalServer())
    defer { server.stop() }
    let transport = CurlTransport()
    _ = try await transport.send(request(server, "/drop-second", method: "POST", body: .bytes([1])))
    var options = SendOptions()
    options.sendsOnce = once
    let plan = options
    let error = await kind { () throws(TransportError) in
      try await transport.send(request(server, "/drop-second", method: "POST", body: .bytes([1])), plan)
    }
    #expect(error?.kind == (once ? .connectionClosed : nil))
    #expect(error?.requestMayHaveArrived ?? true)
    #expect(server.seen.requests.count == (once ? 2 : 3), "\(server.seen)")
  }

}
