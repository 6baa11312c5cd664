import Ockham
import RequestLog
import TextKit
import Workflow

/// Routes requests and puts the decisions into words. For one thread.
struct DecisionText {
  private let router: Router
  /// The tiers that are shown: those that are used.
  private let selection: TierSelection
  private let format: RouteFormat
  /// The tiers' names as the table shows them.
  private let shownNames: [String]
  private var scratch: Scratch
  private let clock = ContinuousClock()

  init(router: Router, selection: TierSelection? = nil, format: RouteFormat) {
    self.router = router
    self.selection = selection ?? TierSelection(allOf: router.model)
    self.format = format
    shownNames = router.model.tierNames.map { SafeText.lines(SafeText.name($0)) }
    scratch = router.model.makeScratch()
  }

  /// The decision on one record with its line end.
  mutating func line(_ record: LogRecord) -> [UInt8] {
    let start = clock.now
    let decision =
      record.features.map { router.route($0, using: &scratch) } ?? router.route(record.request, using: &scratch)
    let nanoseconds = Int((clock.now - start) / .nanoseconds(1))
    let text =
      format == .json ? json(decision, record.id, nanoseconds) : Array(row(decision, record.id, nanoseconds).utf8)
    return text + [UInt8(ascii: "\n")]
  }

  // MARK: JSON

  private func json(_ decision: Decision, _ id: String, _ nanoseconds: Int) -> [UInt8] {
    let costs = scratch.expectedCostUSD
    let text = DecisionJSON(
      tierNames: selection.names, tier: router.model.tierNames[decision.tier],
      probabilities: selection.of(scratch.probabilities), gain: decision.gain, threshold: decision.threshold,
      expectedCostUSD: costs.isEmpty ? [] : selection.of(costs), task: decision.task,
      reason: decision.reason.rawValue, nanoseconds: nanoseconds)
    return Array(SafeText.json(JSONNode.object(text.members(id: id)).jsonText).utf8)
  }

  // MARK: Table

  private static let idWidth = 24

  private var tierWidth: Int { max(4, selection.of(shownNames).map(\.count).max() ?? 4) }

  /// The names of the columns with their line end.
  var header: [UInt8] {
    let columns = selection.of(shownNames).map { pad("P(\($0))", $0.count + 3) }
    let names =
      [pad("id", Self.idWidth), pad("tier", tierWidth)] + columns + [
        pad("gain", 6), pad("needs", 6), pad("task", 18), pad("reason", 22), "µs",
      ]
    return Array((names.joined(separator: "  ") + "\n").utf8)
  }

  private func row(_ decision: Decision, _ id: String, _ nanoseconds: Int) -> String {
    let columns = selection.places.map {
      pad(NumberFormat.decimal(Double(scratch.probabilities[$0]), places: 3), shownNames[$0].count + 3)
    }
    return
      ([pad(shortened(id), Self.idWidth), pad(shownNames[decision.tier], tierWidth)] + columns + [
        pad(NumberFormat.decimal(Double(decision.gain), places: 3), 6),
        pad(NumberFormat.decimal(Double(decision.threshold), places: 3), 6),
        pad(decision.task?.name ?? "–", 18), pad(decision.reason.rawValue, 22),
        NumberFormat.decimal(Double(nanoseconds) / 1_000, places: 1),
      ]).joined(separator: "  ")
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Ids of one log often differ only at the end, so the end is kept.
  private func shortened(_ id: String) -> String {
    let shown = SafeText.lines(SafeText.name(id))
    return shown.count <= Self.idWidth ? shown : "…" + shown.suffix(Self.idWidth - 1)
  }
}
