import PracticeAccount
import PracticeServer
import ServiceModels
import TestKit
import Testing

struct ServerTests {
  @Test func itStartsAndStops() async throws {
    let account = try PracticeAccount(
      catalog: ModelCatalog(directory: repositoryRoot + "/assets/models"), directory: nil)
    let server = try await PracticeServer.start(account: account)
    #expect(server.port > 0)
    #expect(server.exportLines.contains("export AWS_ENDPOINT_URL=http://127.0.0.1:\(server.port)\n"))
    await server.stop()
  }
}
