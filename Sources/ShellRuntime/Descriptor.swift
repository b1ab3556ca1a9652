import Glibc

enum StreamError: Error {
  /// The reader has gone away.
  case brokenPipe
  case cancelled
  case failed(FileError)
}

/// What a shell's descriptor number stands for. Shared by everything that was duplicated from it; closed when the last
/// of them lets go.
protocol Descriptor: AnyObject, Sendable {
  func read(upTo count: Int, _ cancellation: Cancellation) throws(StreamError) -> [UInt8]
  func write(_ bytes: [UInt8], _ cancellation: Cancellation) throws(StreamError)
  /// The real descriptor for a child process; nil where bytes must be carried to and fro.
  func number() -> CInt?
  /// True where reading or writing may have to wait for another command.
  var mayBlock: Bool { get }
  var isInput: Bool { get }
}

/// An open file or the end of a pipe.
final class FileDescriptor: Descriptor {
  private let file: any OpenFile
  let mayBlock: Bool
  let isInput: Bool

  /// - Parameter isPipe: true for what must be polled before it is read or written.
  init(_ file: any OpenFile, isPipe: Bool, isInput: Bool) {
    self.file = file
    mayBlock = isPipe
    self.isInput = isInput
  }

  func number() -> CInt? { file.descriptor }

  func read(upTo count: Int, _ cancellation: Cancellation) throws(StreamError) -> [UInt8] {
    if mayBlock, let number = file.descriptor, !cancellation.wait(for: number, CInt(POLLIN)) {
      throw .cancelled
    }
    do {
      return try file.read(upTo: count)
    } catch {
      throw .failed(error)
    }
  }

  func write(_ bytes: [UInt8], _ cancellation: Cancellation) throws(StreamError) {
    do {
      guard mayBlock, let number = file.descriptor else { return try file.write(bytes) }
      // A pipe that polls as writable takes PIPE_BUF bytes without blocking.
      var rest = bytes[...]
      while !rest.isEmpty {
        if !cancellation.wait(for: number, CInt(POLLOUT)) { throw StreamError.cancelled }
        try file.write(Array(rest.prefix(4096)))
        rest = rest.dropFirst(4096)
      }
    } catch let error as FileError {
      throw error.code == EPIPE ? .brokenPipe : .failed(error)
    } catch {
      throw .cancelled
    }
  }
}

/// A here-document or here-string: in memory until a child needs it, then a nameless file, so that a child that does
/// not read it leaves it for the next command.
final class InputBuffer: Descriptor {
  private struct State {
    var bytes: [UInt8]
    var offset = 0
    var file: LiveFile?
  }

  private let state: Monitor<State>
  let mayBlock = false
  let isInput = true

  init(_ bytes: [UInt8]) { state = Monitor(State(bytes: bytes)) }

  func read(upTo count: Int, _ cancellation: Cancellation) throws(StreamError) -> [UInt8] {
    let file = state.withLock { $0.file }
    if let file {
      do { return try file.read(upTo: count) } catch { throw .failed(error) }
    }
    return state.withLock { state in
      let end = min(state.bytes.count, state.offset + max(count, 0))
      defer { state.offset = end }
      return Array(state.bytes[state.offset..<end])
    }
  }

  func write(_ bytes: [UInt8], _ cancellation: Cancellation) throws(StreamError) {
    throw .failed(FileError(errno: EBADF))
  }

  func number() -> CInt? {
    state.withLock { state in
      if let file = state.file { return file.descriptor }
      let number = GNU.memoryFile()
      guard number >= 0 else { return nil }
      let file = LiveFile(number)
      guard (try? file.write(Array(state.bytes[state.offset...]))) != nil, lseek(number, 0, SEEK_SET) == 0
      else {
        return nil
      }
      state.file = file
      return number
    }
  }
}

/// What `$( )` collects.
final class OutputBuffer: Descriptor {
  private let bytes = Monitor<[UInt8]>([])
  let mayBlock = false
  let isInput = false

  var contents: [UInt8] { bytes.withLock { $0 } }

  func read(upTo count: Int, _ cancellation: Cancellation) throws(StreamError) -> [UInt8] {
    throw .failed(FileError(errno: EBADF))
  }

  func write(_ bytes: [UInt8], _ cancellation: Cancellation) throws(StreamError) {
    self.bytes.withLock { $0 += bytes }
  }

  func number() -> CInt? { nil }
}

/// The run's own standard output or error.
final class SessionOutput: Descriptor {
  private let mailbox: Mailbox
  private let stream: OutputStream
  let mayBlock = false
  let isInput = false

  init(_ mailbox: Mailbox, _ stream: OutputStream) {
    self.mailbox = mailbox
    self.stream = stream
  }

  func read(upTo count: Int, _ cancellation: Cancellation) throws(StreamError) -> [UInt8] {
    throw .failed(FileError(errno: EBADF))
  }

  func write(_ bytes: [UInt8], _ cancellation: Cancellation) throws(StreamError) {
    if !bytes.isEmpty { mailbox.post(bytes, to: stream, cancellation) }
  }

  func number() -> CInt? { nil }
}

/// The run's standard input.
final class SessionInput: Descriptor {
  private let source: any ByteSource
  private let rest = Monitor<[UInt8]>([])
  let mayBlock = true
  let isInput = true

  init(_ source: any ByteSource) { self.source = source }

  func read(upTo count: Int, _ cancellation: Cancellation) throws(StreamError) -> [UInt8] {
    let waiting = rest.withLock { rest -> [UInt8] in
      let head = Array(rest.prefix(count))
      rest.removeFirst(head.count)
      return head
    }
    if !waiting.isEmpty { return waiting }
    let source = source
    guard let bytes = Bridge.run(cancellation, grace: 0.1, { await source.read(upTo: count) }) else {
      throw .cancelled
    }
    if bytes.count <= count { return bytes }
    rest.withLock { $0 = Array(bytes[count...]) }
    return Array(bytes[..<count])
  }

  func write(_ bytes: [UInt8], _ cancellation: Cancellation) throws(StreamError) {
    throw .failed(FileError(errno: EBADF))
  }

  func number() -> CInt? { nil }
}

/// A descriptor as a command of ours writes to it.
struct DescriptorSink: ByteSink {
  let descriptor: (any Descriptor)?
  let cancellation: Cancellation

  func write(_ bytes: [UInt8]) async {
    guard let descriptor else { return }
    if descriptor.mayBlock {
      await Bridge.onThread { [cancellation] in try? descriptor.write(bytes, cancellation) }
    } else {
      try? descriptor.write(bytes, cancellation)
    }
  }
}

/// A descriptor as a command of ours reads from it.
struct DescriptorSource: ByteSource {
  let descriptor: (any Descriptor)?
  let cancellation: Cancellation

  func read(upTo count: Int) async -> [UInt8] {
    guard let descriptor else { return [] }
    if descriptor.mayBlock {
      return await Bridge.onThread { [cancellation] in (try? descriptor.read(upTo: count, cancellation)) ?? []
      }
    }
    return (try? descriptor.read(upTo: count, cancellation)) ?? []
  }
}
