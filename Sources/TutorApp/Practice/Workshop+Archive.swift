import Foundation
import LabEngine
import Lessons
import PracticeAccount
import PracticeServer

extension Workshop {
  /// Makes an account of an archive under a name that is free, and opens it once to see that it can be read.
  package func importAccount(from file: String, as name: String) throws(TutorError) {
    let directory = places.account(named: name)
    try? Places.make(places.account(named: ""))
    do throws(StoreError) {
      try AccountArchive.read(URL(fileURLWithPath: file).standardizedFileURL.path, into: directory)
    } catch {
      throw TutorError(
        Diagnostic(.error, "the account cannot be imported", detail: error.message, source: file))
    }
    do throws(StoreError) {
      _ = try PracticeAccount(catalog: models, directory: directory)
    } catch {
      try? FileManager.default.removeItem(atPath: directory)
      throw TutorError(
        Diagnostic(.error, "the account cannot be imported", detail: error.message, source: file))
    }
  }
}
