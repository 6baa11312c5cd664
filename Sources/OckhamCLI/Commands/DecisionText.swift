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
  /// `nil` for a model without a cascade.
  private var responses: ResponseText?
  private let clock = ContinuousClock()

  init(router: Router, selection: TierSelection? = nil, format: RouteFormat) {
    self.router = router
    self.selection = selection ?? TierSelection(allOf: router.model)
    self.format = format
    shownNames = router.model.tierNames.map { SafeText.lines(SafeText.name($0)) }
    scratch = router.model.makeScratch()
    responses = ResponseText(router: router, selection: self.selection)
  }

  /// The decision on one record with its line end.
  mutating func line(_ record: LogRecord) -> [UInt8] {
    let start = clock.now
    let decision =
      record.features.map { router.route($0, using: &scratch) } ?? router.route(record.request, using: &scratch)
    let nanoseconds = Int((clock.now - start) / .nanoseconds(1))
    let weighed = weigh(record)
    let text =
      format == .json
      ? json(decision, record.id, nanoseconds, weighed) : Array(row(decision, record.id, nanoseconds, weighed).utf8)
    return text + [UInt8(ascii: "\n")]
  }

  private mutating func weigh(_ record: LogRecord) -> ResponseText.Weighed? {
    guard responses != nil else { return nil }
    let first =
      record.features.map { router.start($0, using: &scratch) } ?? router.start(record.request, using: &scratch)
    return responses?.weigh(record, after: scratch, start: first.tier)
  }

  // MARK: JSON

  private func json(
    _ decision: Decision, _ id: String, _ nanoseconds: Int, _ weighed: ResponseText.Weighed?
  ) -> [UInt8] {
    let costs = scratch.expectedCostUSD
    let text = DecisionJSON(
      tierNames: selection.names, tier: decision.tierName,
      probabilities: selection.of(scratch.probabilities), gain: decision.gain, threshold: decision.threshold,
      expectedCostUSD: costs.isEmpty ? [] : selection.of(costs), task: decision.task,
      reason: decision.reason.rawValue, isUnfamiliar: decision.isUnfamiliar, nanoseconds: nanoseconds)
    var members = text.members(id: id)
    if let responses, let weighed { members.append(JSONMember(key: "cascade", value: responses.json(weighed))) }
    return Array(SafeText.json(JSONNode.object(members).jsonText).utf8)
  }

  // MARK: Table

  private static let idWidth = 24

  private var tierWidth: Int { max(4, selection.of(shownNames).map(\.count).max() ?? 4) }

  /// The names of the columns with their line end.
  var header: [UInt8] {
    let columns = selection.of(shownNames).map { pad("P(\($0))", $0.count + 3) }
    let names =
      [pad("id", Self.idWidth), pad("tier", tierWidth)] + columns + [
        pad("gain", 6), pad("threshold", 9), pad("task", 18), pad("reason", 22), pad("µs", responses == nil ? 0 : 8),
      ] + (responses == nil ? [] : ["answer"])
    return Array((names.joined(separator: "  ") + "\n").utf8)
  }

  private func row(
    _ decision: Decision, _ id: String, _ nanoseconds: Int, _ weighed: ResponseText.Weighed?
  ) -> String {
    let time = NumberFormat.decimal(Double(nanoseconds) / 1_000, places: 1)
    let own = weighed.flatMap { weighed in responses.map { $0.cell(weighed, shownNames) } }
    let columns = selection.places.map {
      pad(NumberFormat.decimal(Double(scratch.probabilities[$0]), places: 3), shownNames[$0].count + 3)
    }
    return
      ([pad(shortened(id), Self.idWidth), pad(shownNames[decision.tier], tierWidth)] + columns + [
        pad(NumberFormat.decimal(Double(decision.gain), places: 3), 6),
        pad(NumberFormat.decimal(Double(decision.threshold), places: 3), 9),
        pad(decision.task?.name ?? "–", 18), pad(decision.reason.rawValue, 22),
        own == nil ? time : pad(time, 8),
      ] + (own.map { [$0] } ?? [])).joined(separator: "  ")
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
