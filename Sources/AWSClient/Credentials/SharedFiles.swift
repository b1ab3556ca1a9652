import Glibc

/// `~/.aws/config` and `~/.aws/credentials` (or what `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name).
package struct SharedFiles: Hashable, Sendable {
  package let config: INIFile
  package let credentials: INIFile

  package init(
    environment: [String: String], readFile: FileReader
  ) throws(ConfigurationError) {
    config = try SharedFiles.read(environment, "AWS_CONFIG_FILE", "~/.aws/config", readFile)
    credentials = try SharedFiles.read(
      environment, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", readFile)
  }

  private static func read(
    _ environment: [String: String], _ variable: String, _ usual: String,
    _ readFile: FileReader
  ) throws(ConfigurationError) -> INIFile {
    var path = given(environment, variable) ?? usual
    if path.hasPrefix("~/") {
      guard let home = given(environment, "HOME") else { return INIFile() }
      path = home + path.dropFirst()
    }
    guard let text = try readFile(path) else { return INIFile() }
    do {
      return try INIFile(text)
    } catch {
      throw .unparsableFile(path: path, line: error.line)
    }
  }

  /// True if either file has the profile.
  package func has(_ name: String) -> Bool {
    configSection(name) != nil || credentials.section(nil, name) != nil
  }

  /// The profile's keys; what the credentials file says wins.
  package func profile(_ name: String) -> INIFile.Section {
    var merged = configSection(name) ?? INIFile.Section(name: name, values: [:], nested: [:])
    if let own = credentials.section(nil, name) {
      merged.values.merge(own.values) { $1 }
      merged.nested.merge(own.nested) { $1 }
    }
    return merged
  }

  func configSection(_ name: String) -> INIFile.Section? {
    // `[default]` and `[profile default]` are both the default profile; the latter wins.
    if name == "default" { return config.section("profile", "default") ?? config.section(nil, "default") }
    return config.section("profile", name)
  }
}

/// Reads a small file; nil if it does not exist.
@Sendable package func systemFile(_ path: String) throws(ConfigurationError) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    if errno == ENOENT || errno == ENOTDIR { return nil }
    throw .unreadableFile(path: path, reason: String(cString: strerror(errno)))
  }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 16_384)
  while bytes.count < 16 << 20 {
    let n = read(descriptor, &buffer, buffer.count)
    if n == 0 { break }
    if n < 0 {
      if errno == EINTR { continue }
      throw .unreadableFile(path: path, reason: String(cString: strerror(errno)))
    }
    bytes += buffer[..<n]
  }
  return String(decoding: bytes, as: UTF8.self)
}
