import Testing

@testable import AWSCommand

@Suite struct ConfigurationFileTests {
  struct Change: Sendable {
    var before: String
    var section: String
    var entry: ConfigurationFile.Entry
    var after: String
  }

  static let changes = [
    Change(before: "", section: "default", entry: .init("a", "1"), after: "[default]\na = 1\n"),
    Change(
      before: "[default]\na = 1", section: "default", entry: .init("b", "2"),
      after: "[default]\na = 1\nb = 2\n"),
    Change(
      before: "# kept\n[default]\na=1\n\n[profile x]\n", section: "default", entry: .init("b", "2"),
      after: "# kept\n[default]\na=1\nb = 2\n\n[profile x]\n"),
    Change(
      before: "[default]\ns3 =\n  a = 1\nb = 2\n", section: "default", entry: .init("s3", "3", nested: "a"),
      after: "[default]\ns3 =\n  a = 3\nb = 2\n"),
    Change(
      before: "[default]\ns3 =\n  a = 1\nb = 2\n", section: "default", entry: .init("s3", "3", nested: "c"),
      after: "[default]\ns3 =\n  a = 1\n    c = 3\nb = 2\n"),
    Change(
      before: "[default]\ns3 =\n  region = x\n", section: "default", entry: .init("region", "y"),
      after: "[default]\ns3 =\n  region = x\nregion = y\n"),
    Change(
      before: "[profile \"a b\"]\nx = 1\n", section: "profile a b", entry: .init("x", "2"),
      after: "[profile \"a b\"]\nx = 2\n"),
    Change(
      before: "[default]\n#a = 1\n", section: "default", entry: .init("a", "2"),
      after: "[default]\n#a = 1\na = 2\n"),
  ]

  @Test(arguments: changes) func `One value changes, the rest stays`(change: Change) {
    var file = ConfigurationFile(change.before)
    file.update(change.section, [change.entry])
    #expect(file.text == change.after)
  }
}
