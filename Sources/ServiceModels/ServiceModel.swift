import OrderedJSON
import Synchronization

/// One service: its metadata, operations, shapes, paginators, waiters and endpoint rules.
package final class ServiceModel: Sendable {
  /// The name of botocore's directory, which is the AWS CLI's command: `kms`.
  package let service: String
  /// `KMS`.
  package let serviceID: String
  package let apiVersion: String
  package let endpointPrefix: String
  /// The service in the credential scope.
  package let signingName: String
  package let protocolName: WireProtocol
  /// `1.0` or `1.1` in the json protocol.
  package let jsonVersion: String
  /// What stands before the operation in `X-Amz-Target`.
  package let targetPrefix: String?
  package let xmlNamespace: XMLNamespace?
  package let globalEndpoint: String?
  package let signatureVersion: String
  /// Errors also carry the code that the service's former query protocol gave them.
  package let isQueryCompatible: Bool
  /// Endpoint rules in packed form.
  let endpointRules: PackedNode?

  let file: PackedFile
  private let operations: PackedNode
  private let shapes: PackedNode
  private let paginators: PackedNode?
  private let waiters: PackedNode?
  private let cache: Mutex<Cache>
  private let routeTable = Mutex<RouteTable?>(nil)

  private struct Cache {
    var shapes: [Int: Shape] = [:]
    var operations: [Int: Operation] = [:]
  }

  init(file: PackedFile) throws(ModelError) {
    self.file = file
    let root = file.root
    guard let model = root["model"], let metadata = model["metadata"], metadata.isObject,
      let operations = model["operations"], operations.isObject, let shapes = model["shapes"], shapes.isObject
    else { throw ModelError(.corrupt, file.name, "metadata, operations or shapes are missing") }
    self.operations = operations
    self.shapes = shapes
    paginators = root["paginators"]
    waiters = root["waiters"]
    endpointRules = root["endpointRules"]
    func text(_ key: String) -> String? { metadata[key]?.string }
    endpointPrefix = text("endpointPrefix") ?? ""
    service = root["service"]?.string ?? endpointPrefix
    serviceID = text("serviceId") ?? service
    apiVersion = text("apiVersion") ?? ""
    signingName = text("signingName") ?? endpointPrefix
    jsonVersion = text("jsonVersion") ?? "1.0"
    targetPrefix = text("targetPrefix")
    globalEndpoint = text("globalEndpoint")
    signatureVersion = text("signatureVersion") ?? "v4"
    isQueryCompatible = metadata["awsQueryCompatible"] != nil
    var namespace = Traits()
    if let node = metadata["xmlNamespace"] { namespace.absorb("xmlNamespace", node) }
    xmlNamespace = namespace.xmlNamespace
    let offered = (metadata["protocols"]?.strings ?? []) + [text("protocol") ?? ""]
    guard let known = offered.compactMap({ WireProtocol(rawValue: $0) }).first else {
      throw ModelError(.unsupported, file.name, "it speaks only \(offered.joined(separator: ", "))")
    }
    protocolName = known
    cache = Mutex(Cache())
  }

  /// A model from botocore's own JSON (`service-2.json` and, where there are, its siblings).
  package convenience init(
    botocore model: JSON, service: String? = nil, paginators: JSON? = nil, waiters: JSON? = nil,
    endpointRules: JSON? = nil
  ) throws(ModelError) {
    let name = service ?? model["metadata"]?["endpointPrefix"]?.string ?? "service"
    let bytes = try PackedWriter.pack(
      service: name, model: model, paginators: paginators, waiters: waiters, endpointRules: endpointRules)
    try self.init(file: PackedFile(name: name, bytes: bytes))
  }
}

// MARK: operations

extension ServiceModel {
  /// Every operation, in alphabetical order: `CreateKey`.
  package var operationNames: [String] {
    (0..<operations.count).compactMap { operations.key($0) }
  }

  /// The operation called `name`: `CreateKey`.
  package func operation(_ name: String) -> Operation? {
    operations.position(ofSorted: name).flatMap { operation(at: $0) }
  }

