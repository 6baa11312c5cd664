import Foundation
import TextKit

/// Times as an audit shows them: in the zone that it states.
struct AuditClock {
  let zone: TimeZone

  /// Foundation calls UTC by its older name on some systems.
  var name: String { zone.identifier == "GMT" ? "UTC" : zone.identifier }

  private func offset(at time: Double) -> Double { Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: time))) }

  /// A day such as `2026-11-29`.
  func day(of time: Double) -> String { text(time).map { String($0.prefix(10)) } ?? AuditText.unknown }

  /// A minute such as `2026-11-29 14:05`.
  func minute(of time: Double) -> String {
    text(time).map { String($0.prefix(16)).replacing("T", with: " ") } ?? AuditText.unknown
  }

  /// `nil` for a time that no log gives.
  private func text(_ time: Double) -> String? {
    guard CivilTime.secondsRange.contains(time) else { return nil }
    let local = time + offset(at: time)
    guard CivilTime.secondsRange.contains(local) else { return nil }
    return CivilTime.timestamp(seconds: local.rounded(.down))
  }
}
