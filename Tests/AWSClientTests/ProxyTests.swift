import Testing
import Wire

@testable import AWSClient

@Suite struct ProxyTests {
  private typealias Row = (environment: [String: String], scheme: String, host: String, proxy: String?)

  @Test(
    arguments: [
      (["HTTP_PROXY": "http://p:1"], "http", "a.example", "http://p:1"),
      (["http_proxy": "http://p:1"], "http", "a.example", "http://p:1"),
      (["HTTP_PROXY": "http://p:1", "http_proxy": "http://q:1"], "http", "a.example", "http://q:1"),
      (["HTTP_PROXY": "http://p:1", "http_proxy": ""], "http", "a.example", nil),
      (["HTTP_PROXY": "http://p:1"], "https", "a.example", nil),
      (["HTTPS_PROXY": "http://p:1"], "https", "a.example", "http://p:1"),
      (["HTTPS_PROXY": "http://p:1"], "http", "a.example", nil),
      (["ALL_PROXY": "http://p:1"], "https", "a.example", nil),
      (["HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"], "http", "a.example", nil),
      (["http_proxy": "http://p:1", "REQUEST_METHOD": "GET"], "http", "a.example", "http://p:1"),
      (["HTTPS_PROXY": "p:3128"], "https", "a.example", "http://p:3128"),
      (["HTTPS_PROXY": "//p:3128/"], "https", "a.example", "http://p:3128"),
      (["HTTPS_PROXY": "http://p"], "https", "a.example", "http://p:80"),
      (["HTTPS_PROXY": "https://p"], "https", "a.example", "https://p:443"),
      (["HTTPS_PROXY": "http://[::2]"], "https", "a.example", "http://[::2]:80"),
      (["HTTPS_PROXY": "http://u:w@p:1"], "https", "a.example", "http://p:1"),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"], "https", "a.example", nil),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "*,b"], "https", "a.example", "http://p:1"),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "example"], "https", "a.example", nil),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": ".example"], "https", "a.example", nil),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": ".a.example"], "https", "a.example", nil),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "b.example, A.EXAMPLE "], "https", "a.example", nil),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "xample"], "https", "a.example", "http://p:1"),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.example"], "https", "a.example:8443", nil),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.example:8443"], "https", "a.example:8443", nil),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.example:8443"], "https", "a.example", "http://p:1"),
      (
        ["HTTPS_PROXY": "http://p:1", "no_proxy": "b", "NO_PROXY": "a.example"], "https", "a.example",
        "http://p:1"
      ),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"], "https", "10.1.2.3", "http://p:1"),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.1.2.3"], "https", "10.1.2.3", nil),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "[::2]"], "https", "[::2]:443", nil),
      (["HTTP_PROXY": "http://p:1"], "http", "localhost:4566", nil),
      (["HTTP_PROXY": "http://p:1"], "http", "127.0.0.1:4566", nil),
      (["HTTP_PROXY": "http://p:1"], "http", "[::1]:4566", nil),
    ] as [([String: String], String, String, String?)])
  func `The proxy is the environment's, as botocore reads it`(
    _ environment: [String: String], _ scheme: String, _ host: String, _ expected: String?
  ) {
    let proxy = ProxySettings(environment: environment).proxy(scheme: scheme, host: host)
    #expect(proxy?.url == expected)
  }

  @Test func `A proxy's credentials are decoded, and shown nowhere`() throws {
    let settings = ProxySettings(environment: ["HTTPS_PROXY": "http://ann:ge%40heim@proxy.example:3128"])
    let proxy = try #require(settings.proxy(scheme: "https", host: "a.example"))
    #expect(proxy.user == "ann")
    #expect(proxy.password == "ge@heim")
    #expect(proxy.masked == "http://***:***@proxy.example:3128")
    var options = SendOptions()
    options.proxies = settings
    var dumped = ""
    dump(options, to: &dumped)
    for text in ["\(settings)", "\(options)", String(reflecting: options), dumped] {
      #expect(!text.contains("ge@heim") && !text.contains("ge%40heim") && !text.contains("ann:"))
    }
  }

  private func options(_ proxy: String) -> SendOptions {
    var options = SendOptions()
    options.proxies = ProxySettings(environment: ["http_proxy": proxy, "https_proxy": proxy])
    return options
  }

  @Test func `A plain request goes through the proxy, with the proxy's user and password`() async throws {
    let answer = LocalServer.Step.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    let proxy = try #require(LocalServer(scripts: ["http://a.example/x": [answer]]))
    defer { proxy.stop() }
    let request = HTTPRequest(
      method: "GET", scheme: "http", host: "a.example", path: "/x", headers: ["A": "b"])
    let response = try await CurlTransport().send(request, options("http://ann:ge%40heim@\(proxy.host)"))
    #expect(response.body == .bytes(Array("ok".utf8)))
    let head = try #require(proxy.seen.requests.first)
    #expect(head.hasPrefix("GET http://a.example/x HTTP/1.1\r\n"))
    #expect(head.contains("Proxy-Authorization: Basic \(base64Encoded(Array("ann:ge@heim".utf8)))\r\n"))
  }

  @Test func `A tunnel is told of the host alone; one that is refused says so without credentials`()
    async throws
  {
    let answer = LocalServer.Step.send(
      "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    let proxy = try #require(LocalServer(scripts: ["a.example:443": [answer]]))
    defer { proxy.stop() }
    let request = HTTPRequest(
      method: "GET", host: "a.example", path: "/x", query: "X-Amz-Signature=geheim",
      headers: ["Authorization": "geheim"])
    let error = await transportError(request, options("http://ann:geheim@\(proxy.host)"))
    #expect(error?.kind == .proxy)
    #expect(error?.requestMayHaveArrived == false)
    #expect(
      error?.message.hasPrefix("Failed to connect to proxy URL: \"http://***:***@\(proxy.host)\" (") == true)
    #expect("\(String(describing: error))".contains("geheim") == false)
    let head = try #require(proxy.seen.requests.first)
    #expect(head.hasPrefix("CONNECT a.example:443 HTTP/1.1\r\n"))
    #expect(!head.contains("\r\nAuthorization"))
  }

  @Test(arguments: [
    "http://ann:geheim@127.0.0.1:1", "http://ann:geheim@no-such-host.invalid:1",
    "ftp://ann:geheim@127.0.0.1:1",
  ])
  func `A proxy that cannot be used is a fault of the proxy`(_ proxy: String) async {
    for scheme in ["http", "https"] {
      let error = await transportError(
        HTTPRequest(method: "GET", scheme: scheme, host: "a.example", path: "/x"), options(proxy))
      #expect(error?.kind == .proxy)
      #expect(error?.requestMayHaveArrived == false)
      #expect("\(String(describing: error)) \(error?.message ?? "")".contains("geheim") == false)
    }
  }
}
