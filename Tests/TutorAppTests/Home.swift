import Foundation
import LabEngine
import Lessons
import OrderedJSON
import PracticeAccount
import PracticeServer
import ProgressStore
import ServiceModels
import Synchronization
import TestKit
import Testing

@testable import TutorApp

/// A learner's home, empty at first and gone with its last user. A workshop opened in it twice is a process and a later
/// one: all they share is on the disk.
final class Home: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "cairn-home-" + UUID().uuidString.lowercased()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func environment(_ further: [String: String] = [:]) -> [String: String] {
    [
      "HOME": path, "XDG_STATE_HOME": path + "/state", "XDG_CONFIG_HOME": path + "/config",
      "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "CAIRN_ASSETS": repositoryRoot + "/assets",
    ].merging(further) { _, new in new }
  }

  func workshop(_ further: [String: String] = [:]) throws -> Workshop {
    try Workshop(environment: environment(further))
  }

  /// Writes a lesson and returns its path.
  func lesson(_ text: String, _ name: String = "lesson.md") throws -> String {
    let file = path + "/" + name
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  /// Begins a practice run.
  func begin(_ lesson: String, pace: Pace = .instant) async throws -> OpenRun {
    try await workshop().begin(lesson: lesson, on: .practice(region: nil), pace: pace)
  }

  /// Goes on with the run worked on last, as a new process does.
  func resume(pace: Pace = .instant) async throws -> OpenRun {
    try await workshop().resume(run: nil, pace: pace)
  }
}

/// The lesson that Cairn brings.
let ourLesson = repositoryRoot + "/lessons/secure-ai-training-data"

/// The lab as published, beside the repository; nil where it is not there.
let publishedLab: String? = {
  let path =
    URL(fileURLWithPath: repositoryRoot).deletingLastPathComponent().path + "/shared/lab/source-lab.md"
  return FileManager.default.fileExists(atPath: path) ? path : nil
}()

/// What an account that nobody has used holds.
func emptyAccount() throws -> String {
  let models = ModelCatalog(directory: repositoryRoot + "/assets/models")
  return try PracticeAccount(catalog: models, directory: nil).dump().text(indent: 2)
}

extension OpenRun {
  /// What its practice account holds.
  var dump: String { practice?.account.dump().text(indent: 2) ?? "" }
}

/// What was written, by whichever task.
final class Paper: Sendable {
  private let lines = Mutex("")

  var text: String { lines.withLock { $0 } }

  @Sendable func write(_ text: String) {
    lines.withLock { $0 += text }
  }
}

/// A learner who answers from a list and then is gone.
final class Answers: Sendable {
  private let left: Mutex<[String]>

  init(_ answers: [String]) {
    left = Mutex(answers)
  }

  @Sendable func read() -> String? {
    left.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }
}

/// A lesson worked through without a screen.
struct Played {
  var status: Int32
  var text: String
  var run: String
  var before: String
  var after: String
  var outstanding: [String]

  /// Closes the run.
  init(_ opened: OpenRun, answers: [String]? = nil, tearsDown: Bool = false) async throws {
    run = opened.session.run.id
    before = opened.dump
    let paper = Paper()
    let learner = Answers(answers ?? [])
    let tutor = PlainTutor(
      options: .init(assumesYes: answers == nil, tearsDown: tearsDown), read: learner.read, write: paper.write
    )
    status = await tutor.work(through: opened)
    text = paper.text
    after = opened.dump
    outstanding = try await opened.session.outstanding().map(\.title)
  }
}
