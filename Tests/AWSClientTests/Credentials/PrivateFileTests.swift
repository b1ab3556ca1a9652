import Foundation
import OrderedJSON
import TestKit
import Testing

@testable import AWSClient

/// A folder that is gone when the test is over.
final class Folder {
  let path = NSTemporaryDirectory() + "credentials-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.posixPermissions] as? Int
  }
}

@Suite struct PrivateFileTests {
  @Test func `What is kept is the owner's alone, folders too, and nothing is left beside it`() throws {
    let folder = try Folder()
    let file = folder.path + "/.aws/sso/cache/x.json"
    try writePrivateFile(file, "one")
    try writePrivateFile(file, "two")
    #expect(try systemFile(file) == "two")
    #expect(try folder.mode(".aws/sso/cache/x.json") == 0o600)
    for name in [".aws", ".aws/sso", ".aws/sso/cache"] { #expect(try folder.mode(name) == 0o700) }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/.aws/sso/cache") == ["x.json"])
  }

  @Test func `A place that cannot be written to is told`() throws {
    let folder = try Folder()
    try writePrivateFile(folder.path + "/file", "")
    #expect(
      throws: ConfigurationError.unwritableFile(path: folder.path + "/file/x", reason: "Not a directory")
    ) {
      try writePrivateFile(folder.path + "/file/x", "")
    }
    // A cache is a convenience: keys come without it.
    let cache = CredentialFileCache(directory: nil)
    try cache.keep(["a": 1], as: "x")
    #expect(cache["x"] == nil)
  }
}
