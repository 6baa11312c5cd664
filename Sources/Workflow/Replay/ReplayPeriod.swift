import RequestLog
import TextKit

/// One end of a part of a log: a day, a time, or so long before the log's newest record.
package enum ReplayPeriod: Sendable, Hashable {
  /// Seconds since 1970.
  case at(Double)
  /// Seconds before the newest record.
  case before(Double)

  /// Reads `14d`, `36h`, `2w`, `2026-11-01` or `2026-11-01T12:00:00Z`; `nil` for any other text. A day is its first moment in UTC.
  package init?(_ text: String) {
    if let time = CivilTime.seconds(ofTimestamp: text) {
      self = .at(time)
      return
    }
    let units: [Character: Double] = ["h": 3_600, "d": 86_400, "w": 7 * 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), text.count <= 6, let count = Int(text.dropLast()), count > 0
    else {
      return nil
    }
    self = .before(Double(count) * unit)
  }

  /// The time that is meant in a log whose newest record is of the given time.
  func seconds(newest: Double) -> Double {
    switch self {
    case .at(let time): time
    case .before(let seconds): newest - seconds
    }
  }
}
