import Foundation

/// Numbers as people read them.
package enum NumberText {
  /// A fixed number of decimals; "–" for what is not there.
  package static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    return String(format: "%.\(decimals)f", value)
  }

  /// A count with thousands separated.
  package static func count(_ value: Int) -> String {
    var digits = String(abs(value))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// Three digits and a magnitude, such as "12.3k".
  package static func short(_ value: Double) -> String {
    switch value {
    case 1e9...: String(format: "%.1fG", value / 1e9)
    case 1e6...: String(format: "%.1fM", value / 1e6)
    case 1e4...: String(format: "%.0fk", value / 1e3)
    case 1e3...: String(format: "%.1fk", value / 1e3)
    case 10...: String(format: "%.0f", value)
    default: String(format: "%.1f", value)
    }
  }

  /// Seconds as "42 s", "3 min 20 s" or "2 h 5 min".
  package static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3_600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3_600) h \(whole / 60 % 60) min"
  }

  /// A share in per cent.
  package static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
}
