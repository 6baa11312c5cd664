import TextKit

/// Times as exports write them.
enum ExchangeTime {
  /// Seconds since 1970 of a number (seconds, milliseconds, microseconds or nanoseconds) or of a text.
  static func seconds(_ value: JSONNode?) -> Double? {
    guard let value = value.map(plain) else { return nil }
    if let number = value.decimal { return seconds(epoch: number) }
    return value.string.flatMap { seconds(text: CivilTime.isTimestamp($0) ? $0 : normal($0)) }
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

  /// A date-time to the second or finer, without a zone in UTC; `nil` for one to the minute, which says nothing of how long something
  /// took.
  private static func seconds(text: String) -> Double? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 19, bytes[16] == UInt8(ascii: ":"), let whole = CivilTime.seconds(ofTimestamp: text) else {
      return nil
    }
    let digits = bytes[19...].dropFirst().prefix { (0x30...0x39).contains($0) }
    let isFraction = bytes.count > 19 && [UInt8(ascii: "."), UInt8(ascii: ",")].contains(bytes[19])
    return whole + (isFraction ? Double("0." + String(decoding: digits, as: UTF8.self)) ?? 0 : 0)
  }
}
