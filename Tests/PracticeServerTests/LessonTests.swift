import Foundation
import PracticeAccount
import PracticeServer
import TestKit
import Testing

private let lesson = repositoryRoot + "/lessons/secure-ai-training-data/lesson.md"

/// The lesson's own blocks, run by bash and AWS CLI v2 as a reader would run them from the page.
@Suite(
  .enabled(if: awsCLI != nil && FileManager.default.fileExists(atPath: lesson), "no AWS CLI v2, or no lesson")
)
struct LessonTests {
  /// Runnable blocks with their ids, in order.
  private func blocks() throws -> [(id: String, text: String)] {
    var blocks: [(id: String, text: String)] = []
    var current: (id: String, lines: [Substring])?
    for line in try contents(of: lesson).split(separator: "\n", omittingEmptySubsequences: false) {
      if let open = current {
        if line == "```" {
          blocks.append((open.id, open.lines.joined(separator: "\n")))
          current = nil
        } else {
          current?.lines.append(line)
        }
      } else if line.hasPrefix("```bash {id=") {
        current = (String(line.dropFirst(12).prefix { $0 != "}" && $0 != " " }), [])
      }
    }
    return blocks
  }

  /// What blocks must print; those not named need only succeed.
  private let expected: [String: String] = [
    "who-am-i": "Account: 111122223333\n", "look-for-leftovers": #"^\[\]\n$"#,
    "create-the-bucket": "brainybee|lab|/",
    "inspect-the-object": "aws:kms", "macie-before": "OFF\n", "enable-macie": "ENABLED\n",
    "start-the-scan": "Scan: [0-9a-f]{32}\n", "scan-status": "COMPLETE\n",
    "read-the-findings": "USA_SOCIAL_SECURITY_NUMBER", "show-endpoint": "vpce-",
    "delete-endpoint": #""Unsuccessful": \[\]"#,
  ]

  @Test func everyBlockSucceedsAndTheAccountEndsEmpty() async throws {
    let aws = try #require(awsCLI)
    let rows = try blocks().map { block in
      (id: block.id, row: CommandRow(block.text, 0, expected[block.id] ?? "", isStrict: false))
    }
    let split = try #require(rows.firstIndex { $0.id == "scan-status" })
    try await withServer { account, server in
      let fresh = account.dump()
      let session = try CommandSession(server)
      try await session.run(rows[..<split].map(\.row), aws: aws, endpoint: server.endpointURL)
      try account.clock.advance(seconds: 600)
      try await session.run(rows[split...].map(\.row), aws: aws, endpoint: server.endpointURL)
      // The lesson leaves two things that cost nothing, as AWS does: Macie's role and its log group.
      let last = try CommandSession(server)
      try await last.run(
        [
          CommandRow(
            "aws iam delete-service-linked-role --role-name AWSServiceRoleForAmazonMacie", 0, "Task"),
          CommandRow("aws logs delete-log-group --log-group-name /aws/macie/classificationjobs"),
        ], aws: aws, endpoint: server.endpointURL)
      #expect(account.dump() == fresh)
    }
  }
}
