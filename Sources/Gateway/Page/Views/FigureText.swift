import Evaluation
import Foundation
import TextKit

/// Figures as a page writes them: with their intervals, and what is not known with the reason.
enum FigureText {
  static func usd(_ figure: AuditFigure) -> PageMarkup { text(figure) { dollars($0) } }

  static func share(_ figure: AuditFigure) -> PageMarkup {
    text(figure) { NumberFormat.percent($0, places: 1) }
  }

  /// Dollars to the cent; small amounts to the digits that they have.
  static func dollars(_ amount: Double) -> String {
    abs(amount) >= 0.995 || amount == 0
      ? (amount < 0 ? "−$" : "$") + grouped(abs(amount))
      : amount < 0 ? "−" + NumberFormat.usd(-amount) : NumberFormat.usd(amount)
  }

  private static func grouped(_ amount: Double) -> String {
    let cents = Int((amount * 100).rounded())
    let rest = cents % 100
    return "\(NumberFormat.count(cents / 100)).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static func text(_ figure: AuditFigure, _ format: (Double) -> String) -> PageMarkup {
    guard let value = figure.value else {
      return "<span class=\"unknown\">not known</span> <small>\(figure.reason ?? "")</small>"
    }
    guard let low = figure.low, let high = figure.high, low < high else { return "<b>\(format(value))</b>" }
    return "<b>\(format(value))</b> <small>\(format(low)) to \(format(high))</small>"
  }

  static func milliseconds(_ value: Double?) -> String {
    guard let value else { return "–" }
    return value >= 10_000 ? NumberFormat.decimal(value / 1000, places: 1) + " s" : "\(Int(value.rounded())) ms"
  }

  /// A time to the second, in UTC.
  static func time(_ seconds: Double) -> PageMarkup {
    guard CivilTime.secondsRange.contains(seconds) else { return "–" }
    let text = CivilTime.timestamp(seconds: seconds.rounded(.down))
    return "<time datetime=\"\(text)\">\(shortTime(text))</time>"
  }

  /// To the second.
  static func shortTime(_ timestamp: String) -> String {
    let parts = timestamp.split(separator: "T", maxSplits: 1)
    guard parts.count == 2 else { return timestamp }
    return "\(parts[0]) \(parts[1].prefix { $0 != "." && $0 != "Z" }) UTC"
  }
}
