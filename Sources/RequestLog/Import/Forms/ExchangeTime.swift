import TextKit

/// Times as exports write them.
enum ExchangeTime {
  /// Seconds since 1970 of a number (seconds, milliseconds, microseconds or nanoseconds) or of a text.
  static func seconds(_ value: JSONNode?) -> Double? {
    guard let value = value.map(plain) else { return nil }
    if let number = value.decimal { return seconds(epoch: number) }
    return value.string.flatMap { seconds(text: normal($0)) }
  }

  /// The time as a log writes it; `nil` where it is none.
  static func timestamp(_ value: JSONNode?) -> String? {
    guard let value = value.map(plain) else { return nil }
    if let text = value.string {
      if CivilTime.isTimestamp(text) { return text }
      let text = normal(text)
      if CivilTime.isTimestamp(text) { return text }
    }
    return value.decimal.flatMap(seconds(epoch:)).map(CivilTime.timestamp(seconds:))
  }

  /// The milliseconds between two times; `nil` where one is unknown or they are the wrong way round.
  static func milliseconds(from start: JSONNode?, to end: JSONNode?) -> Double? {
    guard let start = seconds(start), let end = seconds(end), end >= start else { return nil }
    return ((end - start) * 1e6).rounded() / 1e3
  }

  /// Times that databases put into objects: `{"$date": …}`, `{"seconds": …}`.
  private static func plain(_ value: JSONNode) -> JSONNode {
    value.members == nil ? value : value.raw("$date.$numberLong", "$date", "seconds", "_seconds", "value") ?? value
  }

  private static func seconds(epoch number: Double) -> Double? {
    var seconds = number
    while seconds > 1e11 { seconds /= 1000 }
    return CivilTime.secondsRange.contains(seconds) && number < 1e20 ? seconds : nil
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// ISO 8601 of a text that is nearly so: `2025-06-01 10:00:00 UTC`, `2025/06/01 …`, `Sun, 01 Jun 2025 10:00:00 GMT`,
  /// `Jun 1, 2025, 10:00:00 AM`. Days and months that are both numbers are not guessed at.
  private static func normal(_ text: String) -> String {
    var words = text.split { $0 == " " || $0 == "," }.map(String.init)
    if let zone = words.last, ["UTC", "GMT", "Z"].contains(zone) { words[words.count - 1] = "Z" }
    if let first = words.first?.lowercased(), first.count <= 9, first.hasSuffix("day") || isWeekday(first) {
      words.removeFirst()
    }
    if words.count >= 3, let month = month(words[1]), let day = Int(words[0]), let year = Int(words[2]) {
      words.replaceSubrange(0..<3, with: [date(year, month, day)])
    } else if words.count >= 3, let month = month(words[0]), let day = Int(words[1]), let year = Int(words[2]) {
      words.replaceSubrange(0..<3, with: [date(year, month, day)])
    } else if let first = words.first, first.utf8.count == 10, first.contains("/"),
      first.prefix(4).allSatisfy(\.isNumber)
    {
      words[0] = first.replacing("/", with: "-")
    }
    if words.count >= 3, ["AM", "PM"].contains(words[2].uppercased()) {
      words[1] = half(words[1], isAfternoon: words[2].uppercased() == "PM")
      words.remove(at: 2)
    }
    guard words.count >= 2 else { return words.first ?? "" }
    return words[0] + "T" + words[1...].joined()
  }

  private static func isWeekday(_ word: String) -> Bool {
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].contains(word)
  }

  private static func month(_ word: String) -> Int? {
    word.count >= 3 ? months.firstIndex(of: String(word.lowercased().prefix(3))).map { $0 + 1 } : nil
  }

  private static func date(_ year: Int, _ month: Int, _ day: Int) -> String {
    "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }

  /// A time of 12 hours as one of 24.
  private static func half(_ time: String, isAfternoon: Bool) -> String {
    var parts = time.split(separator: ":").map(String.init)
    guard let hour = parts.first.flatMap({ Int($0) }), (1...12).contains(hour) else { return time }
    let whole = hour % 12 + (isAfternoon ? 12 : 0)
    parts[0] = whole < 10 ? "0\(whole)" : "\(whole)"
    return parts.joined(separator: ":")
  }

  /// A date-time; without a zone it is UTC.
  private static func seconds(text: String) -> Double? {
    guard CivilTime.isTimestamp(text), text.utf8.count >= 19 else { return nil }
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? { Int(String(decoding: bytes[range], as: UTF8.self)) }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = number(17..<19)
    else { return nil }
    let rest = String(decoding: bytes[19...], as: UTF8.self)
    let zone = rest.drop { $0 == "." || $0 == "," || $0.isNumber }
    guard let offset = offsetSeconds(String(zone)) else { return nil }
    let fraction = Double("0" + rest.prefix(rest.count - zone.count).replacing(",", with: ".")) ?? 0
    let days = CivilTime.days(year: year, month: month, day: day)
    return Double(days * 86_400 + hour * 3600 + minute * 60 + second - offset) + fraction
  }

  /// The seconds of a zone such as `Z`, `+02:00` or `-0530`.
  private static func offsetSeconds(_ zone: String) -> Int? {
    if ["", "Z", "z"].contains(zone) { return 0 }
    let digits = zone.dropFirst().filter(\.isNumber)
    guard zone.hasPrefix("+") || zone.hasPrefix("-"), digits.count == 4, let number = Int(digits) else { return nil }
    return (number / 100 * 3600 + number % 100 * 60) * (zone.hasPrefix("-") ? -1 : 1)
  }
}
