import Evaluation
import TextKit

/// The last day, week or month, in whole hours: as cells are, so that a figure and the requests behind it are of the same time.
enum PagePeriod: String, Sendable, Hashable, CaseIterable {
  case day = "24h"
  case week = "7d"
  case month = "30d"

  var hours: Int {
    switch self {
    case .day: 24
    case .week: 7 * 24
    case .month: 30 * 24
    }
  }

  var name: String {
    switch self {
    case .day: "24 hours"
    case .week: "7 days"
    case .month: "30 days"
    }
  }

  /// The hour that is in progress is the last.
  func range(endingAt time: Double) -> Range<Int> {
    let end = TrafficKey.hour(of: time) + 1
    return end - hours..<end
  }
}

/// What a part of the page shows: a period, and which of its requests.
struct PageSelection: Sendable, Hashable {
  var period = PagePeriod.week
  var filter = TrafficFilter()

  /// What a query says; what it says of no known name is skipped.
  init(_ query: PageFields) {
    if let text = query["period"], let known = PagePeriod(rawValue: text) { period = known }
    for (name, _, path) in TrafficFilter.names { filter[keyPath: path] = query[name] }
    if let text = query["failed"] { filter.isFailure = text == "yes" }
  }

  /// The query of the same selection with other values.
  func query(_ changes: [(name: String, value: String)] = []) -> String {
    var values: [(String, String)] = [("period", period.rawValue)]
    for (name, _, path) in TrafficFilter.names {
      if let value = filter[keyPath: path] { values.append((name, value)) }
    }
    if let isFailure = filter.isFailure { values.append(("failed", isFailure ? "yes" : "no")) }
    for change in changes {
      values.removeAll { $0.0 == change.name }
      values.append(change)
    }
    return "?" + values.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
  }

  /// A value as it stands in a query.
  static func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }

  var json: JSONNode {
    .object(
      [("period", .string(period.rawValue))]
        + TrafficFilter.names.map { name, _, path in (name, filter[keyPath: path].map(JSONNode.string) ?? .null) })
  }
}
