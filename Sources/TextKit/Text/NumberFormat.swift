import Foundation

/// Numbers as people read them: in reports, tables, messages and on pages.
package enum NumberFormat {
  /// A number with a fixed count of decimals; "-" for `nil` and what is not finite. Never "-0.000".
  package static func decimal(_ value: Double?, places: Int = 3) -> String {
    guard let value, value.isFinite else { return "-" }
    let text = String(format: "%.\(places)f", locale: Locale(identifier: "en_US_POSIX"), value)
    return text.hasPrefix("-") && !text.contains(where: { "123456789".contains($0) }) ? String(text.dropFirst()) : text
  }

  /// A number with its sign; "-" for `nil` and what is not finite.
  package static func signed(_ value: Double?, places: Int = 3) -> String {
    guard let value, value.isFinite else { return "-" }
    return (value > 0 ? "+" : "") + decimal(value, places: places)
  }

  /// A fraction as a percentage with at most two decimals, without trailing zeros: 0.97 → "97 %".
  package static func percent(_ fraction: Double?) -> String {
    guard let fraction, fraction.isFinite else { return "-" }
    return trimmed(decimal(fraction * 100, places: 2)) + " %"
  }

  /// A fraction as a percentage with a fixed count of decimals: 0.97 → "97.0 %".
  package static func percent(_ fraction: Double?, places: Int) -> String {
    guard let fraction, fraction.isFinite else { return "-" }
    return decimal(fraction * 100, places: places) + " %"
  }

  /// An amount in US dollars to four significant digits, but always with cents: "$0.001234", "$2.00", "$1,234.50".
  package static func usd(_ amount: Double?) -> String {
    guard let amount, amount.isFinite else { return "-" }
    guard amount != 0 else { return "$0" }
    let magnitude = Int(floor(log10(abs(amount))))
    var text = decimal(abs(amount), places: min(12, max(2, 3 - magnitude)))
    while text.hasSuffix("0"), !text.suffix(3).hasPrefix(".") { text.removeLast() }
    return dollars(text, isNegative: amount < 0)
  }

  /// An amount in US dollars with a fixed count of decimals: "$1,234.50".
  package static func usd(_ amount: Double?, places: Int) -> String {
    guard let amount, amount.isFinite else { return "-" }
    return dollars(decimal(abs(amount), places: places), isNegative: amount < 0)
  }

  /// Digits as an amount; never "-$0.00".
  private static func dollars(_ text: String, isNegative: Bool) -> String {
    (isNegative && text.contains { "123456789".contains($0) } ? "-$" : "$") + grouped(text)
  }

  /// A count with commas between thousands.
  package static func count(_ value: Int) -> String { grouped(String(value)) }

  /// A number to `digits` significant digits without trailing zeros, for axis labels and steps.
  package static func short(_ value: Double, digits: Int = 4) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "-" }
    let magnitude = Int(floor(log10(abs(value))))
    guard magnitude > -5, magnitude < 7 else {
      return String(format: "%.\(digits - 1)g", locale: Locale(identifier: "en_US_POSIX"), value).lowercased()
    }
    return trimmed(decimal(value, places: max(0, digits - 1 - magnitude)))
  }

  /// Three digits and a magnitude, such as "12.3k".
  package static func magnitude(_ value: Double) -> String {
    switch value {
    case 1e9...: decimal(value / 1e9, places: 1) + "G"
    case 1e6...: decimal(value / 1e6, places: 1) + "M"
    case 1e4...: decimal(value / 1e3, places: 0) + "k"
    case 1e3...: decimal(value / 1e3, places: 1) + "k"
    case 10...: decimal(value, places: 0)
    default: decimal(value, places: 1)
    }
  }

  /// Seconds as "42 s", "3 min 20 s" or "2 h 5 min".
  package static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3_600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3_600) h \(whole / 60 % 60) min"
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    let digits = text.reversed().drop { $0 == "0" }
    return String((digits.first == "." ? digits.dropFirst() : digits).reversed())
  }

  private static func grouped(_ text: String) -> String {
    let whole = text.prefix { $0 != "." }
    var digits = Array(whole)
    for position in stride(from: digits.count - 3, to: digits.first == "-" ? 1 : 0, by: -3) {
      digits.insert(",", at: position)
    }
    return String(digits) + text.dropFirst(whole.count)
  }
}
