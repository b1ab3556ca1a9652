import OrderedJSON

/// Looks through a raw model for what a packed one cannot have: references to shapes that there are none of, shapes of
/// unknown type, operations without a method. People write these files by hand.
enum RawModelCheck {
  /// The first thing that is wrong, with its place: `shapes.Key.members.Id: there is no shape "Idd"`.
  static func problem(in model: JSON) -> String? {
    for section in ["metadata", "operations", "shapes"] where model[section]?.object == nil {
      return "\(section): an object is missing"
    }
    let shapes = model["shapes"]?.object ?? JSONObject()
    for (name, operation) in model["operations"]?.object ?? JSONObject() {
      let place = "operations.\(name)"
      guard operation.object != nil else { return "\(place): it is no object" }
      for key in ["input", "output"] {
        if let found = problem(of: operation[key], at: "\(place).\(key)", shapes) { return found }
      }
      for (index, reference) in (operation["errors"]?.array ?? []).enumerated() {
        if let found = problem(of: reference, at: "\(place).errors[\(index)]", shapes) { return found }
      }
    }
    for (name, shape) in shapes {
      let place = "shapes.\(name)"
      guard let type = shape["type"]?.string, Kind(typeName: type) != nil else {
        return "\(place).type: it is no type of a shape"
      }
      if let found = problem(ofParts: shape, type, at: place, shapes) { return found }
    }
    return nil
  }

  private static func problem(
    ofParts shape: JSON, _ type: String, at place: String, _ shapes: JSONObject
  ) -> String? {
    for key in ["member", "key", "value"] {
      let isNeeded = type == "list" ? key == "member" : type == "map" && key != "member"
      if isNeeded, shape[key] == nil { return "\(place).\(key): it is missing" }
      if let found = problem(of: shape[key], at: "\(place).\(key)", shapes) { return found }
    }
    if let members = shape["members"] {
      guard let members = members.object else { return "\(place).members: it is no object" }
      for (name, reference) in members {
        if let found = problem(of: reference, at: "\(place).members.\(name)", shapes) { return found }
      }
    }
    return nil
  }

  private static func problem(of reference: JSON?, at place: String, _ shapes: JSONObject) -> String? {
    guard let reference else { return nil }
    guard let name = reference["shape"]?.string else { return "\(place): it names no shape" }
    return shapes[name] == nil ? "\(place): there is no shape \"\(name)\"" : nil
  }
}
