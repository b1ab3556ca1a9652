import AWSClient
import Testing

@testable import AWSCommand

@Suite struct ConfigureSecretsTests {
  @Test(arguments: [
    ["export-credentials"], ["get", "aws_secret_access_key"], ["get", "profile.lab.aws_session_token"],
  ]) func `No secret is printed where output is kept`(words: [String]) async {
    var settings = AWSCommandLine.Settings()
    settings.showsSecrets = false
    let line = AWSCommandLine(catalog: Conformance.catalog, settings: settings) {
      AWSClient(catalog: Conformance.catalog, configuration: $0, transport: ReplayTransport([]))
    }
    let folder = TemporaryFolder()
    let shown = Shown()
    let status = await line.run(
      argv: ["aws", "configure"] + words,
      environment: ["HOME": folder.path, "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "quiet"],
      workingDirectory: folder.path, standardInput: { _ in [] }, standardOutput: { await shown.add($0) },
      standardError: { await shown.add($0) })
    let text = await shown.text
    #expect(status == 252)
    #expect(!text.contains("quiet") && text.contains("refused here"))
  }

  private actor Shown {
    var text = ""
    func add(_ bytes: [UInt8]) { text += String(decoding: bytes, as: UTF8.self) }
  }
}
