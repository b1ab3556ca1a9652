/// Why a file could not be used: the words of `strerror`, without the path.
package struct FileError: Error, Hashable, Sendable {
  package var code: Int32
  package var message: String

  package init(code: Int32, message: String) {
    self.code = code
    self.message = message
  }
}

/// How a file is opened.
package enum OpenMode: Hashable, Sendable {
  case read
  /// Made or emptied.
  case write
  /// Made, and refused where it is a file already (`set -o noclobber`).
  case writeNew
  case append
  case readWrite
}

/// What is known of a file without opening it.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case regular, directory, link, pipe, socket, character, block }

  package var kind: Kind
  package var size: Int64
  /// Seconds since the epoch.
  package var modified: Double
  /// The permission bits, set-user-ID and its kin included.
  package var mode: UInt32
  /// Equal for two names of one file.
  package var identity: [UInt64]

  package init(kind: Kind, size: Int64, modified: Double, mode: UInt32, identity: [UInt64]) {
    self.kind = kind
    self.size = size
    self.modified = modified
    self.mode = mode
    self.identity = identity
  }
}

/// An open file; closed when it is let go.
package protocol OpenFile: AnyObject, Sendable {
  /// Empty at the end.
  func read(upTo count: Int) throws(FileError) -> [UInt8]
  func write(_ bytes: [UInt8]) throws(FileError)
  /// The real descriptor behind it, for child processes; nil where there is none.
  var descriptor: Int32? { get }
}

/// The file system as the shell sees it. Paths are absolute.
package protocol FileAccess: Sendable {
  func open(_ path: String, _ mode: OpenMode) throws(FileError) -> any OpenFile
  func status(of path: String, followingLinks: Bool) -> FileStatus?
  func isReadable(_ path: String) -> Bool
  func isWritable(_ path: String) -> Bool
  func isExecutable(_ path: String) -> Bool
  /// The names in a directory, without `.` and `..`, in no order.
  func names(in directory: String) throws(FileError) -> [String]
  func makeDirectory(_ path: String) throws(FileError)
  func removeFile(_ path: String) throws(FileError)
  func removeDirectory(_ path: String) throws(FileError)
  /// Makes an empty file, or sets the time of one that is there.
  func touch(_ path: String) throws(FileError)
}
