import ProgressStore
import Resources
import ServiceModels

/// What every session of this process shares.
package struct LabBench: Sendable {
  package let store: ProgressStore
  package let models: ModelCatalog
  package let catalogue: ResourceCatalogue
  package let places: Places

  package init(store: ProgressStore, models: ModelCatalog, catalogue: ResourceCatalogue, places: Places) {
    self.store = store
    self.models = models
    self.catalogue = catalogue
    self.places = places
  }
}
