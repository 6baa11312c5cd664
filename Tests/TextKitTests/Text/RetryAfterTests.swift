import Testing

@testable import TextKit

struct RetryAfterTests {
  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

  /// Headers, this machine's clock in seconds after that date, and the wait that they ask for.
  private static let table: [(headers: [(String, String)], clock: Double, seconds: Double?)] = [
    ([("Retry-After", "7")], 0, 7), ([("retry-after", "  1.5\t")], 0, 1.5), ([("retry-after-ms", "250")], 0, 0.25),
    ([("Retry-After-Ms", "100"), ("Retry-After", "9")], 0, 0.1),
    ([("retry-after-ms", "soon"), ("retry-after", "9")], 0, 9), ([("retry-after", "99999999999")], 0, 86_400),
    ([("retry-after-ms", "1e300")], 0, 86_400),
    // The server's clock counts, whatever this machine's says.
    ([("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"), ("Date", date)], 1e6, 30),
    ([("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT"), ("date", date)], -1e6, 0),
    ([("retry-after", "Wed, 09 Nov 1994 08:49:37 GMT"), ("date", date)], 0, 86_400),
    // Without it, or with one that cannot be read, this machine's clock counts.
    ([("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")], 0, 10), ([("retry-after", date)], 10, 0),
    ([("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"), ("date", "today")], 4, 6),
    ([("retry-after", "soon")], 0, nil), ([("retry-after", "-5")], 0, nil), ([("retry-after", "nan")], 0, nil),
    ([("retry-after", "inf")], 0, nil), ([("retry-after", "")], 0, nil), ([("date", date)], 0, nil), ([], 0, nil),
    ([("retry-after", "Sun, 99 Nov 1994 08:49:00 GMT"), ("date", date)], 0, nil),
  ]

  @Test func readsHeaders() {
    for (headers, clock, seconds) in Self.table {
      let named = headers.map { (name: $0.0, value: $0.1) }
      #expect(RetryAfter.seconds(in: named, now: 784_111_777 + clock) == seconds, "\(headers)")
    }
  }

  @Test(
    arguments: [
      (date, 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
      ("Fri, 31 Dec 9999 23:59:60 GMT", 253_402_300_800), ("Wed, 29 Feb 2023 00:00:00 GMT", nil),
      ("Thu, 31 Apr 2025 00:00:00 GMT", nil), ("Sun, 06 Nov 1994 24:00:00 GMT", nil),
      ("Sun, 06 Nov 1994 08:49 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil),
      ("Sun, 06 nov 1994 08:49:37 GMT", nil),
      ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun Nov  6 08:49:37 1994", nil), ("", nil),
    ] as [(String, Double?)])
  func readsDates(text: String, seconds: Double?) { #expect(HTTPDate.seconds(text) == seconds) }

  @Test func daysAndDatesAreInverse() {
    for day in stride(from: -800_000, through: 3_000_000, by: 97) {
      let date = CivilTime.date(days: day)
      #expect(CivilTime.days(year: date.year, month: date.month, day: date.day) == day)
    }
  }
}
