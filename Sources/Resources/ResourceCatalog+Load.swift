import Glibc
import OrderedJSON

extension ResourceCatalog {
  /// Reads every `*.json` of a folder.
  ///
  /// - Throws: `CatalogError`, with file and place.
  package init(directory: String) throws(CatalogError) {
    var names: [String] = []
    guard let folder = opendir(directory) else {
      throw CatalogError(file: directory, path: "", message: "the folder cannot be read")
    }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".json") { names.append(name) }
    }
    closedir(folder)
    var files: [(name: String, text: [UInt8])] = []
    for name in names.sorted() { files.append((name, try bytes(of: "\(directory)/\(name)"))) }
    try self.init(files: files)
  }

  /// Reads the catalogue from the bytes of its files.
  package init(files: [(name: String, text: [UInt8])]) throws(CatalogError) {
    var types: [ResourceType] = []
    var effects: [OperationEffect] = []
    var reads: Set<String> = []
    for file in files {
      let json: JSON
      do {
        json = try JSON.parse(bytes: file.text)
      } catch let problem {
        throw CatalogError(
          file: file.name, path: "line \(problem.line), column \(problem.column)", message: problem.message)
      }
      let plain = CatalogEntry(file: file.name, path: "", json: json, service: "")
      try plain.check("service", "source", "reads", "types")
      let service = try plain.string("service")
      let root = CatalogEntry(file: file.name, path: "", json: json, service: service)
      for name in try root.strings("reads") { reads.insert("\(service).\(name)") }
      for entry in try root.entries("types") {
        let (type, found) = try entry.type()
        if types.contains(where: { $0.name == type.name }) {
          throw entry.error("there are two of this type", at: "type")
        }
        types.append(type)
        effects += found
      }
    }
    for type in types {
      for other in type.covers + [type.parent?.type].compactMap({ $0 })
      where !types.contains(where: { $0.name == other }) {
        throw CatalogError(file: type.service, path: type.name, message: "there is no type \(other)")
      }
    }
    // An operation's own effect before those beside it, things before settings.
    let ranked = effects.enumerated().sorted {
      ($0.element.isSideEffect ? 1 : 0, $0.offset) < ($1.element.isSideEffect ? 1 : 0, $1.offset)
    }
    self.init(types: types, effects: ranked.map(\.element), reads: reads)
  }
}

private func bytes(of path: String) throws(CatalogError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw CatalogError(file: path, path: "", message: String(cString: strerror(errno)))
  }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else {
      throw CatalogError(file: path, path: "", message: String(cString: strerror(errno)))
    }
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}
