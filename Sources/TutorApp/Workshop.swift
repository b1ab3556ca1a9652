import AWSClient
import Foundation
import LabEngine
import Lessons
import PracticeServer
import ProgressStore
import Resources
import ServiceModels

/// Which account a run is to work on.
package enum AccountChoice: Sendable {
  case practice(PracticeOptions)
  case live(profile: String?, region: String?)

  /// A fresh account; nil: in the Region of the lesson.
  package static func practice(region: String?) -> AccountChoice {
    .practice(PracticeOptions(region: region))
  }
}

/// A run that is open, and the account it works on.
package struct OpenRun: Sendable {
  package let session: LabSession
  /// The embedded account; nil on a live one.
  package let practice: PracticeHost?

  /// Stops what runs beside the run and gives it back.
  package func close() async {
    await session.close()
    await practice?.stop()
  }
}

/// Opens runs: finds the data, the store and the account, and puts them together.
package struct Workshop: Sendable {
  package let environment: [String: String]
  package let assets: Assets
  package let places: Places
  package let models: ModelCatalog
  package let catalog: ResourceCatalog
  package let store: ProgressStore

  /// - Throws: `TutorError` and `LabError`, with what to do.
  package init(environment: [String: String]) throws {
    self.environment = environment
    assets = try Assets(environment: environment)
    models = ModelCatalog(
      directory: assets.models,
      dataPath: ModelCatalog.dataPath(environment: environment, home: environment["HOME"]))
    places = try Places(environment: environment)
    do {
      catalog = try ResourceCatalog(directory: assets.resources)
    } catch {
      throw LabError.catalogue("\(error)")
    }
    do {
      store = try ProgressStore.open(at: places.store)
    } catch {
      throw LabError.store(error)
    }
  }

  /// The Region a practice run takes when nobody names one: the one most labs are written for.
  package static let practiceRegion = "us-east-1"

  /// Begins a run of the lesson at `path`.
  package func begin(lesson path: String, on choice: AccountChoice, pace: Pace) async throws -> OpenRun {
    let lesson = try load(path)
    switch choice {
    case .practice(let options):
      let region = options.region ?? lesson.frontMatter.region ?? Workshop.practiceRegion
      let directory = places.account(named: UUID().uuidString.lowercased())
      let host: PracticeHost
      do {
        host = try await PracticeHost(directory: directory, region: region, models: models, options: options)
      } catch {
        // An account that nobody will come back to.
        try? FileManager.default.removeItem(atPath: directory)
        throw error
      }
      return try await open(practice: host) {
        try await LabSession.begin(
          lesson: lesson, path: absolute(path), access: host.access(region: region),
          clock: PracticeTime(account: host.account, pace: pace), practiceDirectory: directory, bench)
      }
    case .live(let profile, let region):
      return try await open(practice: nil) {
        try await LabSession.begin(
          lesson: lesson, path: absolute(path), access: liveAccess(profile: profile, region: region),
          clock: WallTime(), practiceDirectory: nil, bench)
      }
    }
  }

  /// Goes on with `run`, or with the run worked on last.
  ///
  /// - Parameter profile: for a live run, the profile to go on with.
  package func resume(run: String?, profile: String? = nil, pace: Pace) async throws -> OpenRun {
    let record = try find(run)
    let lesson: Lesson
    do {
      lesson = try load(record.lessonPath)
    } catch .lesson(let error) {
      // A lesson that is gone cannot be worked on, but what it put up can still be taken down.
      var diagnostic = error.diagnostic
      diagnostic.hint = "Put the lesson back, or take down what it put up with 'cairn teardown \(record.id)'."
      throw TutorError(diagnostic)
    }
    return try await open(record, lesson, profile: profile, pace: pace)
  }

  /// Opens a run for its teardown, for which the lesson itself is not needed.
  package func openForTeardown(run: String?, profile: String? = nil, pace: Pace) async throws -> OpenRun {
    // Without a name: the run worked on last, even if it has been taken down already; that is no error.
    let record = try find(run, evenTornDown: true)
    let lesson =
      (try? load(record.lessonPath))
      ?? Lesson.absent(
        id: record.lessonID, title: record.lessonTitle, path: record.lessonPath, digest: record.lessonDigest)
    return try await open(record, lesson, profile: profile, pace: pace)
  }

  private func open(_ record: RunRecord, _ lesson: Lesson, profile: String?, pace: Pace) async throws
    -> OpenRun
  {
    // Asked before the practice account is opened, which somebody who works on the run holds as well.
    if let holder = try holder(of: record) {
      throw LabError.store(.locked(LockError(scope: record.id, holder: holder)))
    }
    guard record.mode == .practice else {
      return try await open(practice: nil) {
        try await LabSession.resume(
          record, lesson: lesson, access: liveAccess(profile: profile, region: record.region),
          clock: WallTime(), bench)
      }
    }
    guard let directory = record.practiceDirectory else { throw LabError.noSuchRun(record.id) }
    let host = try await PracticeHost(directory: directory, region: record.region, models: models)
    return try await open(practice: host) {
      try await LabSession.resume(
        record, lesson: lesson, access: host.access(region: record.region),
        clock: PracticeTime(account: host.account, pace: pace), bench)
    }
  }

  private func holder(of record: RunRecord) throws(LabError) -> LockHolder? {
    do { return try store.lockHolder(record.id) } catch { throw .store(error) }
  }

  private func open(practice: PracticeHost?, _ session: () async throws -> LabSession) async throws -> OpenRun
  {
    do {
      return OpenRun(session: try await session(), practice: practice)
    } catch {
      await practice?.stop()
      throw error
    }
  }

  /// The path as a later process, started elsewhere, finds it.
  private func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  private func load(_ path: String) throws(LabError) -> Lesson {
    do { return try Lesson.load(path: path) } catch { throw .lesson(error) }
  }

  /// The run called `run`; without a name the one worked on last, and not one that is taken down unless
  /// `evenTornDown`.
  func find(_ run: String?, evenTornDown: Bool = false) throws(LabError) -> RunRecord {
    let found: RunRecord?
    do {
      if let run {
        found = try store.run(run)
      } else if let last = try store.latestRun() {
        found = last
      } else {
        found = evenTornDown ? try store.runs().first : nil
      }
    } catch {
      throw .store(error)
    }
    guard let found else { throw run.map { .noSuchRun($0) } ?? .noRuns }
    return found
  }

  private var bench: LabBench {
    LabBench(store: store, models: models, catalog: catalog, places: places, environment: environment)
  }

  private func liveAccess(profile: String?, region: String?) -> AccountAccess {
    var variables = environment.filter { $0.key.hasPrefix("AWS_") || $0.key == "HOME" }
    if let profile {
      variables["AWS_PROFILE"] = profile
      // An explicit profile wins over keys in the environment, as with the AWS CLI's --profile.
      for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        variables[name] = nil
      }
    }
    if let region {
      variables["AWS_REGION"] = region
      variables["AWS_DEFAULT_REGION"] = region
    }
    return AccountAccess(mode: .live, environment: variables)
  }
}
