/// An element of a parsed XML document. Names are local: namespaces and prefixes are dropped.
struct XMLElement: Sendable {
  var name: String
  /// Attributes by the name they have in the document, prefix included: `xsi:type`.
  var attributes: [(name: String, value: String)] = []
  var children: [XMLElement] = []
  /// All character data directly inside, joined.
  var text = ""

  /// The first child called `name`.
  subscript(name: String) -> XMLElement? {
    children.first { $0.name == name }
  }

  /// Every child called `name`.
  func all(_ name: String) -> [XMLElement] {
    children.filter { $0.name == name }
  }
}
