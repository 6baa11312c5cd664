import TextKit

/// Times as exports write them.
enum ExchangeTime {
  /// Seconds since 1970 of a number (seconds, milliseconds, microseconds or nanoseconds) or of an ISO 8601 text.
  static func seconds(_ value: JSONNode?) -> Double? {
    guard let value else { return nil }
    if let number = value.decimal { return seconds(epoch: number) }
    return value.string.flatMap(seconds(text:))
  }

  /// The time as a log writes it; `nil` where it is none.
  static func timestamp(_ value: JSONNode?) -> String? {
    guard let value else { return nil }
    if let text = value.string, CivilTime.isTimestamp(text) { return text }
    return value.decimal.flatMap(seconds(epoch:)).map(CivilTime.timestamp(seconds:))
  }

  /// The milliseconds between two times; `nil` where one is unknown or they are the wrong way round.
  static func milliseconds(from start: JSONNode?, to end: JSONNode?) -> Double? {
    guard let start = seconds(start), let end = seconds(end), end >= start else { return nil }
    return ((end - start) * 1e6).rounded() / 1e3
  }

  private static func seconds(epoch number: Double) -> Double? {
    var seconds = number
    while seconds > 1e11 { seconds /= 1000 }
    return CivilTime.secondsRange.contains(seconds) && number < 1e20 ? seconds : nil
  }

  /// A date-time whose zone is UTC or not said.
  private static func seconds(text: String) -> Double? {
    guard CivilTime.isTimestamp(text), text.utf8.count >= 19 else { return nil }
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? { Int(String(decoding: bytes[range], as: UTF8.self)) }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = number(17..<19)
    else { return nil }
    let rest = String(decoding: bytes[19...], as: UTF8.self)
    let zone = rest.drop { $0 == "." || $0.isNumber }
    guard ["", "Z", "z", "+00:00", "+0000"].contains(zone) else { return nil }
    let fraction = Double("0" + rest.prefix(rest.count - zone.count)) ?? 0
    let days = CivilTime.days(year: year, month: month, day: day)
    return Double(days * 86_400 + hour * 3600 + minute * 60 + second) + fraction
  }
}
