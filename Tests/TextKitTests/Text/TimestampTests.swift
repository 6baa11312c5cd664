import Testing

@testable import TextKit

/// Times in all their spellings, and the texts that are nearly such.
@Suite struct TimestampTests {
  private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }

  /// A zone moves the time by itself, however it is written, and there is none of a day or of sixty minutes.
  @Test func zonesAreSubtracted() throws {
    let noon = try #require(CivilTime.seconds(ofTimestamp: "2024-02-29T12:00:00Z"))
    for hours in 0...24 {
      for minutes in [0, 1, 30, 59, 60] {
        for (sign, factor) in [("+", 1), ("-", -1)] {
          let offset = Double(factor * (hours * 3_600 + minutes * 60))
          let exists = hours < 24 && minutes < 60
          for colon in ["", ":"] {
            let text = "2024-02-29T12:00:00.75\(sign)\(Self.two(hours))\(colon)\(Self.two(minutes))"
            #expect(CivilTime.seconds(ofTimestamp: text) == (exists ? noon - offset : nil), "\(text)")
          }
          let whole = CivilTime.seconds(ofTimestamp: "2024-02-29 12:00\(sign)\(Self.two(hours))")
          if minutes == 0 { #expect(whole == (hours < 24 ? noon - offset : nil)) }
        }
      }
    }
  }

  /// Without one of its characters a time is none; the colon of a zone may be missing.
  @Test func everyCharacterCounts() {
    let text = "2024-02-29T23:59:60.5+14:30"
    #expect(CivilTime.isTimestamp(text))
    for place in text.indices {
      var cut = text
      cut.remove(at: place)
      #expect(CivilTime.isTimestamp(cut) == (cut == "2024-02-29T23:59:60.5+1430"), "\(cut)")
      #expect(!CivilTime.isTimestamp(text.replacingCharacters(at: place, with: "x")))
      #expect(!CivilTime.isTimestamp(text.replacingCharacters(at: place, with: "٣")))
    }
    for end in text.indices.dropFirst() {
      let isWhole = [10, 16, 19, 21, 24].contains(text.distance(from: text.startIndex, to: end))
      #expect(CivilTime.isTimestamp(String(text[..<end])) == isWhole, "\(text[..<end])")
    }
  }

  /// Day after day of four hundred years before and behind the epoch's, which the calendar repeats.
  @Test func daysFollowEachOther() {
    var (year, month, day) = (1600, 1, 1)
    for number in CivilTime.days(year: 1600, month: 1, day: 1)...CivilTime.days(year: 2003, month: 12, day: 31) {
      let date = CivilTime.date(days: number)
      guard date == (year, month, day) else {
        Issue.record("day \(number): expected \(year)-\(month)-\(day), found \(date)")
        return
      }
      let isLeap = year % 400 == 0 || year % 4 == 0 && year % 100 != 0
      let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
      (day, month) = day < length ? (day + 1, month) : (1, month + 1)
      if month > 12 { (month, year) = (1, year + 1) }
    }
    #expect((year, month, day) == (2004, 1, 1))
    #expect([-1, 0, 13, 99].allSatisfy { CivilTime.days(inMonth: $0, year: 2024) == 0 })
  }

  /// Fractions carry into seconds, days and years. Known values of GNU date.
  @Test(arguments: [
    (0.999_999_9, "1970-01-01T00:00:01Z"), (0.000_000_4, "1970-01-01T00:00:00Z"), (1e-6, "1970-01-01T00:00:00.000001Z"),
    (86_399.999_999_7, "1970-01-02T00:00:00Z"), (946_684_799.999_999_9, "2000-01-01T00:00:00Z"),
    (951_782_400.5, "2000-02-29T00:00:00.5Z"), (1e11, "5138-11-16T09:46:40Z"),
  ]) func timesAreRoundedToTheMicrosecond(seconds: Double, text: String) {
    #expect(CivilTime.timestamp(seconds: seconds) == text)
  }

  /// Dates of HTTP for a day in each month of two centuries, and back.
  @Test func datesOfHTTPAreTheSameTimes() {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    for day in stride(from: 0, to: 73_000, by: 29) {
      let date = CivilTime.date(days: day)
      let text = "\(weekdays[day % 7]), \(Self.two(date.day)) \(months[date.month - 1]) \(date.year) 01:02:03 GMT"
      #expect(HTTPDate.seconds(text) == Double(day * 86_400 + 3_723), "\(text)")
    }
  }

  @Test(arguments: [
    "Sun, 06 Nov 1994 08:49:37:00 GMT", "Sun, 06 Nov 1994 08:49:x:37 GMT", "Sun, 06 Nov 1994 x:08:49:37 GMT",
    "Sun, 06 Nov 1994 :08:49:37 GMT", "Sun, 06 Nov 1994 08:49:+7 GMT", "Sun, 06 Nov 1994 +8:49:37 GMT",
    "Sun, +6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov +1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT GMT",
    "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT",
  ]) func nearlyDatesOfHTTPAreNone(text: String) { #expect(HTTPDate.seconds(text) == nil) }
}

extension String {
  fileprivate func replacingCharacters(at place: Index, with other: Character) -> String {
    self[..<place] + String(other) + self[index(after: place)...]
  }
}
