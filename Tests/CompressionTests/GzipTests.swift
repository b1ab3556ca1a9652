import Foundation
import Testing

@testable import Compression

private func noise(_ count: Int, of alphabet: UInt64 = 256) -> [UInt8] {
  var state: UInt64 = 88_172_645_463_325_252
  return (0..<count).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return UInt8(truncatingIfNeeded: (state >> 20) % alphabet)
  }
}

@Suite struct GzipTests {
  @Test(arguments: [0, 1, 100, 65_535, 65_536, 65_537, 131_072, 1_000_000])
  func `what is packed unpacks to the same`(count: Int) throws {
    for alphabet: UInt64 in [1, 3, 256] {
      let bytes = noise(count, of: alphabet)
      let packed = try gzip(bytes)
      #expect(try gunzip(packed, limit: count) == bytes)
      #expect(try gzip(bytes) == packed)
    }
  }

  @Test func `gzip(1) reads what is written, and the other way round`() throws {
    let text = Array(String(repeating: "facts, no prose; ", count: 9_000).utf8)
    #expect(try filter("/bin/gzip", ["-dc"], gzip(text)) == text)
    #expect(try gunzip(filter("/bin/gzip", ["-9c"], text), limit: text.count) == text)
  }

  @Test func `members add up, zeros after the last are padding`() throws {
    let packed = try gzip([1, 2, 3]) + gzip([]) + gzip([4]) + [0, 0, 0]
    #expect(try gunzip(packed, limit: 10) == [1, 2, 3, 4])
  }

  @Test func `more than the limit is refused before it is held`() throws {
    let bomb = try gzip([UInt8](repeating: 0, count: 20_000_000))
    #expect(bomb.count < 30_000)
    #expect(throws: CompressionError.tooLarge(limit: 1_000_000)) { try gunzip(bomb, limit: 1_000_000) }
    #expect(throws: CompressionError.tooLarge(limit: 2)) { try gunzip(gzip([1, 2, 3]), limit: 2) }
  }

  @Test func `every truncation is told as one`() throws {
    let packed = try gzip(noise(300, of: 20))
    for length in 0..<packed.count {
      #expect(throws: CompressionError.truncated(offset: length)) {
        try gunzip(Array(packed[..<length]), limit: 300)
      }
    }
  }

  @Test func `damage is an error, or the same bytes where nothing depends on the bit`() throws {
    let bytes = noise(300, of: 20)
    let packed = try gzip(bytes)
    for position in packed.indices {
      for bit in 0..<8 {
        var damaged = packed
        damaged[position] ^= 1 << UInt8(bit)
        // On time, operating system, padding and a few unused codes nothing depends.
        if let out = try? gunzip(damaged, limit: 1_000) { #expect(out == bytes) }
      }
    }
  }

  @Test(arguments: [[], [0], [0x1f], [0x1f, 0x8b], Array("{\"no\": \"gzip\"}".utf8)] as [[UInt8]])
  func `what is no gzip is a typed error with a sentence`(bytes: [UInt8]) throws {
    let error = try #require(throws: CompressionError.self) { try gunzip(bytes, limit: 100) }
    #expect(error.description.hasPrefix("it"))
  }
}

/// What `program` makes of `input`.
private func filter(_ program: String, _ arguments: [String], _ input: [UInt8]) throws -> [UInt8] {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try Data(input).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  process.standardInput = try FileHandle(forReadingFrom: file)
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let bytes = Array(output.fileHandleForReading.readDataToEndOfFile())
  process.waitUntilExit()
  return bytes
}
