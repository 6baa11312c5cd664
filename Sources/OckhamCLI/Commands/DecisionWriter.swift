import Foundation
import Ockham
import RequestLog

/// Routes requests and prints the decisions, one a line, through a buffer.
struct DecisionWriter {
  private let router: Router
  private let format: RouteFormat
  private var scratch: Scratch
  private var buffer: [UInt8] = []
  private var isFirst = true
  private let clock = ContinuousClock()

  init(model: Model, format: RouteFormat) {
    router = Router(model: model)
    self.format = format
    scratch = model.makeScratch()
  }

  /// Routes one request and prints the decision.
  ///
  /// - Throws: ``Failure`` when standard output takes no more.
  mutating func write(_ request: Request, id: String) throws { try write(LogRecord(id: id, request: request)) }

  /// The same for a record, which may know its features alone.
  mutating func write(_ record: LogRecord) throws {
    let (start, id) = (clock.now, record.id)
    let decision =
      record.features.map { router.route($0, using: &scratch) } ?? router.route(record.request, using: &scratch)
    let nanoseconds = Int((clock.now - start) / .nanoseconds(1))
    if isFirst, format == .table { append(header) }
    isFirst = false
    append(format == .json ? json(decision, id, nanoseconds) : row(decision, id, nanoseconds))
    if buffer.count > 65_536 || StandardOutput.isTerminal { try flush() }
  }

  /// Prints what is still buffered.
  mutating func finish() throws { try flush() }

  private mutating func append(_ line: String) {
    buffer.append(contentsOf: line.utf8)
    buffer.append(UInt8(ascii: "\n"))
  }

  private mutating func flush() throws {
    try StandardOutput.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  // MARK: JSON

  private func json(_ decision: Decision, _ id: String, _ nanoseconds: Int) -> String {
    let names = router.model.tierNames
    let probabilities = names.indices.map { "\(JSONText.quote(names[$0])):\(number(scratch.probabilities[$0]))" }
    let costs = zip(names, scratch.expectedCostUSD).map { "\(JSONText.quote($0)):\($1)" }
    let fields = [
      "\"id\":\(JSONText.quote(id))",
      "\"tier\":\(JSONText.quote(names[decision.tier]))",
      "\"probability\":{\(probabilities.joined(separator: ","))}",
      "\"difficulty\":\(number(scratch.difficulty))",
      "\"gain\":\(number(decision.gain))",
      "\"threshold\":\(number(decision.threshold))",
      "\"expected_cost_usd\":\(costs.isEmpty ? "null" : "{\(costs.joined(separator: ","))}")",
      "\"task\":\(decision.task.map { JSONText.quote($0.name) } ?? "null")",
      "\"reason\":\"\(decision.reason.rawValue)\"",
      "\"nanoseconds\":\(nanoseconds)",
    ]
    return "{\(fields.joined(separator: ","))}"
  }

  /// The shortest decimal that reads back as the same number.
  private func number(_ value: Float) -> String { value.isFinite ? "\(value)" : "null" }

  // MARK: Table

  private static let idWidth = 24

  private var tierWidth: Int { max(4, router.model.tierNames.map(\.count).max() ?? 4) }

  private var header: String {
    let columns = router.model.tierNames.map { pad("P(\($0))", $0.count + 3) }
    return
      ([pad("id", Self.idWidth), pad("tier", tierWidth)] + columns + [
        pad("gain", 6), pad("needs", 6), pad("task", 18), pad("reason", 22), "µs",
      ]).joined(separator: "  ")
  }

  private func row(_ decision: Decision, _ id: String, _ nanoseconds: Int) -> String {
    let names = router.model.tierNames
    let columns = names.indices.map {
      pad(NumberText.fixed(Double(scratch.probabilities[$0]), 3), names[$0].count + 3)
    }
    return
      ([pad(shortened(id), Self.idWidth), pad(names[decision.tier], tierWidth)] + columns + [
        pad(NumberText.fixed(Double(decision.gain), 3), 6), pad(NumberText.fixed(Double(decision.threshold), 3), 6),
        pad(decision.task?.name ?? "–", 18), pad(decision.reason.rawValue, 22),
        NumberText.fixed(Double(nanoseconds) / 1_000, 1),
      ]).joined(separator: "  ")
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Ids of one log often differ only at the end, so the end is kept.
  private func shortened(_ id: String) -> String {
    id.count <= Self.idWidth ? id : "…" + id.suffix(Self.idWidth - 1)
  }
}
