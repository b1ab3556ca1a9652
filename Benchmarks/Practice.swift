import Glibc
import ServiceModels
import SigV4
import Wire

// A load on a served practice account. `scripts/bench-practice` starts the server and says in the environment where it
// is and what is wanted: AWS_ENDPOINT_URL and the keys as `cairn practice serve` prints them, BENCH_RUN, BENCH_PID.
// Every request is signed before the clock starts, each for itself, and sent when the answer to the one before has
// come: no pipelining.

/// `BENCH_RUN`: `calls` (small reads), `fill` (objects, and a job that looks at them) or `pages` (listing and
/// filtering what `fill` made).
func benchPractice() async throws {
  guard let account = ServedAccount() else { return becomeDriver("scripts/bench-practice", []) }
  switch variable("BENCH_RUN") {
  case "fill": try fill(account)
  case "pages": try pages(account)
  default: try smallCalls(account)
  }
}

/// Calls a second, by the wall and by the server's own processor time, on 1 and on 8 connections.
private func smallCalls(_ account: ServedAccount) throws {
  let connection = try KeptConnection(port: account.port)
  _ = try connection.exchange(try account.request("s3", "CreateBucket", ["Bucket": "bench-calls"]))
  _ = try connection.exchange(
    try account.request("s3", "PutObject", ["Bucket": "bench-calls", "Key": "a", "Body": "hello"]))
  for _ in 0..<3 { _ = try connection.exchange(try account.request("kms", "CreateKey", [:])) }
  let rows: [(service: String, operation: String, input: Value)] = [
    ("kms", "ListKeys", [:]), ("s3", "HeadObject", ["Bucket": "bench-calls", "Key": "a"]),
    ("sts", "GetCallerIdentity", [:]),
  ]
  for row in rows {
    for connections in [1, 8] {
      let requests = try (0..<count(10_000)).map { _ in
        try account.request(row.service, row.operation, row.input)
      }
      let hasBody = row.operation != "HeadObject"
      _ = try load(account, Array(requests.prefix(500)), connections, hasBody: hasBody)
      let load = try load(account, requests, connections, hasBody: hasBody)
      let bound = ratio(load.perCore / 1000, atLeast: 3)
      printTable(
        "\(row.service) \(row.operation), \(connections) at once",
        [
          Row("an answer", load.times), Row("calls a second", note: fixed(load.perSecond, 0)),
          Row("thousands a second of the server's one core", note: bound),
        ])
    }
  }
}

/// 100,000 objects, a tenth of which Macie finds something in.
private func fill(_ account: ServedAccount) throws {
  let connection = try KeptConnection(port: account.port)
  _ = try connection.exchange(try account.request("s3", "CreateBucket", ["Bucket": "bench-many"]))
  let total = count(100_000)
  var written: [Double] = []
  for start in stride(from: 0, to: total, by: 5000) {
    let requests = try (start..<min(start + 5000, total)).map { number in
      // A tenth lies under one prefix; the others under a hundred.
      let isPersonal = number % 10 == 0
      let folder = isPersonal ? "people" : "data/\(number / 10 % 100)"
      return try account.request(
        "s3", "PutObject",
        [
          "Bucket": "bench-many", "Key": .string("\(folder)/\(number).txt"),
          "Body": .string(isPersonal ? "credit card 4539-5787-6362-1486, Ann \(number)" : "row \(number)"),
        ])
    }
    written += try load(account, requests, 8, hasBody: true).times
  }
  printTable("\(total) objects put, 8 at once", [Row("an answer", written)])
  _ = try connection.exchange(try account.request("macie2", "EnableMacie", [:]))
  _ = try connection.exchange(
    try account.request(
      "macie2", "CreateClassificationJob",
      [
        "clientToken": "bench", "jobType": "ONE_TIME", "name": "bench",
        "s3JobDefinition": [
          "bucketDefinitions": [
            ["accountId": .string(account.id(by: connection)), "buckets": ["bench-many"]]
          ],
          "scoping": [
            "includes": [
              "and": [
                [
                  "simpleScopeTerm": [
                    "comparator": "STARTS_WITH", "key": "OBJECT_KEY", "values": ["people/"],
                  ]
                ]
              ]
            ]
          ],
        ],
      ]))
}

