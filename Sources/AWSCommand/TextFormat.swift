import OrderedJSON

/// `--output text`: tab-separated rows, keys sorted, nested lists as rows led by their key in capitals.
enum TextFormat {
  static func text(_ value: JSON) -> String {
    var out = ""
    write(value, identifier: nil, keys: nil, to: &out)
    return out
  }

  private static func write(_ value: JSON, identifier: String?, keys: [String]?, to out: inout String) {
    switch value {
    case .object(let members): writeObject(members, identifier, keys, to: &out)
    case .array(let values): writeList(values, identifier, to: &out)
    default: out += pythonText(value) + "\n"
    }
  }

  private static func writeList(_ values: [JSON], _ identifier: String?, to out: inout String) {
    guard !values.isEmpty else { return }
    if values.contains(where: { $0.object != nil }) {
      let keys = scalarKeys(values)
      for value in values { write(value, identifier: identifier, keys: keys, to: &out) }
    } else if values.contains(where: { $0.array != nil }) {
      let scalars = values.filter { $0.array == nil }
      if !scalars.isEmpty { writeScalars(scalars, identifier, to: &out) }
      for value in values where value.array != nil {
        write(value, identifier: identifier, keys: nil, to: &out)
      }
    } else {
      writeScalars(values, identifier, to: &out)
    }
  }

  private static func writeScalars(_ values: [JSON], _ identifier: String?, to out: inout String) {
    if let identifier {
      for value in values { out += "\(identifier.uppercased())\t\(pythonText(value))\n" }
    } else {
      out += values.map { pythonText($0) }.joined(separator: "\t") + "\n"
    }
  }

  private static func writeObject(
    _ members: JSONObject, _ identifier: String?, _ keys: [String]?, to out: inout String
  ) {
    var scalars: [String] = []
    var nested: [String] = []
    if let keys {
      let known = Set(keys)
      for key in keys { scalars.append(members[key].map { pythonText($0) } ?? "") }
      nested = members.keys.filter { !known.contains($0) }
    } else {
      for key in sortedKeys(members.keys) {
        guard let value = members[key] else { continue }
        if isScalar(value) { scalars.append(pythonText(value)) } else { nested.append(key) }
      }
    }
    if !scalars.isEmpty {
      if let identifier { scalars.insert(identifier.uppercased(), at: 0) }
      out += scalars.joined(separator: "\t") + "\n"
    }
    for key in sortedKeys(nested) {
      if let value = members[key] { write(value, identifier: key, keys: nil, to: &out) }
    }
  }

  private static func scalarKeys(_ values: [JSON]) -> [String] {
    var keys: Set<String> = []
    for case .object(let members) in values {
      for (key, value) in members where isScalar(value) { keys.insert(key) }
    }
    return sortedKeys(Array(keys))
  }
}

func isScalar(_ value: JSON) -> Bool {
  switch value {
  case .array, .object: false
  default: true
  }
}

/// By code points, as Python sorts.
func sortedKeys(_ keys: [String]) -> [String] {
  keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
}
