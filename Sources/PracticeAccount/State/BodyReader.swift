import Wire

/// A body piece by piece; what goes wrong is the store's fault.
final class BodyReader {
  private let pieces: BodyPieces

  /// - Throws: `StoreError` if its file cannot be opened.
  init(_ body: Body) throws(StoreError) {
    do throws(BodyError) {
      pieces = try BodyPieces(body)
    } catch {
      throw StoreError(error.message)
    }
  }

  /// The next piece; nil at the end.
  ///
  /// - Throws: `StoreError` if its file cannot be read or is shorter than the body says.
  func next() throws(StoreError) -> [UInt8]? {
    do throws(BodyError) {
      return try pieces.next()
    } catch {
      throw StoreError(error.message)
    }
  }

  /// At most `count` bytes from the beginning of `body`.
  ///
  /// - Throws: `StoreError` as `next`.
  static func prefix(_ body: Body, _ count: Int) throws(StoreError) -> [UInt8] {
    let short: Body =
      switch body {
      case .bytes(let bytes): .bytes(Array(bytes.prefix(count)))
      case .file(let path, let offset, let length):
        .file(path: path, offset: offset, length: min(length, UInt64(clamping: count)))
      }
    let reader = try BodyReader(short)
    var bytes: [UInt8] = []
    while let piece = try reader.next() { bytes += piece }
    return bytes
  }
}
