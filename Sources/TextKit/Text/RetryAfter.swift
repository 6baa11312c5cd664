import Foundation

/// How long a server asks to wait before the next call. Source: RFC 9110, 10.2.3; `retry-after-ms` is OpenAI's.
package enum RetryAfter {
  /// The longest wait that is believed, in seconds: a day.
  private static let longest = 86_400.0

  /// Seconds, from 0 to a day, from `retry-after-ms`, or from `retry-after` as a number or a date; `nil` where neither
  /// can be read.
  ///
  /// A date counts from the answer's own `date`, so that no clock but the server's matters, and from this machine's clock
  /// where the answer has none.
  /// - Parameter now: this machine's clock, in seconds since 1970.
  package static func seconds(
    in headers: [(name: String, value: String)], now: @autoclosure () -> Double = Date().timeIntervalSince1970
  ) -> Double? {
    if let milliseconds = number(value("retry-after-ms", in: headers)) { return bounded(milliseconds / 1000) }
    guard let text = value("retry-after", in: headers) else { return nil }
    if let seconds = number(text) { return bounded(seconds) }
    guard let then = HTTPDate.seconds(text) else { return nil }
    return bounded(then - (value("date", in: headers).flatMap(HTTPDate.seconds) ?? now()))
  }

  /// A wait as it is believed: at least 0, and at most a day.
  package static func bounded(_ seconds: Double) -> Double { min(max(0, seconds), longest) }

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
