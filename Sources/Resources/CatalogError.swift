/// An entry of the catalogue that cannot be used.
package struct CatalogError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  package var file: String
  /// Where in it: `types[2].read.input`.
  package var path: String
  package var message: String

  package init(file: String, path: String, message: String) {
    self.file = file
    self.path = path
    self.message = message
  }

  package var description: String { "\(file): \(path): \(message)" }
}
