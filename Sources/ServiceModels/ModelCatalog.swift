import Glibc
import Synchronization

/// The bundled models: one packed file a service in one directory.
package final class ModelCatalog: Sendable {
  /// The extension of a packed file.
  package static let fileExtension = "cairnmodel"

  /// Where the files are.
  package let directory: String
  /// Every bundled service by botocore's directory name, in alphabetical order.
  package let services: [String]
  private let cache = Mutex<[String: ServiceModel]>([:])
  private let partitionTable = Mutex<Partitions?>(nil)

  /// A catalogue of the files in `directory`. One that does not exist is an empty catalogue.
  package init(directory: String) {
    self.directory = directory
    var names: [String] = []
    if let stream = opendir(directory) {
      defer { closedir(stream) }
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name.hasSuffix("." + Self.fileExtension), !name.hasPrefix("_") {
          names.append(String(name.dropLast(Self.fileExtension.count + 1)))
        }
      }
    }
    services = names.sorted()
  }

  /// The model of `service`, mapped on first use and then kept.
  package func model(_ service: String) throws(ModelError) -> ServiceModel {
    if let known = cache.withLock({ $0[service] }) { return known }
    guard services.contains(service) else {
      throw ModelError(.unknownService, service, "\(services.count) services are bundled in \(directory)")
    }
    let made = try ServiceModel(file: PackedFile(path: "\(directory)/\(service).\(Self.fileExtension)"))
    return cache.withLock { cache in
      let kept = cache[service] ?? made
      cache[service] = kept
      return kept
    }
  }

  /// AWS's partitions with their Regions, mapped on first use and then kept.
  package func partitions() throws(ModelError) -> Partitions {
    if let known = partitionTable.withLock({ $0 }) { return known }
    let made = try Partitions(file: PackedFile(path: "\(directory)/_partitions.\(Self.fileExtension)"))
    return partitionTable.withLock { table in
      let kept = table ?? made
      table = kept
      return kept
    }
  }
}
