import ProgressStore
import Resources
import ServiceModels

/// What every session of this process shares.
package struct LabBench: Sendable {
  package let store: ProgressStore
  package let models: ModelCatalog
  package let catalog: ResourceCatalog
  package let places: Places
  /// The variables of this process, of which a block sees a few.
  package let environment: [String: String]

  package init(
    store: ProgressStore, models: ModelCatalog, catalog: ResourceCatalog, places: Places,
    environment: [String: String]
  ) {
    self.store = store
    self.models = models
    self.catalog = catalog
    self.places = places
    self.environment = environment
  }

  /// What blocks and the programs they start see of this process. Nothing of AWS is in it: that comes from the
  /// account's access alone, so that practice never meets the learner's own keys.
  ///
  /// - Parameter home: `HOME`; in practice the run's own folder, so that no program finds `~/.aws`.
  func shellEnvironment(home: String) -> [String: String] {
    var variables = environment.filter {
      ["LANG", "LC_ALL", "LC_CTYPE", "TZ", "USER", "LOGNAME"].contains($0.key)
    }
    variables["PATH"] = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    variables["HOME"] = home
    // Output goes through pipes: nobody should page or colour it.
    variables["TERM"] = "dumb"
    variables["AWS_PAGER"] = ""
    return variables
  }
}
