import TextKit

/// A day in UTC, and the month it is in: what budgets run over.
package struct UTCDay: Sendable, Hashable {
  /// Days since 1970-01-01.
  package let day: Int
  /// Months since 1970-01.
  package let month: Int

  /// The day of a time in seconds since 1970; times that no calendar has are cut to the years from 1970 to 5138.
  package init(time: Double) {
    day = Int(Self.clipped(time) / 86_400)
    let date = CivilTime.date(days: day)
    month = (date.year - 1970) * 12 + date.month - 1
  }

  /// Seconds from a time until the next day begins, at least 1.
  package static func secondsToNextDay(from time: Double) -> Double {
    max(1, (86_400 - clipped(time).truncatingRemainder(dividingBy: 86_400)).rounded(.up))
  }

  /// Seconds from a time until the next month begins, at least 1.
  package static func secondsToNextMonth(from time: Double) -> Double {
    let date = CivilTime.date(days: UTCDay(time: time).day)
    let wholeDays = CivilTime.days(inMonth: date.month, year: date.year) - date.day
    return Double(wholeDays) * 86_400 + secondsToNextDay(from: time)
  }

  private static func clipped(_ time: Double) -> Double { time >= 0 ? min(time, 1e11) : 0 }
}
