/// How long a provider asks to wait.
enum RetryAfter {
  /// The longest wait that is believed, in seconds: a day.
  private static let longest = 86_400.0

  /// Seconds from `retry-after-ms` or `retry-after`: a number, or a date beside the answer's own `date`, so that no
  /// clock but the provider's counts. `nil` where neither can be read.
  static func seconds(in headers: [(name: String, value: String)]) -> Double? {
    if let milliseconds = number(value("retry-after-ms", in: headers)) { return bounded(milliseconds / 1000) }
    guard let text = value("retry-after", in: headers) else { return nil }
    if let seconds = number(text) { return bounded(seconds) }
    guard let then = HTTPDate.seconds(text), let now = value("date", in: headers).flatMap(HTTPDate.seconds) else {
      return nil
    }
    return bounded(then - now)
  }

  private static func bounded(_ seconds: Double) -> Double { min(max(0, seconds), longest) }

  private static func number(_ text: String?) -> Double? {
    guard let number = text.flatMap(Double.init), number.isFinite, number >= 0 else { return nil }
    return number
  }

  private static func value(_ name: String, in headers: [(name: String, value: String)]) -> String? {
    headers.first { $0.name.lowercased() == name }.map { header in
      let space: (Character) -> Bool = { $0 == " " || $0 == "\t" }
      return String(header.value.drop(while: space).reversed().drop(while: space).reversed())
    }
  }
}

/// The date form of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`. Source: RFC 9110, 5.6.7; the two obsolete forms are not read.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Seconds since 1970; `nil` for anything else.
  static func seconds(_ text: String) -> Double? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), (1...31).contains(day),
      let month = months.firstIndex(of: String(words[2])), let year = Int(words[3]), (1970...9999).contains(year)
    else { return nil }
    let clock = words[4].split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2]) else {
      return nil
    }
    let days = daysSince1970(year: year, month: month + 1, day: day)
    return Double(days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2])
  }

  /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil, for years from 1970.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let marchYear = month <= 2 ? year - 1 : year
    let era = marchYear / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
