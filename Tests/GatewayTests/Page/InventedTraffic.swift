import Foundation
import GRDB
import Ockham
import Statistics
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Traffic of some days by chance, with everything that a request can bring with it.
struct InventedTraffic {
  private var random: SplitMix64
  private var maker = TelemetryRecordMaker()
  private(set) var ids: [String] = []
  let end: Double

  init(seed: UInt64, end: Double = Traces.time) { (random, self.end) = (SplitMix64(seed: seed), end) }

  mutating func number(below bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
  private mutating func unit() -> Double { Double(random.next() >> 11) * 0x1p-53 }
  private mutating func one<Element>(of elements: [Element]) -> Element { elements[number(below: elements.count)] }

  mutating func trace(daysBack days: Double = 20) -> RequestTrace {
    let id = "req_\(ids.count)"
    ids.append(id)
    let tier = one(of: [0, 0, 0, 1, 2])
    var trace = Traces.answered(
      id, prompt: "question \(ids.count)", tier: tier, time: end - unit() * days * 86_400,
      key: one(of: ["alice", "bob", "carol", nil]))
    trace.decision.task = one(of: [.code, .summarisation, nil])
    trace.decision.policy = one(of: ["default", "careful"])
    trace.decision.conversation = UInt64(number(below: 50))
    trace.latencyMilliseconds = 20 + unit() * 4_000
    trace.references = ReferencePrices(
      zip(Traces.tiers, [0.1, 1, 10]).map { ReferencePrices.Reference(tier: $0, price: Price.perMillion($1)) })
    if number(below: 12) == 0 { trace.costUSD = nil }
    if number(below: 15) == 0 {
      (trace.status, trace.tier, trace.target, trace.costUSD) = (502, nil, nil, nil)
      trace.attempts = [
        Attempt(target: "mock/small-1", tier: "small", failure: .serverError, status: 500, latencyMilliseconds: 7)
      ]
    } else if number(below: 6) == 0 {
      trace.attempts.insert(
        Attempt(
          target: "mock/small-1", tier: "small", failure: .rejected, status: 200, latencyMilliseconds: 9,
          usage: trace.usage, costUSD: 0.00025), at: 0)
    }
    return trace
  }

  mutating func request(daysBack days: Double = 20, _ prompts: TelemetryConfiguration.Prompts = .full)
    -> TelemetryBatch.Entry
  {
    .request(maker.record(of: trace(daysBack: days), TelemetrySettings(prompts: prompts)))
  }

  /// A label of some request, perhaps of one that was labelled before.
  mutating func label() -> TelemetryBatch.Entry {
    let isMissing = number(below: 10) == 0
    let origin: ShadowLabel.Origin = number(below: 3) == 0 ? .shadow : .audit
    let outcomes = ["mid", "frontier"].map { name in
      ShadowLabel.Outcome(
        name: name, quality: isMissing ? nil : Double(number(below: 5)) / 4, costUSD: unit() / 100, outputTokens: 30,
        latencyMilliseconds: 100, origin: origin, inclusion: origin == .audit ? 0.25 : 0.5, judgeUSD: 0.001,
        answer: "an answer of \(name)")
    }
    return .label(
      ShadowLabel(
        requestID: one(of: ids), outcomes: outcomes, servedQuality: isMissing ? nil : Double(number(below: 5)) / 4,
        servedInclusion: 0.5, labelRate: 0.25, auditRate: 0.25, missing: isMissing ? "judge" : nil))
  }

  mutating func feedback() -> TelemetryBatch.Entry {
    .feedback(
      Feedback(
        requestID: one(of: ids), quality: Double(number(below: 3)) / 2, source: "quality", time: end, key: "alice"))
  }

  /// A database with so many requests, labels and feedback.
  static func database(
    _ path: String, seed: UInt64 = 7, requests: Int = 600
  ) throws -> (file: SQLiteFile, traffic: InventedTraffic) {
    let file = try SQLiteFile(path: path)
    var traffic = InventedTraffic(seed: seed)
    let store = SQLiteTelemetry(file)
    var entries = (0..<requests).map { _ in traffic.request() }
    entries += (0..<requests / 3).map { _ in traffic.label() }
    entries += (0..<requests / 5).map { _ in traffic.feedback() }
    for start in stride(from: 0, to: entries.count, by: 100) {
      try store.write(TelemetryBatch(entries: Array(entries[start..<min(start + 100, entries.count)])))
    }
    return (file, traffic)
  }
}

extension Price {
  /// Dollars per million tokens, of all kinds alike.
  fileprivate static func perMillion(_ usd: Double) -> Price {
    var price = Price(input: usd / 1e6, output: usd / 1e6)
    (price.cachedInput, price.cacheWrite) = (usd / 1e6, usd / 1e6)
    return price
  }
}
