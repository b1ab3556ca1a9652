import Glibc
import ProgressStore
import Testing

/// A folder of its own for one test, removed at its end.
final class Scratch: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/cairn-store-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    path = String(cString: made)
  }

  var store: String { path + "/state/progress.sqlite" }

  deinit {
    for folder in [path + "/state", path + "/copy", path] {
      if let entries = opendir(folder) {
        while let entry = readdir(entries) {
          let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
          }
          if name != "." && name != ".." { unlink(folder + "/" + name) }
        }
        closedir(entries)
      }
      rmdir(folder)
    }
  }
}

let draft = RunDraft(
  lessonPath: "lessons/a/lesson.md", lessonID: "Secure AI: training data", lessonTitle: "Secure",
  lessonDigest: "d1",
  mode: .practice, account: "111122223333", region: "us-east-1",
  identityARN: "arn:aws:iam::111122223333:user/learner")

func mode(_ path: String) -> UInt32 {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
}

func copyFile(_ from: String, _ to: String) throws {
  let source = open(from, O_RDONLY)
  try #require(source >= 0)
  let target = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  try #require(target >= 0)
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(source, &buffer, buffer.count)
    if count <= 0 { break }
    _ = write(target, buffer, count)
  }
  close(source)
  close(target)
}
