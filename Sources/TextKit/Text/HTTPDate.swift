/// The date form of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`. Source: RFC 9110, 5.6.7; the two obsolete forms are not read.
package enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Seconds since 1970; `nil` for anything else.
  package static func seconds(_ text: String) -> Double? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])),
      let year = number(words[3], digits: 4), year >= 1970, let day = number(words[1], digits: 2), day >= 1,
      day <= CivilTime.days(inMonth: month + 1, year: year), let time = secondsOfDay(words[4])
    else { return nil }
    return Double(CivilTime.days(year: year, month: month + 1, day: day) * 86_400 + time)
  }

  /// The seconds of `HH:MM:SS`; second 60 is allowed for leap seconds.
  private static func secondsOfDay(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let hour = number(parts[0], digits: 2), hour < 24,
      let minute = number(parts[1], digits: 2), minute < 60, let second = number(parts[2], digits: 2), second <= 60
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  private static func number(_ text: Substring, digits: Int) -> Int? {
    var scanner = DigitScanner(String(text))
    let number = scanner.number(digits: digits)
    return scanner.isAtEnd ? number : nil
  }
}
