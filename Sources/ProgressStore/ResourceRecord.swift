/// How a resource came into the ledger.
package enum ResourceOrigin: String, Sendable, Hashable {
  /// The run made it: the run may remove it.
  case created
  /// It was there before the run, which only named it in a creating call.
  case existedBefore = "existed-before"
  /// It was there before the run, which changed it: the earlier value can be restored.
  case changed
}

/// Whether a resource still exists.
package enum ResourceState: String, Sendable, Hashable {
  case live
  case gone
  /// Deletion is scheduled; `until` says when.
  case pendingDeletion = "pending-deletion"
  /// It is left where it is; `reason` says why.
  case kept
}

/// What a call did, as the catalogue tells it.
package struct ResourceDraft: Sendable, Hashable {
  /// The catalogue's name of the type: `kms-key`.
  package var type: String
  /// Unique within type, account and Region.
  package var identity: String
  package var region: String
  /// What a person calls it.
  package var name: String
  /// JSON text of an object: the named parts of the identity, from which later calls are built.
  package var details: String
  package var parentType: String?
  package var parentIdentity: String?
  package var origin: ResourceOrigin
  /// JSON text of the value before the run changed it.
  package var earlier: String?

  package init(
    type: String, identity: String, region: String, name: String, details: String, parentType: String? = nil,
    parentIdentity: String? = nil, origin: ResourceOrigin, earlier: String? = nil
  ) {
    self.type = type
    self.identity = identity
    self.region = region
    self.name = name
    self.details = details
    self.parentType = parentType
    self.parentIdentity = parentIdentity
    self.origin = origin
    self.earlier = earlier
  }
}

/// A resource of the account that the run made, changed or met.
package struct ResourceRecord: Sendable, Hashable, Identifiable {
  package let id: Int64
  package var run: String
  package var draft: ResourceDraft
  package var state: ResourceState
  /// When a pending deletion happens, milliseconds since 1970.
  package var until: Int64?
  package var reason: String?
  /// The ledger call it came from.
  package var call: Int64?
  package var createdAt: Int64
  package var changedAt: Int64

  package var type: String { draft.type }
  package var identity: String { draft.identity }
  package var region: String { draft.region }
  package var name: String { draft.name }

  /// Whether the run still has to see to it: something it made is there, or something it changed is not put back.
  package var isOutstanding: Bool {
    guard state == .live else { return false }
    return draft.origin == .created || (draft.origin == .changed && draft.earlier != nil)
  }
}

/// A change of what is known of a resource.
package enum ResourceChange: Sendable, Hashable {
  /// It exists now. A known resource keeps its origin and its earliest value, and is live again.
  case exists(ResourceDraft)
  /// It exists no more, and neither does anything recorded inside it.
  case gone(type: String, identity: String, region: String)
  case pendingDeletion(type: String, identity: String, region: String, until: Int64?)
  case kept(type: String, identity: String, region: String, reason: String)
}
