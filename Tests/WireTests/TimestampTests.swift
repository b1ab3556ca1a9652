import Foundation
import TestKit
import Testing
import Wire

@Suite struct TimestampTests {
  @Test(arguments: [
    ("2026-11-23T16:10:47Z", 1_795_450_247_000 as Int64),
    ("2026-11-23T16:10:47.123Z", 1_795_450_247_123),
    ("2026-11-23T17:10:47+01:00", 1_795_450_247_000),
    ("20261123T161047Z", 1_795_450_247_000),
    ("Mon, 23 Nov 2026 16:10:47 GMT", 1_795_450_247_000),
    ("1795450247.123", 1_795_450_247_123),
    ("1969-12-31T23:59:59Z", -1000),
    ("2024-02-29", 1_709_164_800_000),
  ])
  func `each format is read`(text: String, milliseconds: Int64) {
    #expect(Timestamp(parsing: text) == Timestamp(milliseconds: milliseconds))
  }

  @Test(arguments: [
    "", "yesterday", "2026-13-01", "2026-11-23T25:00:00Z", "2026-11-23T16:10:47Zjunk", "Mon, x", "nan", "inf",
    "Mon, 9223372036854775807 Nov 2026 16:10:47 GMT", "Mon, 23 Nov 9223372036854775807 16:10:47 GMT",
    "Mon, -9223372036854775808 Nov 2026 16:10:47 GMT", "Mon, 0 Nov 2026 16:10:47 GMT",
  ])
  func `what is no time is refused`(text: String) {
    #expect(Timestamp(parsing: text) == nil)
  }

  @Test(arguments: [
    ("1795450247", "2026-11-23T16:10:47Z", "2026-11-23T16:10:47+00:00", "1795450247"),
    ("1795450247.12", "2026-11-23T16:10:47.120Z", "2026-11-23T16:10:47.120000+00:00", "1795450247.120"),
    (
      "2026-11-23T16:10:47.0012349Z", "2026-11-23T16:10:47.001234Z", "2026-11-23T16:10:47.001234+00:00",
      "1795450247.001234"
    ),
    ("-0.25", "1969-12-31T23:59:59.750Z", "1969-12-31T23:59:59.750000+00:00", "-0.250"),
  ])
  func `formats show what there is below the second`(text: String, iso: String, shown: String, epoch: String)
    throws
  {
    let time = try #require(Timestamp(parsing: text))
    #expect(time.iso8601 == iso)
    #expect(time.isoformat == shown)
    #expect(time.epochSeconds == epoch)
    #expect(Timestamp(parsing: iso) == time)
    #expect(Timestamp(parsing: shown) == time)
    #expect(Timestamp(parsing: epoch) == time)
  }

  @Test func `dates of HTTP and of signatures have whole seconds`() {
    let time = Timestamp(microseconds: 1_795_450_247_120_001)
    #expect(time.httpDate == "Mon, 23 Nov 2026 16:10:47 GMT")
    #expect(time.amzDate == "20261123T161047Z")
  }

  @Test(arguments: [
    (Timestamp(milliseconds: 1_795_450_247_123), #"{"milliseconds":1795450247123}"#),
    (
      Timestamp(microseconds: 1_795_450_247_123_456),
      #"{"microseconds":456,"milliseconds":1795450247123}"#
    ),
    (Timestamp(microseconds: -1), #"{"microseconds":999,"milliseconds":-1}"#),
  ])
  func `files of milliseconds stay as they are`(time: Timestamp, text: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(time), as: UTF8.self) == text)
    #expect(try JSONDecoder().decode(Timestamp.self, from: Data(text.utf8)) == time)
  }

  @Test(arguments: [Int64.min, .min / 1000, -1, 0, 1, .max / 1000, .max])
  func `no number traps`(number: Int64) {
    for time in [
      Timestamp(milliseconds: number), Timestamp(microseconds: number), Timestamp(seconds: Double(number)),
    ] {
      _ = (time.iso8601, time.httpDate, time.epochSeconds, time.isoformat, time.milliseconds, time.seconds)
      _ = time.adding(seconds: 1e300).adding(seconds: -1e300).parts
      _ = try? JSONEncoder().encode(time)
    }
  }

  @Test func `civil dates survive the way there and back`() {
    for day in stride(from: -200_000, through: 200_000, by: 373) {
      let time = Timestamp(milliseconds: Int64(day) * 86_400_000 + 12_345).adding(seconds: 1e-6)
      let p = time.parts
      let back = Timestamp(
        year: p.year, month: p.month, day: p.day, hour: p.hour, minute: p.minute, second: p.second,
        microsecond: p.microsecond)
      #expect(back == time)
    }
  }
}
