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
    "", "yesterday", "2026-13-01", "2026-11-23T25:00:00Z", "2026-11-23T16:10:47Zjunk", "Mon, x",
  ])
  func `what is no time is refused`(text: String) {
    #expect(Timestamp(parsing: text) == nil)
  }

  @Test func `formats are those of the wire`() {
    let time = Timestamp(milliseconds: 1_795_450_247_120)
    #expect(time.iso8601 == "2026-11-23T16:10:47.120Z")
    #expect(time.httpDate == "Mon, 23 Nov 2026 16:10:47 GMT")
    #expect(time.amzDate == "20261123T161047Z")
  }

  @Test func `civil dates survive the way there and back`() {
    for day in stride(from: -200_000, through: 200_000, by: 373) {
      let time = Timestamp(milliseconds: Int64(day) * 86_400_000 + 12_345)
      let p = time.parts
      let back = Timestamp(
        year: p.year, month: p.month, day: p.day, hour: p.hour, minute: p.minute, second: p.second,
        millisecond: p.millisecond)
      #expect(back == time)
    }
  }
}
