/// The date form of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`. Source: RFC 9110, 5.6.7; the two obsolete forms are not read.
package enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Seconds since 1970; `nil` for anything else.
  package static func seconds(_ text: String) -> Double? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])),
      let year = Int(words[3]), (1970...9999).contains(year), let day = Int(words[1]), day >= 1,
      day <= CivilTime.days(inMonth: month + 1, year: year), let time = secondsOfDay(words[4])
    else { return nil }
    return Double(CivilTime.days(year: year, month: month + 1, day: day) * 86_400 + time)
  }

  /// The seconds of `HH:MM:SS`; second 60 is allowed for leap seconds.
  private static func secondsOfDay(_ text: Substring) -> Int? {
    let clock = text.split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2]) else {
      return nil
    }
    return clock[0] * 3600 + clock[1] * 60 + clock[2]
  }
}
