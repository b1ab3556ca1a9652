/// What a scan comes to, in words and numbers.
struct ScanReport {
  /// What is reported, by identifier, in the order of the identifiers.
  var hits: [(identifier: ManagedDataIdentifier, places: [SensitiveDataScan.Place])] = []
  /// What looked like it and is not reported.
  var rejected: [SensitiveDataScan.Candidate] = []

  init(_ scan: SensitiveDataScan) {
    rejected = scan.candidates.filter { $0.objection != nil }
    for identifier in ManagedDataIdentifier.all {
      let places = scan.candidates.filter { $0.objection == nil && $0.identifier.id == identifier.id }.map(
        \.place)
      if !places.isEmpty { hits.append((identifier, places)) }
    }
  }

  /// `2 USA_SOCIAL_SECURITY_NUMBER`
  var summary: String {
    hits.map { "\($0.places.count) \($0.identifier.id)" }.joined(separator: " and ")
  }

  /// At most five, so that a remark stays readable.
  var objections: String {
    let shown = rejected.prefix(5).map { candidate in
      let kind =
        candidate.identifier.id == "USA_SOCIAL_SECURITY_NUMBER"
        ? "a Social Security number" : candidate.identifier.id
      return "\(candidate.text)\(place(candidate.place)) as \(kind): it \(candidate.objection ?? "")"
    }
    let more = rejected.count > shown.count ? "; and \(rejected.count - shown.count) more" : ""
    return shown.joined(separator: "; ") + more
  }

  /// What would be said if the object could be read.
  var ifReadable: String {
    if !hits.isEmpty {
      return "If it could, it would report \(summary)."
        + (rejected.isEmpty ? "" : " It would not report \(objections).")
    }
    if rejected.isEmpty {
      return "Even if it could, there is nothing in it that a managed data identifier looks for."
    }
    return "Even if it could, it would report nothing: it does not report \(objections)."
  }

  var nothingFound: String {
    rejected.isEmpty
      ? "There is nothing in it that a managed data identifier looks for."
      : "It does not report \(objections)."
  }

  private func place(_ place: SensitiveDataScan.Place) -> String {
    switch place {
    case .cell(let row, let column, let name): " (row \(row), column \(name ?? String(column)))"
    case .line(let number, _): " (line \(number))"
    case .record(_, let path): " (\(path))"
    }
  }
}
