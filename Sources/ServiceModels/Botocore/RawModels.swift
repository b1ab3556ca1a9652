import Compression
import OrderedJSON

/// Models in botocore's own form, found in some directories: `SERVICE/APIVERSION/service-2.json`, with its siblings,
/// each as it is or gzipped. Which file is taken where there are several is botocore's rule (`loaders.py`): the latest
/// version in any of the directories, and of that version each file from the first directory that has it.
struct RawModels: Sendable {
  /// The files of a model that matter here.
  enum Part: String {
    case service = "service-2"
    case paginators = "paginators-1"
    case waiters = "waiters-2"
    case endpointRules = "endpoint-rule-set-1"
  }

  /// In the order of search; they need not exist.
  let directories: [String]

  /// The largest model is 4 MB; what is beyond this is none.
  private static let sizeLimit = 1 << 26

  /// Every service of which there is any version.
  var services: [String] {
    var names: Set<String> = []
    for directory in directories {
      for name in entries(of: directory) where isPlainName(name) && !names.contains(name) {
        if !versions(of: name, holding: .service, in: directory).isEmpty { names.insert(name) }
      }
    }
    return names.sorted()
  }

  /// The versions of `service` of which there is that part, the latest last.
  func versions(of service: String, holding part: Part) -> [String] {
    Set(directories.flatMap { versions(of: service, holding: part, in: $0) }).sorted(by: precedes)
  }

  private func versions(of service: String, holding part: Part, in directory: String) -> [String] {
    entries(of: "\(directory)/\(service)").filter {
      location(of: "\(directory)/\(service)/\($0)/\(part.rawValue)") != nil
    }
  }

  /// The model of one version.
  ///
  /// Where the version has no endpoint rules, the latest there are of the service are taken, as botocore does; `bundled`
  /// is asked too. Where there are none at all, hosts are named in the common way.
  /// - Throws: which file is wrong, where in it, and what.
  func model(of service: String, version: String, beside bundled: ServiceModel?) throws(ModelError)
    -> ServiceModel
  {
    guard let (model, path) = try load(service, version, .service) else {
      throw ModelError(.unreadable, "\(service)/\(version)/service-2.json", "it is not there any more")
    }
    if let problem = RawModelCheck.problem(in: model) { throw ModelError(.corrupt, path, problem) }
    var rules: JSON?
    let latest = versions(of: service, holding: .endpointRules).last
    if let latest, !precedes(latest, bundled?.apiVersion ?? "") {
      rules = try load(service, latest, .endpointRules)?.value
    }
    let bytes = try PackedWriter.pack(
      service: service, model: model, paginators: try load(service, version, .paginators)?.value,
      waiters: try load(service, version, .waiters)?.value,
      endpointRules: rules ?? bundled?.endpointRules?.json(limit: 10_000_000) ?? commonEndpointRules(model))
    return try ServiceModel(file: PackedFile(name: path, bytes: bytes))
  }

  /// One part of a model with what the SDKs add to it, and the path of its file; nil if no directory has it.
  private func load(
    _ service: String, _ version: String, _ part: Part
  ) throws(ModelError) -> (value: JSON, path: String)? {
    let name = "\(service)/\(version)/\(part.rawValue)"
    guard let path = location(inAny: name) else { return nil }
    var value = try parse(path)
    if let extras = location(inAny: name + ".sdk-extras"), let addition = try parse(extras)["merge"] {
      value = merged(value, addition)
    }
    return (value, path)
  }

  private func location(inAny name: String) -> String? {
    for directory in directories {
      if let path = location(of: "\(directory)/\(name)") { return path }
    }
    return nil
  }

  /// The path with the ending that a file has: as it is before gzipped.
  private func location(of path: String) -> String? {
    [path + ".json", path + ".json.gz"].first(where: isFile)
  }

  private func parse(_ path: String) throws(ModelError) -> JSON {
    var bytes = try readFile(path, limit: Self.sizeLimit)
    if path.hasSuffix(".gz") {
      do {
        bytes = try gunzip(bytes, limit: Self.sizeLimit)
      } catch {
        throw ModelError(.corrupt, path, "\(error)", position: error.offset.map { .byte($0) })
      }
    }
    let value: JSON
    do {
      value = try JSON.parse(bytes: bytes)
    } catch {
      throw ModelError(.corrupt, path, error.message, position: .line(error.line, column: error.column))
    }
    guard value.object != nil else { throw ModelError(.corrupt, path, "it is no JSON object") }
    return value
  }
}

/// `base` with `extra` over it, objects member by member (botocore, `utils.deep_merge`). Depth is that of the JSON,
/// which its parser bounds.
private func merged(_ base: JSON, _ extra: JSON) -> JSON {
  guard var members = base.object, let additions = extra.object else { return extra }
  for (key, value) in additions { members[key] = members[key].map { merged($0, value) } ?? value }
  return .object(members)
}

extension CompressionError {
  /// How many compressed bytes were read before it.
  fileprivate var offset: Int? {
    switch self {
    case .corrupt(_, let offset), .truncated(let offset): offset
    case .tooLarge, .unavailable: nil
    }
  }
}