/// Page by page through what `fill` made.
private func pages(_ account: ServedAccount) throws {
  let connection = try KeptConnection(port: account.port)
  let bucket: Value = "bench-many"
  let personal: Value = ["criterion": ["severity.description": ["eq": ["High", "Medium", "Low"]]]]
  let others: Value = ["criterion": ["resourcesAffected.s3Object.key": ["neq": ["people/0.txt"]]]]
  let newest: Value = ["attributeName": "updatedAt", "orderBy": "DESC"]
  let rows: [(title: String, service: String, operation: String, input: Value)] = [
    ("objects, all", "s3", "ListObjectsV2", ["Bucket": bucket]),
    ("objects, a prefix", "s3", "ListObjectsV2", ["Bucket": bucket, "Prefix": "people/"]),
    ("objects, a delimiter", "s3", "ListObjectsV2", ["Bucket": bucket, "Prefix": "data/", "Delimiter": "/"]),
    (
      "objects, a delimiter, by ones", "s3", "ListObjectsV2",
      ["Bucket": bucket, "Prefix": "data/", "Delimiter": "/", "MaxKeys": 1]
    ),
    ("versions", "s3", "ListObjectVersions", ["Bucket": bucket]),
    ("findings, all", "macie2", "ListFindings", ["maxResults": 50]),
    (
      "findings, by severity, the newest first", "macie2", "ListFindings",
      ["maxResults": 50, "findingCriteria": personal, "sortCriteria": newest]
    ),
    (
      "findings, of all keys but one", "macie2", "ListFindings",
      ["maxResults": 50, "findingCriteria": others]
    ),
    ("findings, counted", "macie2", "GetFindingStatistics", ["groupBy": "severity.description"]),
  ]
  var table: [Row] = []
  for row in rows {
    var times: [Double] = []
    var items = 0
    var input = row.input
    var ids: [Value] = []
    repeat {
      let request = try account.request(row.service, row.operation, input)
      let body = try connection.exchange(request)
      times.append(nanoseconds() - connection.sent)
      let output = try account.output(row.service, row.operation, body)
      for member in ["Contents", "CommonPrefixes", "Versions", "findingIds", "countsByGroup"] {
        items += output[member]?.list?.count ?? 0
      }
      ids = output["findingIds"]?.list ?? ids
      guard case .object(var fields) = input else { break }
      switch row.operation {
      case "ListObjectsV2": fields["ContinuationToken"] = output["NextContinuationToken"]
      case "ListFindings": fields["nextToken"] = output["nextToken"]
      default:
        fields["KeyMarker"] = output["NextKeyMarker"]
        fields["VersionIdMarker"] = output["NextVersionIdMarker"]
      }
      let isLast =
        output["NextContinuationToken"] == nil && output["nextToken"] == nil && output["NextKeyMarker"] == nil
      if isLast { break }
      input = .object(fields)
    } while true
    table.append(Row(row.title, times, note: "\(times.count) pages, \(items) items"))
    if row.title == "findings, of all keys but one", !ids.isEmpty {
      let request = try account.request("macie2", "GetFindings", ["findingIds": .list(Array(ids.prefix(50)))])
      let begin = nanoseconds()
      _ = try connection.exchange(request)
      table.append(Row("findings, a page of them whole", [nanoseconds() - begin]))
    }
  }
  printTable("a page", table)
  let worst = table.map(\.maximum).max() ?? 0
  print("slowest page: \(ratio(worst / 1e6, atMost: 50)) ms")
}

// MARK: the load

private struct Load {
  var times: [Double]
  var perSecond: Double
  /// Calls a second of processor time that the server used.
  var perCore: Double
}

