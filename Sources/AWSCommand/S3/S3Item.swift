import Wire

/// One object or file to upload, download, copy or delete.
struct S3Item: Hashable, Sendable {
  enum Kind: String, Hashable, Sendable {
    case upload, download, copy, delete
  }

  var kind: Kind
  /// Absolute; nil if the source is an object.
  var localSource: String?
  var localTarget: String?
  var source: S3Location?
  var target: S3Location?
  var size: UInt64
  var modified: Timestamp
  /// What both sides of a sync call it: the path below the roots, with slashes.
  var key: String
  var storageClass = "STANDARD"

  /// `./a.txt to s3://b/a.txt`, local paths relative to `directory`.
  func text(in directory: String) -> String {
    let from = localSource.map { relativePath($0, to: directory) } ?? source?.text ?? ""
    guard kind != .delete else { return from }
    return from + " to " + (localTarget.map { relativePath($0, to: directory) } ?? target?.text ?? "")
  }
}

/// The path as the CLI shows it: the directory relative to the working directory, `.` if it is that, and the name.
func relativePath(_ path: String, to directory: String) -> String {
  let full = normalized(path)
  let cut = path.hasSuffix("/") ? full.endIndex : full.lastIndex(of: "/") ?? full.startIndex
  let name = path.hasSuffix("/") ? "" : String(full[cut...].dropFirst())
  let folder = full[..<cut].split(separator: "/")
  let base = normalized(directory).split(separator: "/")
  var common = 0
  while common < min(folder.count, base.count), folder[common] == base[common] { common += 1 }
  let steps = Array(repeating: "..", count: base.count - common) + folder[common...].map(String.init)
  return (steps.isEmpty ? "." : steps.joined(separator: "/")) + "/" + name
}

/// Without `.`, `..` and doubled slashes, as Python's `abspath`.
func normalized(_ path: String) -> String {
  var parts: [Substring] = []
  for part in path.split(separator: "/") where part != "." {
    if part == ".." { parts = parts.dropLast() } else { parts.append(part) }
  }
  return "/" + parts.joined(separator: "/")
}
