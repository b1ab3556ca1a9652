import Wire

/// Where an account is kept: the only seam through which anything leaves memory. `MemoryStore` keeps it as long
/// as the process lives; a folder on disk is kept by whoever serves the account.
package protocol AccountStore: Sendable {
  /// The state last saved and the journal since, as `Journal` reads it; nil for an account that was never saved.
  func load() throws(StoreError) -> (state: [UInt8], journal: [UInt8])?
  /// Replaces the state and empties the journal. When it returns, a crash no longer loses it; a crash before leaves
  /// what there was, one in between the new state with the old journal.
  func save(_ state: [UInt8]) throws(StoreError)
  /// Adds a line to the journal. When it returns, a crash no longer loses it; a crash before leaves at most a torn
  /// last line. If it throws, the journal is as it was.
  func append(_ line: [UInt8]) throws(StoreError)
  /// Keeps an object's bytes under a name of its own; durable when it returns.
  func put(_ bytes: [UInt8], as name: String) throws(StoreError)
  /// Keeps bytes that come in pieces, of any number, under a name of their own; durable when it returns. `next`
  /// gives nil at the end. If it throws nothing is kept.
  func put(as name: String, pieces next: () throws(StoreError) -> [UInt8]?) throws(StoreError)
  /// Takes a file in as an object's bytes, by renaming it where that can be; a file that is still in its place then is
  /// the caller's to remove. Durable when it returns.
  func adopt(file path: String, as name: String) throws(StoreError)
  /// Keeps the bytes of `name` under a second name, which lives on by itself; durable when it returns.
  func copy(_ name: String, as new: String) throws(StoreError)
  /// A folder of the same file system, for files that `adopt` is to take; nil: there is none.
  var folder: String? { get }
  /// An object's bytes, for sending. Nil if there are none of that name.
  func body(_ name: String) -> Body?
  /// An object's bytes, for the account itself to look into.
  ///
  /// - Throws: `StoreError` if there are none of that name, or if they cannot be read.
  func bytes(_ name: String) throws(StoreError) -> [UInt8]
  /// Forgets bytes. Nothing happens if there are none.
  func remove(_ name: String)
  /// The names of all bytes that are kept.
  func names() -> [String]
  /// Keeps a snapshot under a name, in place of one that was there; durable when it returns.
  func saveSnapshot(_ bytes: [UInt8], as name: String) throws(StoreError)
  /// A snapshot's bytes; nil if there is none of that name.
  func snapshot(_ name: String) throws(StoreError) -> [UInt8]?
  /// Forgets a snapshot. Nothing happens if there is none.
  func removeSnapshot(_ name: String)
  /// The names of all snapshots, in no order.
  func snapshotNames() -> [String]
  /// Lets others have the account's place; nothing is written through this store from here on.
  func release()
}

/// How a store without files of its own does it: in memory.
extension AccountStore {
  package func release() {}

  package var folder: String? { nil }

  package func put(as name: String, pieces next: () throws(StoreError) -> [UInt8]?) throws(StoreError) {
    var bytes: [UInt8] = []
    while let piece = try next() { bytes += piece }
    try put(bytes, as: name)
  }

  package func adopt(file path: String, as name: String) throws(StoreError) {
    let body: Body
    do throws(BodyError) {
      body = try Body(file: path)
    } catch {
      throw StoreError(error.message)
    }
    let reader = try BodyReader(body)
    try put(as: name) { () throws(StoreError) in try reader.next() }
  }

  package func copy(_ name: String, as new: String) throws(StoreError) { try put(try bytes(name), as: new) }
}

/// The account's place on disk cannot be used.
package struct StoreError: Error, Hashable, Sendable {
  package var message: String

  package init(_ message: String) {
    self.message = message
  }
}
