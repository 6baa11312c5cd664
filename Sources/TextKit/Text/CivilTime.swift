/// Dates of the log: ISO 8601 texts checked, seconds since 1970 written as one.
package enum CivilTime {
  /// Seconds that a log may give: from 1970 to the year 5138. Larger numbers are milliseconds by mistake.
  package static let secondsRange = 0.0...1e11

  /// `YYYY-MM-DD`, or with `T` or a space, `HH:MM`, optional `:SS`, fraction, and `Z` or `±HH:MM` or `±HHMM`.
  /// The Gregorian calendar decides which days exist; second 60 is allowed for leap seconds.
  package static func isTimestamp(_ text: String) -> Bool {
    var scanner = DigitScanner(text)
    guard scanner.skipDate() else { return false }
    if scanner.isAtEnd { return true }
    return scanner.skip("T", "t", " ") && scanner.skipTime() && scanner.skipZone() && scanner.isAtEnd
  }

  /// The UTC time of a number of seconds since 1970-01-01T00:00:00Z, to the microsecond, such as
  /// `2025-03-01T12:00:00.25Z`.
  /// - Precondition: `seconds` lies in ``secondsRange``.
  package static func timestamp(seconds: Double) -> String {
    precondition(secondsRange.contains(seconds))
    let microseconds = Int((seconds * 1e6).rounded())
    let (whole, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let (days, second) = whole.quotientAndRemainder(dividingBy: 86_400)
    let date = date(days: days)
    let time = [second / 3600, second / 60 % 60, second % 60].map { padded($0, to: 2) }.joined(separator: ":")
    return "\(padded(date.year, to: 4))-\(padded(date.month, to: 2))-\(padded(date.day, to: 2))T\(time)"
      + fractionText(fraction) + "Z"
  }

  /// The Gregorian date of a number of days since 1970-01-01. Source: H. Hinnant, "chrono-Compatible Low-Level Date
  /// Algorithms", civil_from_days; years begin in March, so that the leap day comes last.
  package static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// The days from 1970-01-01 to a Gregorian date. Source: as for ``date(days:)``, days_from_civil.
  package static func days(year: Int, month: Int, day: Int) -> Int {
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The days of a month in the Gregorian calendar; 0 for a month that does not exist.
  package static func days(inMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    case 1...12: 31
    default: 0
    }
  }

  private static func padded(_ value: Int, to width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func fractionText(_ microseconds: Int) -> String {
    guard microseconds > 0 else { return "" }
    var digits = padded(microseconds, to: 6)
    while digits.last == "0" { digits.removeLast() }
    return "." + digits
  }
}
