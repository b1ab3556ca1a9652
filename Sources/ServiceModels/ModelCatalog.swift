import Synchronization

/// Every service model that can be had: the bundled ones, one packed file a service in one directory, and what the
/// user has beside them as botocore's own JSON.
///
/// A model is looked for when it is asked for: making a catalogue touches no file.
package final class ModelCatalog: Sendable {
  /// The extension of a packed file.
  package static let fileExtension = "cairnmodel"

  /// Where the packed files are.
  package let directory: String
  private let rawModels: RawModels
  private let cache = Mutex<[String: ServiceModel]>([:])
  private let partitionTable = Mutex<Partitions?>(nil)
  private let serviceNames = Mutex<[String]?>(nil)

  /// A catalogue of the packed files in `directory`. One that does not exist is an empty catalogue.
  /// - Parameter dataPath: directories of models in botocore's form, `SERVICE/APIVERSION/service-2.json`, in the order
  ///   of search; `dataPath(environment:home:)` finds them. They add services, and versions newer than the bundled.
  package init(directory: String, dataPath: [String] = []) {
    self.directory = directory
    rawModels = RawModels(directories: dataPath)
  }

  /// Every service by botocore's directory name, in alphabetical order. Reads the directories on first use.
  package var services: [String] {
    if let known = serviceNames.withLock({ $0 }) { return known }
    var names = Set(rawModels.services)
    for file in entries(of: directory) where file.hasSuffix("." + Self.fileExtension) && !file.hasPrefix("_")
    {
      names.insert(String(file.dropLast(Self.fileExtension.count + 1)))
    }
    let sorted = names.sorted()
    serviceNames.withLock { $0 = sorted }
    return sorted
  }

  /// Whether there is a model of `service`, without reading any.
  package func contains(_ service: String) -> Bool {
    isPlainName(service)
      && (isFile(path(of: service)) || !rawModels.versions(of: service, holding: .service).isEmpty)
  }

  /// The model of `service`, mapped on first use and then kept: the newest version that there is, and of the same
  /// version the bundled one.
  package func model(_ service: String) throws(ModelError) -> ServiceModel {
    if let known = cache.withLock({ $0[service] }) { return known }
    let made = try newest(service)
    return cache.withLock { cache in
      let kept = cache[service] ?? made
      cache[service] = kept
      return kept
    }
  }

  private func newest(_ service: String) throws(ModelError) -> ServiceModel {
    guard isPlainName(service) else { throw unknown(service) }
    let version = rawModels.versions(of: service, holding: .service).last
    let path = path(of: service)
    guard isFile(path) else {
      guard let version else { throw unknown(service) }
      return try rawModels.model(of: service, version: version, beside: nil)
    }
    let bundled = try ServiceModel(file: PackedFile(path: path))
    guard let version, precedes(bundled.apiVersion, version) else { return bundled }
    return try rawModels.model(of: service, version: version, beside: bundled)
  }

  private func path(of service: String) -> String { "\(directory)/\(service).\(Self.fileExtension)" }

  private func unknown(_ service: String) -> ModelError {
    ModelError(.unknownService, service, "\(services.count) services are in \(directory)")
  }

  /// AWS's partitions with their Regions, mapped on first use and then kept.
  package func partitions() throws(ModelError) -> Partitions {
    if let known = partitionTable.withLock({ $0 }) { return known }
    let made = try Partitions(file: PackedFile(path: path(of: "_partitions")))
    return partitionTable.withLock { table in
      let kept = table ?? made
      table = kept
      return kept
    }
  }
}
