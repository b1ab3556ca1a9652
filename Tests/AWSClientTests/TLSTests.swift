import Foundation
import Testing
import Wire

@testable import AWSClient

/// Throwaway certificates and OpenSSL's own test server.
private final class TLSServer {
  struct Fault: Error {
    var command: String
  }

  let directory: String
  private(set) var port = 0
  private var process: pid_t = 0
  private var output: UnsafeMutablePointer<FILE>?

  static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Serves `GET /` with a certificate for `name`, valid for so many days.
  init(name: String = "localhost", days: Int = 2) throws {
    directory = NSTemporaryDirectory() + "tls-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try run(
      "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out request.pem"
        + " -subj /CN=\(name) -addext subjectAltName=DNS:\(name)")
    try run(
      "x509 -req -in request.pem -signkey key.pem -days \(days) -copy_extensions copy -out certificate.pem")
    output = start("s_server -accept 127.0.0.1:0 -cert certificate.pem -key key.pem -www")
    process = line().flatMap { pid_t($0) } ?? 0
    // "ACCEPT 127.0.0.1:43210"
    while let line = line() {
      guard line.hasPrefix("ACCEPT") else { continue }
      port = line.split(separator: ":").last.flatMap { Int($0) } ?? 0
      return
    }
    throw Fault(command: "s_server")
  }

  func path(_ name: String) -> String { "\(directory)/\(name).pem" }

  func stop() {
    // It inherits a worker thread's mask, which blocks every signal that can be blocked.
    if process > 0 { kill(process, SIGKILL) }
    if let output { pclose(output) }
    try? FileManager.default.removeItem(atPath: directory)
  }

  private func run(_ words: String) throws {
    output = start(words)
    while line() != nil {}
    guard let output, pclose(output) == 0 else { throw Fault(command: words) }
    self.output = nil
  }

  /// Starts openssl; the first line of its output is its process's number.
  private func start(_ words: String) -> UnsafeMutablePointer<FILE>? {
    popen(
      "cd '\(directory)' && echo $$ && exec \(TLSServer.openssl ?? "openssl") \(words) </dev/null 2>/dev/null",
      "re")
  }

  private func line() -> String? {
    var buffer = [CChar](repeating: 0, count: 1000)
    guard let output, fgets(&buffer, Int32(buffer.count), output) != nil else { return nil }
    return String(
      decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

@Suite(.enabled(if: TLSServer.openssl != nil, "needs the openssl program"))
struct TLSTests {
  private func request(_ server: TLSServer) -> HTTPRequest {
    HTTPRequest(method: "GET", host: "localhost:\(server.port)")
  }

  @Test func `A certificate of the CA bundle is trusted, another one not, unless nobody looks`() async throws
  {
    let server = try TLSServer()
    defer { server.stop() }
    var options = SendOptions()
    let untrusted = await transportError(request(server), options)
    #expect(untrusted?.kind == .tls)
    #expect(untrusted?.tlsFault == .untrusted)
    #expect(untrusted?.requestMayHaveArrived == false)
    #expect(
      untrusted?.message.hasPrefix("SSL validation failed for https://localhost:\(server.port)/ ") == true)
    #expect(untrusted?.advice.contains("AWS_CA_BUNDLE") == true)
    options.caBundle = server.path("certificate")
    #expect(try await CurlTransport().send(request(server), options).status == 200)
    options.caBundle = nil
    options.verifiesTLS = false
    #expect(try await CurlTransport().send(request(server), options).status == 200)
  }

  @Test func `A connection that nobody looked at does not serve one who looks`() async throws {
    let server = try TLSServer()
    defer { server.stop() }
    let transport = CurlTransport()
    var options = SendOptions()
    options.verifiesTLS = false
    #expect(try await transport.send(request(server), options).status == 200)
    options.verifiesTLS = true
    #expect(await transportError(request(server), options, transport)?.tlsFault == .untrusted)
  }

  @Test func `A certificate that has run out is expired`() async throws {
    let server = try TLSServer(days: -1)
    defer { server.stop() }
    var options = SendOptions()
    options.caBundle = server.path("certificate")
    let error = await transportError(request(server), options)
    #expect(error?.tlsFault == .expired)
    #expect(error?.advice.contains("expired") == true)
  }

  @Test func `A certificate of another host is refused`() async throws {
    let server = try TLSServer(name: "elsewhere.example")
    defer { server.stop() }
    var options = SendOptions()
    options.caBundle = server.path("certificate")
    let error = await transportError(request(server), options)
    #expect(error?.tlsFault == .wrongHost)
    #expect(error?.advice.contains("another host") == true)
  }

  @Test func `A CA bundle that cannot be read is named`() async throws {
    let server = try TLSServer()
    defer { server.stop() }
    var options = SendOptions()
    options.caBundle = server.directory + "/none.pem"
    let error = await transportError(request(server), options)
    #expect(error?.kind == .tls)
    #expect(error?.tlsFault == .unusableBundle)
    #expect(error?.message.contains("none.pem") == true)
  }

  @Test func `A server that speaks plain HTTP on the port is no TLS`() async throws {
    let server = try #require(LocalServer(greets: true))
    defer { server.stop() }
    let error = await transportError(HTTPRequest(method: "GET", host: server.host))
    #expect(error?.kind == .tls)
    #expect(error?.tlsFault == .noTLS)
  }

  @Test func `A TLS server that is asked without TLS gives no valid answer`() async throws {
    let server = try TLSServer()
    defer { server.stop() }
    let error = await transportError(
      HTTPRequest(method: "GET", scheme: "http", host: "localhost:\(server.port)"))
    #expect(error?.kind == .connectionClosed || error?.kind == .malformedResponse)
  }
}
