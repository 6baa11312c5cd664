/// Reads fixed runs of digits and single marks from the front of a text: what an ISO 8601 time is made of.
struct DigitScanner {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  /// Whether everything has been read.
  var isAtEnd: Bool { rest.isEmpty }

  /// Reads exactly `count` digits as a number; `nil`, and nothing read, where there are fewer.
  mutating func number(digits count: Int) -> Int? {
    let prefix = rest.prefix(count)
    guard prefix.count == count, prefix.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    rest = rest.dropFirst(count)
    return prefix.reduce(0) { $0 * 10 + Int($1) - 0x30 }
  }

  /// Reads one of the marks; `false`, and nothing read, where another byte stands.
  mutating func skip(_ marks: Unicode.Scalar...) -> Bool {
    guard let first = rest.first, marks.contains(Unicode.Scalar(first)) else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// Reads `YYYY-MM-DD`, a day that exists.
  mutating func skipDate() -> Bool {
    guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), skip("-"),
      let day = number(digits: 2)
    else { return false }
    return day >= 1 && day <= CivilTime.days(inMonth: month, year: year)
  }

  /// Reads `HH:MM`, and seconds and a fraction where they follow.
  mutating func skipTime() -> Bool {
    guard let hour = number(digits: 2), hour < 24, skip(":"), let minute = number(digits: 2), minute < 60 else {
      return false
    }
    guard skip(":") else { return true }
    guard let second = number(digits: 2), second <= 60 else { return false }
    return skip(".", ",") ? skipFraction() : true
  }

  /// Reads `Z`, `±HH`, `±HHMM`, `±HH:MM`, or nothing.
  mutating func skipZone() -> Bool {
    if isAtEnd || skip("Z", "z") { return true }
    guard skip("+", "-"), let hour = number(digits: 2), hour < 24 else { return false }
    if isAtEnd { return true }
    _ = skip(":")
    guard let minute = number(digits: 2) else { return false }
    return minute < 60
  }

  private mutating func skipFraction() -> Bool {
    let count = rest.prefix { (0x30...0x39).contains($0) }.count
    rest = rest.dropFirst(count)
    return count > 0
  }
}
