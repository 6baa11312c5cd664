import Evaluation
import TextKit

/// One rating of a request that an audit drew, and the probability that was predicted; kept by day as JSON: tier, quality, probability, request.
struct WatchedLabel: Sendable, Hashable {
  /// `nil` where an older file does not say.
  var request: String?
  var tier: Int
  var quality: Double
  var probability: Double
  /// The day on which it was taken, counted from 1970 in UTC: that of the request, or the one after for a rating that came late.
  var day: Int

  var label: DriftWatch.Label { DriftWatch.Label(tier: tier, quality: quality, probability: probability, day: day) }

  static func text(_ labels: [WatchedLabel]) -> String {
    JSONNode.array(
      labels.map { label in
        let figures: [JSONNode] = [.integer(label.tier), .number(label.quality), .number(label.probability)]
        return .array(figures + (label.request.map { [.string($0)] } ?? []))
      }
    ).jsonText
  }

  /// What is no label is left out.
  static func read(_ text: String, day: Int) -> [WatchedLabel] {
    let elements = (try? JSONParser.parse(Array(text.utf8)))?.elements ?? []
    return elements.compactMap { element in
      guard let parts = element.elements, (3...4).contains(parts.count), let tier = parts[0].integer,
        let quality = parts[1].number, let probability = parts[2].number
      else { return nil }
      return WatchedLabel(
        request: parts.count > 3 ? parts[3].string : nil, tier: tier, quality: quality, probability: probability,
        day: day)
    }
  }
}
