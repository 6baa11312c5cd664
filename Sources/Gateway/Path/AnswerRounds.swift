import ChatProtocols
import GatewayCore
import TextKit

/// The answers that one request may make the gateway ask for: one, or several where its policy looks at them.
struct AnswerRounds: Sendable {
  /// For each answer, the targets that may give it.
  private let all: [[UpstreamTarget]]

  /// How many of them are asked for whatever they say.
  private let certain: Int

  /// - Parameter targets: those that the request may go to, the first first.
  init(of decision: RoutingDecision, over targets: [UpstreamTarget], in runtime: ConfiguredGateway) {
    let policy = decision.isPlain ? nil : runtime.configuration.policies[decision.policy]
    if let ensemble = policy?.ensemble {
      let judge = ensemble.choice == .judge ? ensemble.judge.flatMap { runtime.targets[$0] } : nil
      all = Array(repeating: targets, count: ensemble.answers) + (judge.map { [[$0]] } ?? [])
      certain = all.count
    } else if let cascade = policy?.cascade {
      all = Self.steps(of: cascade, from: targets, decision, runtime.targets)
      certain = 1
    } else {
      all = [targets]
      certain = 1
    }
  }

  /// One step up after the other, each judged before.
  private static func steps(
    of cascade: CascadeConfiguration, from targets: [UpstreamTarget], _ decision: RoutingDecision, _ table: TargetTable
  ) -> [[UpstreamTarget]] {
    let judge = cascade.judge.flatMap { table[$0] }
    var (rounds, present) = ([targets], targets)
    for _ in 0..<cascade.maximumSteps {
      // From whichever tier answers: the highest that may is as expensive as any.
      let upper = present.map { table.above($0.tier, allowed: decision.allowedTiers) }.first { !$0.isEmpty } ?? []
      guard !upper.isEmpty else { break }
      if let judge { rounds.append([judge]) }
      rounds.append(upper)
      present = upper
    }
    return rounds
  }

  /// What the request is taken to use of tokens.
  func expectedTokens(_ request: ChatRequest) -> Int {
    all.prefix(certain).reduce(0) { sum, targets in
      let usage = targets.first.map { $0.bounds(of: request).expected } ?? TokenUsage(inputTokens: 0, outputTokens: 0)
      return sum + usage.inputTokens + usage.outputTokens
    }
  }

  /// What it is taken to cost where it goes first; `nil` where the price is not known.
  func expectedUSD(_ request: ChatRequest) -> Double? {
    sum(all.prefix(certain).map { $0.first.flatMap { Self.cost($0) { $0.bounds(of: request).expected } } })
  }

  /// What it may cost: every answer, from the most expensive target that may give it; `nil` where no price is known.
  func mostUSD(_ request: ChatRequest) -> Double? {
    sum(all.map { targets in targets.compactMap { Self.cost($0) { $0.bounds(of: request).most } }.max() })
  }

  private func sum(_ costs: [Double?]) -> Double? {
    let known = costs.compactMap(\.self)
    return known.isEmpty ? nil : Price.rounded(known.reduce(0, +))
  }

  private static func cost(_ target: UpstreamTarget, _ usage: (UpstreamTarget) -> TokenUsage) -> Double? {
    target.price.flatMap { $0.costUSD(of: usage(target)) }
  }
}
