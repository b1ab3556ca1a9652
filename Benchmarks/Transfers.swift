import AWSClient
import Glibc
import ServiceModels
import SigV4
import Wire

// The client core beside curl, against the same loopback server: `scripts/bench-transfer` starts the server, runs this
// program and curl in turns, each as a process of its own, and prints the ratios. It says in the environment what is
// wanted: BENCH_ENDPOINT, and BENCH_FILE, BENCH_CA or BENCH_RUN where they matter.

/// 1,000 calls, one after the other, through everything a call passes: build, sign, send, parse.
func benchCalls() async throws {
  guard let client = benchClient() else { return becomeDriver("scripts/bench-transfer", ["calls"]) }
  for _ in 0..<(Int(variable("BENCH_COUNT") ?? "") ?? 1000) {
    let output = try await client.call("sts", "GetCallerIdentity", [:])
    guard output["Account"]?.string == "111122223333" else { throw BenchFault.wrongAnswer }
  }
  print("peak \(fixed(peakMemory(), 1))")
}

/// One object up or down (`BENCH_RUN`: `upload`, `download`), or 200 cancellations timed (`cancel`).
func benchTransfer() async throws {
  guard let client = benchClient() else { return becomeDriver("scripts/bench-transfer", ["transfer"]) }
  let path = variable("BENCH_FILE") ?? ""
  var options = CallOptions()
  switch variable("BENCH_RUN") {
  case "upload":
    var facts = stat()
    guard stat(path, &facts) == 0 else { throw BenchFault.noFile }
    options.bodyFile = .init(path: path, offset: 0, length: UInt64(facts.st_size))
    _ = try await client.call("s3", "PutObject", ["Bucket": "bucket", "Key": "key"], options)
  case "cancel":
    try await benchCancel(client)
  default:
    options.outputPath = path
    _ = try await client.call("s3", "GetObject", ["Bucket": "bucket", "Key": "key"], options)
  }
  print("peak \(fixed(peakMemory(), 1))")
}

/// From the cancellation of a download in full flow to the caller's being able to go on.
private func benchCancel(_ client: AWSClient) async throws {
  var times: [Double] = []
  for _ in 0..<100 {
    var options = CallOptions()
    options.outputPath = "/dev/null"
    let plan = options
    let task = Task { try await client.call("s3", "GetObject", ["Bucket": "bucket", "Key": "key"], plan) }
    usleep(5000)
    let begin = nanoseconds()
    task.cancel()
    _ = await task.result
    times.append(nanoseconds() - begin)
  }
  printTable(
    "cancelled, until the caller goes on", [Row("a download in full flow", times, note: "bound 100 ms")])
}

private enum BenchFault: Error {
  case wrongAnswer, noFile
}

private func benchClient() -> AWSClient? {
  guard let endpoint = variable("BENCH_ENDPOINT") else { return nil }
  let keys = StaticCredentials(
    Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
  var configuration = ClientConfiguration(region: "us-east-1", credentials: keys, endpointURL: endpoint)
  configuration.caBundle = variable("BENCH_CA")
  return AWSClient(catalog: ModelCatalog(directory: "assets/models"), configuration: configuration)
}
