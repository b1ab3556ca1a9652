import Foundation
import OrderedJSON
import PracticeAccount
import PracticeServer
import ServiceModels
import TestKit
import Testing

private let models = ModelCatalog(directory: repositoryRoot + "/assets/models")

/// An account with an object, a snapshot and a name at the edge of what a header holds.
private func makeAccount(_ directory: String) throws -> PracticeAccount {
  let account = try PracticeAccount(catalog: models, directory: directory)
  let body = Data(repeating: 0x61, count: 3000).base64EncodedString()
  try account.play(
    Scenario(json: [
      "name": "archive", "title": "archive",
      "steps": [
        ["call": "s3 CreateBucket", "input": ["Bucket": "archived"]],
        [
          "call": "s3 PutObject",
          "input": ["Bucket": "archived", "Key": "../../etc/passwd", "Body": .string(body)],
        ],
      ],
    ]))
  try account.takeSnapshot("before")
  try account.takeSnapshot(String(repeating: "n", count: 100))
  return account
}

private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

/// An account as one file. The judges are tar(1) and Python's tarfile.
struct ArchiveTests {
  @Test func anAccountComesBackAsItWas() throws {
    let folder = Folder()
    let file = folder.path + "/account.tar"
    let account = try makeAccount(folder.path + "/a")
    try AccountArchive.write(account, in: folder.path + "/a", to: file)
    #expect(try folder.permissions("account.tar") == 0o600)
    #expect(try folder.names() == ["a", "account.tar"])
    #expect(try folder.names("a").contains(".export") == false)
    try AccountArchive.read(file, into: folder.path + "/b")
    let copy = try PracticeAccount(catalog: models, directory: folder.path + "/b")
    #expect(copy.dump() == account.dump())
    #expect(copy.snapshots.map(\.name).sorted() == account.snapshots.map(\.name).sorted())
    try copy.restore("before")
    #expect(copy.dump() == account.dump())
    #expect(throws: StoreError.self) { try AccountArchive.read(file, into: folder.path + "/b") }
    // What was there is replaced whole.
    try AccountArchive.write(copy, in: folder.path + "/b", to: file)
    #expect(try folder.names() == ["a", "account.tar", "b"])
  }

  @Test func tarReadsIt() throws {
    let folder = Folder()
    let file = folder.path + "/account.tar"
    try AccountArchive.write(try makeAccount(folder.path + "/a"), in: folder.path + "/a", to: file)
    let names =
      ["account.json", "account.log"] + (try folder.names("a/objects")).map { "objects/\($0)" }
      + (try folder.names("a/snapshots")).map { "snapshots/\($0)" }
    let tar = try run("/usr/bin/env", ["tar", "-tf", file])
    #expect(tar.status == 0)
    #expect(tar.output == names.map { $0 + "\n" }.joined())
    let python = try run(
      "/usr/bin/env",
      [
        "python3", "-c",
        "import sys, tarfile\nfor m in tarfile.open(sys.argv[1]): print(m.name, m.size, oct(m.mode), m.isreg())",
        file,
      ])
    let rows = try names.map { name in
      let size =
        try FileManager.default.attributesOfItem(atPath: folder.path + "/a/" + name)[.size] as? Int ?? -1
      // The log was empty when the account was written down as a whole.
      return "\(name) \(name == "account.log" ? 0 : size) 0o600 True\n"
    }
    #expect(python.output == rows.joined())
    #expect(
      try run("/usr/bin/env", ["tar", "-xf", file, "-C", folder.path + "/a/objects", "account.json"]).status
        == 0)
  }

  /// Archives that tar and tarfile make, and none of which is an account.
  @Test(arguments: [
    "a('account.json', b'{}'); a('../evil', b'x')", "a('account.json', b'{}'); a('objects/../../evil', b'x')",
    "a('account.json', b'{}'); a('/etc/evil', b'x')", "a('account.json', b'{}'); a('objects/a/b', b'x')",
    "a('account.json', b'{}'); a('objects/.hidden', b'x')",
    "a('account.json', b'{}'); a('serving.json', b'x')",
    "a('account.json', b'{}'); a('account.json', b'{}')", "a('objects/x', b'x')", "",
    "a('account.json', b'{}'); l('objects/x', tarfile.SYMTYPE)",
    "a('account.json', b'{}'); l('objects/x', tarfile.LNKTYPE)",
    "a('account.json', b'{}'); l('objects/x', tarfile.DIRTYPE)",
    "a('account.json', b'{}'); l('objects/x', tarfile.FIFOTYPE)",
    "a('account.json', b'{}'); a('objects/' + 'n' * 101, b'x')",
    "a('account.json', b'{}'); a('objects/caf\\u00e9', b'x')",
  ])
  func whatIsNoAccountIsRefused(making: String) throws {
    let folder = Folder()
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    let file = folder.path + "/hostile.tar"
    let made = try run(
      "/usr/bin/env",
      [
        "python3", "-c",
        """
        import io, sys, tarfile
        t = tarfile.open(sys.argv[1], 'w', format=tarfile.GNU_FORMAT if '101' in sys.argv[2] else tarfile.USTAR_FORMAT)
        def a(name, data):
          m = tarfile.TarInfo(name); m.size = len(data); t.addfile(m, io.BytesIO(data))
        def l(name, kind):
          m = tarfile.TarInfo(name); m.type = kind; m.linkname = '/etc/passwd'; t.addfile(m)
        exec(sys.argv[2])
        t.close()
        """, file, making,
      ])
    #expect(made.status == 0, "\(made.output)")
    #expect(throws: StoreError.self) { try AccountArchive.read(file, into: folder.path + "/b") }
    #expect(try folder.names() == ["hostile.tar"])
  }

  @Test func aBrokenArchiveIsRefused() throws {
    let folder = Folder()
    let file = folder.path + "/account.tar"
    try AccountArchive.write(try makeAccount(folder.path + "/a"), in: folder.path + "/a", to: file)
    let whole = try Data(contentsOf: URL(fileURLWithPath: file))
    var broken: [Data] = stride(from: 0, to: whole.count - 1024, by: 511).map { whole.prefix($0) }
    // A size that runs over the end, and the largest there is; a checksum that is wrong; noise.
    for field in ["77777777777\u{0}", "\u{1}2345678\u{0}\u{0}\u{0}\u{0}"] {
      var changed = whole
      changed.replaceSubrange(124..<136, with: Data(field.utf8))
      broken.append(changed)
    }
    var changed = whole
    changed[150] ^= 1
    broken.append(changed)
    broken.append(Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }))
    for data in broken {
      try data.write(to: URL(fileURLWithPath: file))
      #expect(throws: StoreError.self) { try AccountArchive.read(file, into: folder.path + "/b") }
    }
    #expect(try folder.names() == ["a", "account.tar"])
  }
}
