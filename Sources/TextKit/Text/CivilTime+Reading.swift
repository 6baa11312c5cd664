extension CivilTime {
  /// Seconds since 1970 of a text that ``isTimestamp(_:)`` takes; `nil` for any other. Without a zone it is UTC; fractions of
  /// a second are dropped.
  package static func seconds(ofTimestamp text: String) -> Double? {
    guard isTimestamp(text) else { return nil }
    var scanner = DigitScanner(text)
    guard let year = scanner.number(digits: 4), scanner.skip("-"), let month = scanner.number(digits: 2),
      scanner.skip("-"), let day = scanner.number(digits: 2)
    else { return nil }
    let midnight = days(year: year, month: month, day: day) * 86_400
    guard scanner.skip("T", "t", " "), let hour = scanner.number(digits: 2), scanner.skip(":"),
      let minute = scanner.number(digits: 2)
    else { return Double(midnight) }
    let second = scanner.skip(":") ? scanner.number(digits: 2) ?? 0 : 0
    return Double(midnight + hour * 3600 + minute * 60 + second - zone(of: text))
  }

  /// The seconds that a zone at the end of a timestamp is ahead of UTC: of `Z` and of none, 0.
  private static func zone(of text: String) -> Int {
    let time = text.dropFirst(11)
    guard let place = time.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return 0 }
    let digits = time[place...].dropFirst().compactMap(\.wholeNumberValue)
    let minutes =
      (digits.count > 1 ? (digits[0] * 10 + digits[1]) * 60 : 0) + (digits.count > 3 ? digits[2] * 10 + digits[3] : 0)
    return (time[place] == "-" ? -60 : 60) * minutes
  }
}
