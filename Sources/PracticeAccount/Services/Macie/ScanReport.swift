/// What a scan comes to, in words and numbers.
struct ScanReport {
  /// What is reported, by identifier, in the order of the identifiers.
  var hits: [(identifier: ManagedDataIdentifier, places: [SensitiveDataScan.Place])] = []
  /// What looked like it and is not reported, one reason each.
  var rejected: [SensitiveDataScan.Candidate] = []
  /// What custom identifiers report; those found too rarely for the lowest of their severities are left out.
  var customHits: [(identifier: CustomDataIdentifier, places: [SensitiveDataScan.Place])] = []
  private let hasCustom: Bool
  private let gaveUp: Bool

  var isEmpty: Bool { hits.isEmpty && customHits.isEmpty }

  init(_ scan: SensitiveDataScan) {
    hasCustom = !scan.plan.custom.isEmpty
    gaveUp = scan.gaveUp
    var places: [String: [SensitiveDataScan.Place]] = [:]
    for candidate in scan.candidates where candidate.objection == nil {
      places[candidate.identifier.id, default: []].append(candidate.place)
    }
    for identifier in scan.plan.managed {
      if let found = places[identifier.id] { hits.append((identifier, found)) }
    }
    for (i, compiled) in scan.plan.custom.enumerated() {
      let found = scan.customPlaces[i] ?? []
      if compiled.source.severity(found.count) != nil { customHits.append((compiled.source, found)) }
    }
    // Several identifiers may look at one number. Where one reports it, or knows that it cannot be real, it says
    // nothing to a learner that another one misses its keyword.
    struct Number: Hashable {
      var place: SensitiveDataScan.Place
      var text: String

      init(_ candidate: SensitiveDataScan.Candidate) {
        place = candidate.place
        text = candidate.text
      }
    }
    let reported = Set(scan.candidates.filter { $0.objection == nil }.map(Number.init))
    let explained = Set(scan.candidates.filter { $0.objection != .noKeyword }.map(Number.init))
    rejected = scan.candidates.filter { candidate in
      switch candidate.objection {
      case nil: false
      case .impossible: !reported.contains(Number(candidate))
      case .noKeyword: !explained.contains(Number(candidate))
      }
    }
  }

  /// `2 USA_SOCIAL_SECURITY_NUMBER`
  var summary: String {
    (hits.map { "\($0.places.count) \($0.identifier.id)" }
      + customHits.map { "\($0.places.count) of the custom identifier \($0.identifier.name)" })
      .joined(separator: " and ")
  }

  /// A sentence for each number that is not reported; at most three, so that a remark stays readable.
  var objections: String {
    if rejected.isEmpty { return "" }
    var sentences = rejected.prefix(3).map(sentence)
    if rejected.count > 3 { sentences.append("And \(rejected.count - 3) more.") }
    if rejected.prefix(3).contains(where: { $0.objection == .noKeyword }) {
      sentences.append(
        "A keyword counts in the name of the column or field, or within 30 characters of the number.")
    }
    return " " + sentences.joined(separator: " ")
  }

  /// What Macie would say of an object that it cannot read.
  func ifReadable(_ object: String) -> String {
    if !isEmpty { return "If Macie could read \(object), it would report \(summary).\(objections)" }
    return rejected.isEmpty
      ? "Even if Macie could read \(object), it would report nothing: \(nothing)."
      : "Even if Macie could read \(object), it would report nothing.\(objections)"
  }

  /// What Macie says of an object that it read, where that wants an explanation; nil where it does not.
  func afterReading(_ object: String) -> String? {
    if gaveUp {
      return
        "A pattern took too long over \(object): Macie was stopped and reports only what it had found by then."
    }
    if isEmpty {
      return rejected.isEmpty
        ? "Macie read \(object) and reports nothing: \(nothing)."
        : "Macie read \(object) and reports nothing.\(objections)"
    }
    return rejected.isEmpty ? nil : "Macie reports \(summary) in \(object), and no more.\(objections)"
  }

  private var nothing: String {
    hasCustom ? "no managed and no custom data identifier fits" : "no managed data identifier fits"
  }

  private func sentence(_ candidate: SensitiveDataScan.Candidate) -> String {
    let number = candidate.text + place(candidate.place)
    let isSSN = candidate.identifier.id == "USA_SOCIAL_SECURITY_NUMBER"
    let kind = isSSN ? "Social Security number" : candidate.identifier.id
    switch candidate.objection {
    case .impossible(let part): return "\(number) is no \(kind): \(part) is never given out."
    case .noKeyword, nil:
      let keyword = isSSN ? "ssn" : candidate.identifier.keywords.first ?? ""
      return "\(number) could be a \(kind), but has no keyword like \"\(keyword)\"."
    }
  }

  private func place(_ place: SensitiveDataScan.Place) -> String {
    switch place {
    case .cell(let row, let column, let name): " (row \(row), column \(name ?? String(column)))"
    case .line(let number, _): " (line \(number))"
    case .record(_, let path): " (\(path))"
    }
  }
}
