import Compression
import Glibc
import OrderedJSON
import ServiceModels

/// Prints what it costs to reach an operation of a service whose file was not yet open: a fresh catalogue, the file
/// mapped, the operation found, every shape below its input and output built. The bound is 1 ms, for ec2 too.
///
/// Beside it the usual way, parsing the whole JSON that the file was packed from: skipped unless `BOTOCORE_DATA` names
/// a botocore's data directory.
func benchModelLoad() {
  var rows: [Row] = []
  for (service, name) in samples { rows += stages(of: service, name) }
  printTable("reaching an operation, \(rounds) fresh opens", rows)
  print("")
  printTable("looking up names in a freshly opened ec2", lookups.map { Row($0, measuredLookup($1)) })
  print("")
  benchRawModels()
}

private let models = "assets/models"
private let rounds = 300

private let samples = [
  ("sts", "AssumeRole"), ("kms", "CreateKey"), ("s3", "PutObject"), ("ec2", "DescribeInstances"),
  ("ec2", "RunInstances"),
]

private let lookups: [(String, @Sendable (ServiceModel) -> Void)] = [
  ("all 765 operation names", { _ = $0.operationNames }),
  ("operation(cliName: \"describe-instances\")", { _ = $0.operation(cliName: "describe-instances") }),
  ("operation(cliName: \"no-such-command\")", { _ = $0.operation(cliName: "no-such-command") }),
]

/// One row for the whole way to an operation and one for each stage of it.
private func stages(of service: String, _ name: String) -> [Row] {
  var open: [Double] = []
  var find: [Double] = []
  var build: [Double] = []
  var count = 0
  for _ in 0..<rounds {
    let start = nanoseconds()
    guard let model = try? ModelCatalog(directory: models).model(service) else { break }
    let opened = nanoseconds()
    guard let operation = model.operation(name) else { break }
    let found = nanoseconds()
    count = closure([operation.input, operation.output].compactMap { $0 })
    build.append(nanoseconds() - found)
    find.append(found - opened)
    open.append(opened - start)
  }
  guard !build.isEmpty else { return [Row("\(service) \(name)", note: "not in \(models)")] }
  let whole = zip(zip(open, find), build).map { $0.0 + $0.1 + $1 }
  let row = Row("\(service) \(name)", whole)
  return [
    Row(row.name, whole, note: ratio(row.median / 1e6, atMost: 1)), Row("  opening the file", open),
    Row("  finding the operation", find), Row("  building its \(count) shapes", build),
  ]
}

private func measuredLookup(_ work: (ServiceModel) -> Void) -> [Double] {
  (0..<rounds).flatMap { _ in
    guard let model = try? ModelCatalog(directory: models).model("ec2") else { return [Double]() }
    return measured(1) { work(model) }
  }
}

/// Builds every shape that can be reached from `roots`: how many there are.
private func closure(_ roots: [Shape]) -> Int {
  var seen = Set(roots)
  var waiting = roots
  while let shape = waiting.popLast() {
    for member in shape.members where seen.insert(member.shape).inserted { waiting.append(member.shape) }
    for member in [shape.element, shape.key, shape.value] {
      if let below = member?.shape, seen.insert(below).inserted { waiting.append(below) }
    }
  }
  return seen.count
}

/// The same services as botocore's JSON, unpacked beforehand and parsed whole.
private func benchRawModels() {
  var rows: [Row] = []
  for service in ["sts", "kms", "s3", "ec2"] {
    guard let data = getenv("BOTOCORE_DATA").map({ String(cString: $0) }),
      let version = try? ModelCatalog(directory: models).model(service).apiVersion,
      let packed = bytes("\(data)/\(service)/\(version)/service-2.json.gz"),
      let json = try? gunzip(packed, limit: 1 << 26)
    else {
      rows.append(Row(service, note: "skipped: BOTOCORE_DATA names no directory with this version"))
      continue
    }
    rows.append(Row(service, measured(5) { _ = try? JSON.parse(bytes: json) }, note: "\(json.count) bytes"))
  }
  printTable("parsing botocore's JSON whole", rows)
}

private func bytes(_ path: String) -> [UInt8]? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var all: [UInt8] = []
  while true {
    let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = fread(buffer.baseAddress, 1, buffer.count, file)
    }
    if piece.isEmpty { return all }
    all += piece
  }
}
