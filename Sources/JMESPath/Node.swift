import OrderedJSON

/// A node of an expression's tree.
struct Node: Sendable {
  indirect enum Kind: Sendable {
    /// The current value: `@`, and what is left out before `[` or behind a projection.
    case current
    case literal(JSON)
    case field(String)
    case index(Int)
    case slice(start: Int?, stop: Int?, step: Int?)
    /// Each applied to the result of the one before: `a.b`, `a[0]`, `a | b`.
    case chain(Chain, [Node])
    /// `left[*].right`: `right` for each element of a list, nulls left out.
    case projection(Node, Node)
    /// `left.*.right`: the same for each member of an object.
    case valueProjection(Node, Node)
    /// `left[?condition].right`
    case filterProjection(Node, Node, condition: Node)
    case flatten(Node)
    case comparison(Token.Kind, Node, Node)
    case or(Node, Node)
    case and(Node, Node)
    case not(Node)
    case multiSelectList([Node])
    case multiSelectHash([(key: String, value: Node)])
    case function(String, [Node])
    case expressionReference(Node)
  }

  enum Chain: Sendable { case subexpression, indexExpression, pipe }

  private(set) var kind: Kind
  /// How many nodes the longest way down has.
  private(set) var depth: Int

  init(_ kind: Kind) {
    self.kind = kind
    depth =
      switch kind {
      case .current, .literal, .field, .index, .slice: 1
      case .flatten(let a), .not(let a), .expressionReference(let a): a.depth + 1
      case .projection(let a, let b), .valueProjection(let a, let b), .comparison(_, let a, let b),
        .or(let a, let b), .and(let a, let b):
        max(a.depth, b.depth) + 1
      case .filterProjection(let a, let b, let c): max(a.depth, b.depth, c.depth) + 1
      case .chain(_, let children), .multiSelectList(let children), .function(_, let children):
        (children.map(\.depth).max() ?? 0) + 1
      case .multiSelectHash(let pairs): (pairs.map(\.value.depth).max() ?? 0) + 1
      }
  }

  /// The deepest tree that is built.
  static let maximumDepth = 256

  static let current = Node(.current)

  private init(kind: Kind, depth: Int) {
    self.kind = kind
    self.depth = depth
  }

  /// Puts `right` behind, in one flat chain where both are of one sort, so that long chains are not deep.
  mutating func append(_ right: Node, _ sort: Chain) {
    guard case .chain(sort, var children) = kind else {
      self = Node(.chain(sort, [self, right]))
      return
    }
    let depth = max(depth, right.depth + 1)
    // Gives up the old list first: it then grows in place, not by a copy for every link.
    self = .current
    children.append(right)
    self = Node(kind: .chain(sort, children), depth: depth)
  }
}
