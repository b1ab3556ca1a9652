import OrderedJSON

/// Packs a model that is given as JSON. `scripts/distil-models` packs the same way, byte for byte; a test compares.
struct PackedWriter {
  /// Keys of operations, shapes and references that are prose or of no use to a client.
  static let droppedKeys: Set<String> = [
    "documentation", "documentationUrl", "deprecatedMessage", "deprecatedSince", "examples", "synopsis",
    "box",
    "wrapper", "synthetic", "xmlOrder", "sparse",
  ]

  /// The packed bytes of one service.
  static func pack(
    service: String, model: JSON, paginators: JSON?, waiters: JSON?, endpointRules: JSON?
  ) throws(ModelError) -> [UInt8] {
    guard model["metadata"]?.object != nil, model["operations"]?.object != nil else {
      throw ModelError(.corrupt, service, "metadata or operations are missing")
    }
    var packed = JSONObject()
    packed["metadata"] = model["metadata"]
    packed["operations"] = .object(sorted(model["operations"]).mapValues(withoutProse))
    packed["shapes"] = .object(sorted(model["shapes"]).mapValues(withoutProse))
    if let parameters = model["clientContextParams"]?.object {
      packed["clientContextParams"] = .object(parameters.mapValues(withoutProse))
    }
    var root = JSONObject()
    root["service"] = .string(service)
    root["model"] = .object(packed)
    if let pagination = paginators?["pagination"] { root["paginators"] = .object(sorted(pagination)) }
    if let list = waiters?["waiters"] { root["waiters"] = .object(sorted(list).mapValues(withoutProse)) }
    if let endpointRules { root["endpointRules"] = rulesWithoutProse(endpointRules) }
    return pack(.object(root))
  }

  /// The packed bytes of any JSON value.
  static func pack(_ root: JSON) -> [UInt8] {
    var writer = PackedWriter()
    writer.collect(root)
    writer.layOutPool()
    let rootWord = writer.word(for: root)
    return writer.file(rootWord: rootWord)
  }

  private var texts: Set<String> = []
  private var offsets: [String: UInt32] = [:]
  private var pool: [UInt8] = []
  private var words: [UInt32] = []
  private var runs: [[UInt32]: UInt32] = [:]

  private mutating func collect(_ value: JSON) {
    switch value {
    case .string(let text): texts.insert(text)
    case .number(let number): if inline(number) == nil { texts.insert(number.literal) }
    case .array(let elements): for element in elements { collect(element) }
    case .object(let members):
      for (key, member) in members {
        texts.insert(key)
        collect(member)
      }
    default: break
    }
  }

  private mutating func layOutPool() {
    for text in texts.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      offsets[text] = UInt32(truncatingIfNeeded: pool.count)
      var length = text.utf8.count
      while length >= 0x80 {
        pool.append(UInt8(truncatingIfNeeded: length & 0x7F | 0x80))
        length >>= 7
      }
      pool.append(UInt8(truncatingIfNeeded: length))
      pool += Array(text.utf8)
    }
    while pool.count % 4 != 0 { pool.append(0) }
  }

  private func inline(_ number: JSONNumber) -> UInt32? {
    guard let value = number.int, number.literal == String(value), value >= -(1 << 28), value < 1 << 28 else {
      return nil
    }
    return UInt32(bitPattern: Int32(truncatingIfNeeded: value)) << 3 | 1
  }

  private mutating func word(for value: JSON) -> UInt32 {
    switch value {
    case .null: return 0
    case .bool(let flag): return (flag ? 2 : 1) << 3
    case .number(let number): return inline(number) ?? (offsets[number.literal] ?? 0) << 3 | 3
    case .string(let text): return (offsets[text] ?? 0) << 3 | 2
    case .array(let elements):
      var run = [UInt32(truncatingIfNeeded: elements.count)]
      for element in elements { run.append(word(for: element)) }
      return place(run) << 3 | 4
    case .object(let members):
      var keys = [UInt32(truncatingIfNeeded: members.count)]
      for key in members.keys { keys.append(offsets[key] ?? 0) }
      var run = [place(keys)]
      for (_, member) in members { run.append(word(for: member)) }
      return place(run) << 3 | 5
    }
  }

  /// Where `run` stands; equal runs stand once.
  private mutating func place(_ run: [UInt32]) -> UInt32 {
    if let known = runs[run] { return known }
    let index = UInt32(truncatingIfNeeded: words.count)
    words += run
    runs[run] = index
    return index
  }

  private func file(rootWord: UInt32) -> [UInt8] {
    let poolStart = PackedFile.headerLength
    let wordsStart = poolStart + pool.count
    let header = [
      Int(PackedFile.magic), Int(PackedFile.version), wordsStart + words.count * 4, poolStart, pool.count,
      wordsStart,
      words.count, Int(rootWord),
    ]
    var bytes: [UInt8] = []
    func append(_ word: UInt32) {
      bytes += [
        UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8),
        UInt8(truncatingIfNeeded: word >> 16),
        UInt8(truncatingIfNeeded: word >> 24),
      ]
    }
    for field in header { append(UInt32(truncatingIfNeeded: field)) }
    bytes += pool
    for word in words { append(word) }
    return bytes
  }

  /// The members of an object in ascending byte order of their names.
  private static func sorted(_ value: JSON?) -> JSONObject {
    guard let object = value?.object else { return JSONObject() }
    return JSONObject(
      object.map { ($0.key, $0.value) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) })
  }

  /// An operation, shape or waiter without its prose. Members keep their names, whatever these are.
  private static func withoutProse(_ value: JSON) -> JSON {
    guard let object = value.object else { return value }
    var out = JSONObject()
    for (key, member) in object where !droppedKeys.contains(key) && key != "description" {
      switch key {
      case "members": out[key] = .object((member.object ?? JSONObject()).mapValues(withoutProse))
      case "input", "output", "member", "key", "value": out[key] = withoutProse(member)
      case "errors": out[key] = .array((member.array ?? []).map(withoutProse))
      default: out[key] = member
      }
    }
    return .object(out)
  }

  private static func rulesWithoutProse(_ value: JSON) -> JSON {
    guard let object = value.object else { return value }
    var out = JSONObject()
    for (key, member) in object where key != "documentation" && key != "deprecated" {
      switch key {
      case "parameters": out[key] = .object((member.object ?? JSONObject()).mapValues(rulesWithoutProse))
      case "rules": out[key] = .array((member.array ?? []).map(rulesWithoutProse))
      default: out[key] = member
      }
    }
    return .object(out)
  }
}