/// Sends the requests over so many connections, one at a time on each.
private func load(
  _ account: ServedAccount, _ requests: [[UInt8]], _ number: Int, hasBody: Bool
) throws -> Load {
  let connections = try (0..<number).map { _ in try KeptConnection(port: account.port) }
  var polled = connections.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
  var times: [Double] = []
  times.reserveCapacity(requests.count)
  var next = 0
  let busy = account.processorSeconds()
  let begin = nanoseconds()
  for connection in connections where next < requests.count {
    try connection.send(requests[next])
    next += 1
  }
  while times.count < requests.count {
    guard poll(&polled, nfds_t(polled.count), 30_000) > 0 else { throw LoadFault("no answer in 30 seconds") }
    for (connection, state) in zip(connections, polled) where state.revents != 0 {
      guard let (status, body) = try connection.receive(hasBody: hasBody) else { continue }
      guard status == 200 else {
        throw LoadFault("status \(status): \(String(decoding: body, as: UTF8.self))")
      }
      times.append(nanoseconds() - connection.sent)
      guard next < requests.count else { continue }
      try connection.send(requests[next])
      next += 1
    }
  }
  let seconds = (nanoseconds() - begin) / 1e9
  let used = account.processorSeconds() - busy
  let count = Double(requests.count)
  return Load(times: times, perSecond: count / seconds, perCore: count / max(used, 0.01))
}

/// The account that the environment tells of.
private struct ServedAccount {
  let port: UInt16
  let keys: Credentials
  let region: String
  let catalog = ModelCatalog(directory: "assets/models")

  init?() {
    guard let url = variable("AWS_ENDPOINT_URL"),
      let port = url.split(separator: ":").last.flatMap({ UInt16($0) }),
      let id = variable("AWS_ACCESS_KEY_ID"), let secret = variable("AWS_SECRET_ACCESS_KEY")
    else { return nil }
    self.port = port
    region = variable("AWS_DEFAULT_REGION") ?? "us-east-1"
    keys = Credentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: variable("AWS_SESSION_TOKEN"))
  }

  /// A signed request, as it goes over the wire.
  func request(_ service: String, _ name: String, _ input: Value) throws -> [UInt8] {
    let operation = try operation(service, name)
    let endpoint = Endpoint(
      scheme: "http", host: "127.0.0.1:\(port)", signingRegion: region,
      signingName: operation.model.signingName)
    var request = try operation.request(input, endpoint: endpoint, checksum: .crc32) { "token" }
    request.headers["Host"] = request.host
    request.headers["Content-Length"] = String(request.body.count)
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let date = Timestamp(milliseconds: Int64(now.tv_sec) * 1000)
    let context =
      service == "s3"
      ? SigningContext.s3(region: region, date: date)
      : SigningContext(region: region, service: operation.model.signingName, date: date)
    request = signed(request, with: keys, in: context)
    let target = request.query.isEmpty ? request.path : "\(request.path)?\(request.query)"
    var text = "\(request.method) \(target) HTTP/1.1\r\n"
    for field in request.headers { text += "\(field.name): \(field.value)\r\n" }
    var bytes = Array((text + "\r\n").utf8)
    if case .bytes(let body) = request.body { bytes += body }
    return bytes
  }

  func output(_ service: String, _ name: String, _ body: [UInt8]) throws -> Value {
    try operation(service, name).response(HTTPResponse(status: 200, body: .bytes(body)))
  }

  func id(by connection: KeptConnection) throws -> String {
    let body = try connection.exchange(try request("sts", "GetCallerIdentity", [:]))
    return try output("sts", "GetCallerIdentity", body)["Account"]?.string ?? ""
  }

  /// User and system time of the server so far (proc(5), `/proc/PID/stat`, fields 14 and 15).
  func processorSeconds() -> Double {
    guard let pid = variable("BENCH_PID"), let file = fopen("/proc/\(pid)/stat", "r") else { return 0 }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    // The second field is a name in parentheses, which may hold anything.
    let fields = (text.split(separator: ")").last ?? "").split(separator: " ")
    guard fields.count > 12 else { return 0 }
    let ticks = (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
    return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private func operation(_ service: String, _ name: String) throws -> Operation {
    guard let operation = try catalog.model(service).operation(name) else { throw LoadFault("no \(name)") }
    return operation
  }
}

private func count(_ usual: Int) -> Int { variable("BENCH_COUNT").flatMap { Int($0) } ?? usual }
