import Glibc

/// A file system in memory: directories, regular files and `/dev/null`. The twin of `LiveFileAccess` for tests.
package final class MemoryFileAccess: FileAccess {
  private let state: Monitor<Tree>

  fileprivate struct Tree {
    var files: [String: [UInt8]] = [:]
    var directories: Set<String> = ["/"]
    var times: [String: Double] = [:]
    var clock = 0.0
  }

  /// - Parameter files: contents by absolute path; their directories are made.
  package init(files: [String: String] = [:], directories: [String] = []) {
    var tree = Tree()
    for (path, text) in files {
      tree.files[path] = Array(text.utf8)
      tree.addParents(of: path)
    }
    for path in directories {
      tree.directories.insert(path)
      tree.addParents(of: path)
    }
    state = Monitor(tree)
  }

  /// The contents of a file; nil where there is none.
  package func contents(of path: String) -> [UInt8]? { state.withLock { $0.files[path] } }

  package func open(_ path: String, _ mode: OpenMode) throws(FileError) -> any OpenFile {
    if path == "/dev/null" { return MemoryFile(nil, "", 0, appends: false) }
    let outcome = state.withLock { tree -> Result<Int, FileError> in
      if tree.directories.contains(path) {
        return .failure(FileError(errno: mode == .read ? EISDIR : EISDIR))
      }
      if mode == .read {
        return tree.files[path] == nil ? .failure(FileError(errno: ENOENT)) : .success(0)
      }
      guard tree.directories.contains(parent(path)) else { return .failure(FileError(errno: ENOENT)) }
      if mode == .writeNew, tree.files[path] != nil { return .failure(FileError(errno: EEXIST)) }
      if mode == .write || tree.files[path] == nil { tree.files[path] = [] }
      tree.stamp(path)
      return .success(mode == .append ? tree.files[path]?.count ?? 0 : 0)
    }
    return MemoryFile(state, path, try outcome.get(), appends: mode == .append)
  }

  package func status(of path: String, followingLinks: Bool) -> FileStatus? {
    state.withLock { tree in
      if path == "/dev/null" {
        return FileStatus(kind: .character, size: 0, modified: 0, mode: 0o666, identity: [0, 0])
      }
      let identity = [0, UInt64(bitPattern: Int64(path.hashValue))]
      if tree.directories.contains(path) {
        return FileStatus(kind: .directory, size: 0, modified: 0, mode: 0o755, identity: identity)
      }
      return tree.files[path].map {
        FileStatus(
          kind: .regular, size: Int64($0.count), modified: tree.times[path] ?? 0, mode: 0o644,
          identity: identity)
      }
    }
  }

  package func isReadable(_ path: String) -> Bool { status(of: path, followingLinks: true) != nil }
  package func isWritable(_ path: String) -> Bool { status(of: path, followingLinks: true) != nil }
  package func isExecutable(_ path: String) -> Bool {
    status(of: path, followingLinks: true)?.kind == .directory
  }

  package func names(in directory: String) throws(FileError) -> [String] {
    let names = state.withLock { tree -> [String]? in
      guard tree.directories.contains(directory) else { return nil }
      return (Array(tree.files.keys) + tree.directories.filter { $0 != "/" }).filter {
        parent($0) == directory
      }
      .map { String($0.split(separator: "/").last ?? "") }
    }
    guard let names else { throw FileError(errno: ENOENT) }
    return names
  }

  package func makeDirectory(_ path: String) throws(FileError) {
    try change { tree in
      if tree.directories.contains(path) || tree.files[path] != nil { return EEXIST }
      guard tree.directories.contains(parent(path)) else { return ENOENT }
      tree.directories.insert(path)
      return 0
    }
  }

  package func removeFile(_ path: String) throws(FileError) {
    try change { tree in
      if tree.directories.contains(path) { return EISDIR }
      return tree.files.removeValue(forKey: path) == nil ? ENOENT : 0
    }
  }

  package func removeDirectory(_ path: String) throws(FileError) {
    try change { tree in
      guard tree.directories.contains(path) else { return tree.files[path] == nil ? ENOENT : ENOTDIR }
      let prefix = path + "/"
      if tree.files.keys.contains(where: { $0.hasPrefix(prefix) })
        || tree.directories.contains(where: { $0.hasPrefix(prefix) })
      {
        return ENOTEMPTY
      }
      tree.directories.remove(path)
      return 0
    }
  }

  package func touch(_ path: String) throws(FileError) {
    try change { tree in
      if tree.directories.contains(path) { return 0 }
      guard tree.directories.contains(parent(path)) else { return ENOENT }
      tree.files[path, default: []] += []
      tree.stamp(path)
      return 0
    }
  }

  private func change(_ body: (inout Tree) -> Int32) throws(FileError) {
    let code = state.withLock(body)
    if code != 0 { throw FileError(errno: code) }
  }
}

private func parent(_ path: String) -> String {
  guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
  return String(path[..<slash])
}

extension MemoryFileAccess.Tree {
  fileprivate mutating func addParents(of path: String) {
    var at = parent(path)
    while at != "/" {
      directories.insert(at)
      at = parent(at)
    }
  }

  fileprivate mutating func stamp(_ path: String) {
    clock += 1
    times[path] = clock
  }
}

private final class MemoryFile: OpenFile {
  private let tree: Monitor<MemoryFileAccess.Tree>?
  private let path: String
  private let appends: Bool
  private let offset: Monitor<Int>
  var descriptor: Int32? { nil }

  init(_ tree: Monitor<MemoryFileAccess.Tree>?, _ path: String, _ offset: Int, appends: Bool) {
    self.tree = tree
    self.path = path
    self.appends = appends
    self.offset = Monitor(offset)
  }

  func read(upTo count: Int) throws(FileError) -> [UInt8] {
    guard let tree else { return [] }
    return offset.withLock { offset in
      let bytes = tree.withLock { $0.files[path] ?? [] }
      guard offset < bytes.count, count > 0 else { return [] }
      let end = min(bytes.count, offset + count)
      defer { offset = end }
      return Array(bytes[offset..<end])
    }
  }

  func write(_ bytes: [UInt8]) throws(FileError) {
    guard let tree else { return }
    offset.withLock { offset in
      tree.withLock { tree in
        var content = tree.files[path] ?? []
        let start = appends ? content.count : min(offset, content.count)
        let end = min(content.count, start + bytes.count)
        content.replaceSubrange(start..<end, with: bytes)
        tree.files[path] = content
        tree.stamp(path)
        offset = start + bytes.count
      }
    }
  }
}
