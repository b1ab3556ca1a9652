/// AWS's partitions: which Regions there are, and the DNS suffixes of each.
package struct Partitions: Sendable {
  package struct Partition: Hashable, Sendable {
    /// `aws`, `aws-cn`, ...
    package var name: String
    package var dnsSuffix: String
    package var dualStackDnsSuffix: String
    package var supportsFIPS: Bool
    package var supportsDualStack: Bool
    package var implicitGlobalRegion: String
    package var regions: [String]
    /// Prefixes and the rest of the Region names that belong here though they are not listed: see `matches`.
    let pattern: RegionPattern
  }

  package let all: [Partition]

  init(file: PackedFile) throws(ModelError) {
    guard let list = file.root["partitions"], list.isArray else {
      throw ModelError(.corrupt, file.name, "it holds no partitions")
    }
    all = (0..<list.count).compactMap { position in
      guard let node = list[position], let id = node["id"]?.string, let outputs = node["outputs"] else {
        return nil
      }
      let regions = node["regions"]
      return Partition(
        name: id, dnsSuffix: outputs["dnsSuffix"]?.string ?? "amazonaws.com",
        dualStackDnsSuffix: outputs["dualStackDnsSuffix"]?.string ?? "api.aws",
        supportsFIPS: outputs["supportsFIPS"]?.bool ?? false,
        supportsDualStack: outputs["supportsDualStack"]?.bool ?? false,
        implicitGlobalRegion: outputs["implicitGlobalRegion"]?.string ?? "us-east-1",
        regions: (0..<(regions?.count ?? 0)).compactMap { regions?.key($0) },
        pattern: RegionPattern(node["regionRegex"]?.string ?? ""))
    }
    guard !all.isEmpty else { throw ModelError(.corrupt, file.name, "it holds no partitions") }
  }

  /// The partition that lists `region`; else the one whose pattern it fits; else `aws`.
  package func partition(of region: String) -> Partition? {
    all.first { $0.regions.contains(region) } ?? all.first { $0.pattern.matches(region) }
      ?? all.first { $0.name == "aws" }
  }

  /// Whether `region` is listed or looks like a Region of some partition.
  package func knows(_ region: String) -> Bool {
    all.contains { $0.regions.contains(region) || $0.pattern.matches(region) }
  }
}

/// The one form of regular expression that partitions use: `^(us|eu)\-\w+\-\d+$`, or without alternatives
/// `^us\-gov\-\w+\-\d+$`.
struct RegionPattern: Hashable, Sendable {
  private var heads: [String] = []

  init(_ pattern: String) {
    guard pattern.hasPrefix("^"), pattern.hasSuffix("\\-\\w+\\-\\d+$") else { return }
    let head = pattern.dropFirst().dropLast("\\-\\w+\\-\\d+$".count)
    let alternatives = head.hasPrefix("(") && head.hasSuffix(")") ? head.dropFirst().dropLast() : head
    heads = alternatives.split(separator: "|").map { $0.filter { $0 != "\\" } }
  }

  /// Whether `region` is a head, a word and a number, joined by hyphens.
  func matches(_ region: String) -> Bool {
    heads.contains { head in
      guard region.hasPrefix(head + "-") else { return false }
      let rest = region.dropFirst(head.count + 1).split(separator: "-", omittingEmptySubsequences: false)
      guard rest.count == 2, let number = rest.last, !number.isEmpty, let word = rest.first, !word.isEmpty
      else {
        return false
      }
      return number.allSatisfy { $0.isASCII && $0.isNumber }
        && word.allSatisfy { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
  }
}
