import Foundation
import Glibc
import OrderedJSON
import Wire

/// How a served account can be reached by its owner: `serving.json` in its folder, readable by the owner alone.
///
/// The file of a process that was killed stays behind; whether somebody serves is told by the folder's lock alone.
struct ServingRecord: Sendable, Hashable {
  var pid: Int32
  var port: Int
  /// What a control request must carry.
  var token: String

  /// A token that nobody guesses: 256 bits of the system's chance.
  static func newToken() -> String {
    var chance = SystemRandomNumberGenerator()
    return hexEncoded((0..<32).map { _ in UInt8.random(in: 0...255, using: &chance) })
  }

  init(port: Int, token: String) {
    pid = getpid()
    self.port = port
    self.token = token
  }

  private static func path(_ directory: String) -> String { directory + "/serving.json" }

  /// The record in the folder of an account; nil if there is none that can be read.
  init?(directory: String) {
    guard let data = FileManager.default.contents(atPath: Self.path(directory)),
      let json = try? JSON.parse(bytes: Array(data)),
      let pid = json["pid"]?.int.flatMap({ Int32(exactly: $0) }), let port = json["port"]?.int,
      (1...65_535).contains(port), let token = json["token"]?.string
    else { return nil }
    self.pid = pid
    self.port = port
    self.token = token
  }

  /// Writes the record beside and renames it.
  ///
  /// - Throws: `TutorError` if the folder cannot be written.
  func write(to directory: String) throws(TutorError) {
    let json: JSON = ["pid": .int(Int(pid)), "port": .int(port), "token": .string(token)]
    // The account sweeps such names away when it is next opened.
    let new = directory + "/.serving.json.new"
    unlink(new)
    let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    let bytes = Array((json.text() + "\n").utf8)
    let written = file < 0 ? -1 : Glibc.write(file, bytes, bytes.count)
    if file >= 0 { close(file) }
    guard written == bytes.count, rename(new, Self.path(directory)) == 0 else {
      throw .practice("served", String(cString: strerror(errno)), directory)
    }
  }

  /// Nobody serves the account any more.
  static func remove(from directory: String) { unlink(path(directory)) }

  /// Whether a process holds the account in `directory`.
  static func isHeld(_ directory: String) -> Bool {
    let lock = open(directory + "/lock", O_RDWR | O_CLOEXEC)
    guard lock >= 0 else { return false }
    defer { close(lock) }
    return flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