  /// The operation that the AWS CLI calls `cliName`: `create-key`.
  package func operation(cliName: String) -> Operation? {
    // Names that differ only in hyphens and capitals are candidates; the rule decides among them.
    let letters = cliName.utf8.filter { $0 != 0x2D }
    for position in 0..<operations.count {
      guard let offset = operations.keyOffset(position), let stored = file.utf8(offset),
        stored.lazy.filter({ $0 != 0x2D }).elementsEqual(letters, by: sameLetter),
        let name = operations.key(position), ServiceModels.cliName(name) == cliName
      else { continue }
      return operation(at: position)
    }
    return nil
  }

  func operation(at position: Int) -> Operation? {
    if let known = cache.withLock({ $0.operations[position] }) { return known }
    guard let name = operations.key(position), let node = operations[position], node.isObject else {
      return nil
    }
    let made = Operation(name: name, node: node, model: self)
    return cache.withLock { cache in
      let kept = cache.operations[position] ?? made
      cache.operations[position] = kept
      return kept
    }
  }

  /// How the pages of `operation` follow each other; nil if it has no pages.
  package func paginator(_ operation: String) -> Paginator? {
    guard let paginators, let position = paginators.position(ofSorted: operation) else { return nil }
    return paginators[position].map { Paginator(node: $0) }
  }

  /// Every waiter, in alphabetical order: `BucketExists`.
  package var waiterNames: [String] {
    (0..<(waiters?.count ?? 0)).compactMap { waiters?.key($0) }
  }

  /// The waiter called `name`: `BucketExists`.
  package func waiter(_ name: String) -> Waiter? {
    guard let waiters, let position = waiters.position(ofSorted: name) else { return nil }
    return waiters[position].flatMap { Waiter(name: name, node: $0) }
  }
}

// MARK: routes

extension ServiceModel {
  /// The operations by what a request must look like, made on first use.
  var routes: RouteTable {
    if let known = routeTable.withLock({ $0 }) { return known }
    let made = RouteTable(self)
    routeTable.withLock { $0 = made }
    return made
  }
}

// MARK: shapes

extension ServiceModel {
  /// Every shape, in alphabetical order.
  package var shapeNames: [String] {
    (0..<shapes.count).compactMap { shapes.key($0) }
  }

  /// The shape called `name`.
  package func shape(_ name: String) -> Shape? {
    shapes.position(ofSorted: name).map { shape(at: $0) }
  }

  /// The number of the shape that `reference` names.
  func shapeIndex(of reference: PackedNode) -> Int? {
    reference["shape"]?.stringOffset.flatMap { shapes.position(ofSorted: $0) }
  }

  func shapeNode(at index: Int) -> PackedNode? { shapes[index] }

  /// The shape numbered `index`. A number that no shape has gives a structure without members: only a
  /// damaged file has such numbers.
  func shape(at index: Int) -> Shape {
    if let known = cache.withLock({ $0.shapes[index] }) { return known }
    let node = shapes[index] ?? PackedNode(file: file, word: 0)
    let made = Shape(node: node, name: shapes.key(index) ?? "", model: self)
    return cache.withLock { cache in
      let kept = cache.shapes[index] ?? made
      cache.shapes[index] = kept
      return kept
    }
  }

  /// The shape that `reference` names; one of its own where the reference changes the error that it is.
  func shape(reference: PackedNode) -> Shape? {
    guard let index = shapeIndex(of: reference) else { return nil }
    guard reference["error"] != nil || reference["exception"] != nil, let node = shapes[index] else {
      return shape(at: index)
    }
    return Shape(node: node, name: shapes.key(index) ?? "", overlay: reference, model: self)
  }
}

extension ServiceModel: Hashable {
  package static func == (a: ServiceModel, b: ServiceModel) -> Bool { a === b }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Whether a letter of an API name and one of a command name are the same but for case.
private func sameLetter(_ stored: UInt8, _ given: UInt8) -> Bool {
  (stored >= 0x41 && stored <= 0x5A ? stored | 0x20 : stored) == given
}
