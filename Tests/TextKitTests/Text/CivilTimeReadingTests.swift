import Testing

@testable import TextKit

/// Dates as seconds, and back.
struct CivilTimeReadingTests {
  @Test(arguments: [
    ("1970-01-01", 0), ("1970-01-01T00:00:01Z", 1), ("2026-03-01T12:00:00Z", 1_772_366_400),
    ("2026-03-01T14:00:00+02:00", 1_772_366_400), ("2026-03-01T07:30:00-0430", 1_772_366_400),
    ("2026-03-01 12:00", 1_772_366_400), ("2026-03-01T12:00:00.999Z", 1_772_366_400),
    ("2024-02-29T00:00:00Z", 1_709_164_800),
  ])
  func timestampsAreSeconds(_ text: String, _ seconds: Double) {
    #expect(CivilTime.seconds(ofTimestamp: text) == seconds)
  }

  @Test(arguments: ["", "2026-02-29", "2026-03-01T25:00:00Z", "tomorrow", "2026-03-01T12:00:00Zx", "1772366400"])
  func othersAreNone(_ text: String) { #expect(CivilTime.seconds(ofTimestamp: text) == nil) }

  @Test func whatIsWrittenIsReadBack() {
    for seconds in stride(from: 0.0, through: 4e9, by: 86_399_123) {
      #expect(CivilTime.seconds(ofTimestamp: CivilTime.timestamp(seconds: seconds)) == seconds)
    }
  }
}
