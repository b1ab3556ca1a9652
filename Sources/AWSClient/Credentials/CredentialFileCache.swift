import Glibc
import OrderedJSON
import Wire

/// A folder of JSON files that the AWS CLI and the SDKs share (botocore `utils.JSONFileCache`): `KEY.json`, readable by
/// the owner alone. A file that is missing, broken or of another form is none.
package struct CredentialFileCache: Sendable {
  /// Nil: there is no home; nothing is kept.
  let directory: String?
  let read: FileReader
  let write: FileWriter

  package init(
    directory: String?, read: @escaping FileReader = systemFile,
    write: @escaping FileWriter = writePrivateFile
  ) {
    self.directory = directory
    self.read = read
    self.write = write
  }

  private func path(_ key: String) -> String? { directory.map { "\($0)/\(key).json" } }

  package subscript(key: String) -> JSON? {
    guard let path = path(key), let text = try? read(path) else { return nil }
    return try? JSON.parse(text)
  }

  package func keep(_ value: JSON, as key: String) throws(ConfigurationError) {
    guard let path = path(key) else { return }
    try write(path, value.text(ensureASCII: true))
  }
}

/// The time in such a file: ISO 8601, or with `UTC` at its end as Python's `strftime` leaves it there.
func cachedTime(_ value: JSON?) -> Timestamp? {
  guard let text = value?.string else { return nil }
  return Timestamp(parsing: text.hasSuffix("UTC") ? text.dropLast(3) + "Z" : text)
}

/// Whole seconds with a `Z`, as tokens carry their end.
func wholeSeconds(_ time: Timestamp) -> String { Timestamp(seconds: time.seconds.rounded(.down)).iso8601 }

/// `{"a": 1, "b": ["c"]}`: Python's `json.dumps` with its blanks, which the names of cache files are digests of.
func pythonJSON(_ value: JSON) -> String {
  switch value {
  case .array(let elements): "[" + elements.map(pythonJSON).joined(separator: ", ") + "]"
  case .object(let members):
    "{" + members.map { pythonJSON(.string($0.key)) + ": " + pythonJSON($0.value) }.joined(separator: ", ")
      + "}"
  default: value.text(ensureASCII: true)
  }
}

/// Writes beside the place, readable by the owner alone, and renames: nobody sees half a file or another's secret.
/// Folders that are missing are made for the owner alone.
package func writePrivateFile(_ path: String, _ text: String) throws(ConfigurationError) {
  func failure() -> ConfigurationError {
    .unwritableFile(path: path, reason: String(cString: strerror(errno)))
  }
  if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
    guard makePrivateFolder(String(path[..<slash])) else { throw failure() }
  }
  let temporary = path + ".\(getpid()).\(UInt32.random(in: .min ... .max)).tmp"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { throw failure() }
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let n = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if n < 0, errno == EINTR { continue }
    guard n > 0 else {
      let error = failure()
      close(descriptor)
      unlink(temporary)
      throw error
    }
    rest = rest.dropFirst(n)
  }
  let isSafe = fsync(descriptor) == 0
  guard close(descriptor) == 0, isSafe, rename(temporary, path) == 0 else {
    let error = failure()
    unlink(temporary)
    throw error
  }
}

private func makePrivateFolder(_ path: String) -> Bool {
  if mkdir(path, 0o700) == 0 || errno == EEXIST { return true }
  guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return false }
  return makePrivateFolder(String(path[..<slash])) && (mkdir(path, 0o700) == 0 || errno == EEXIST)
}
