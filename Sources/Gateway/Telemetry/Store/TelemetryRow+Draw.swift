import GatewayCore
import RequestLog
import TextKit

/// How a request was routed, in the log's own columns: <doc:RequestLogFormat>.
extension TelemetryRow {
  mutating func setDraw(_ trace: RequestTrace) {
    let decision = trace.decision
    set("served", TelemetryValue(trace.outcomeName))
    set("allowed", TelemetryValue(trace.allowedNames.map(Self.array)))
    set("eligible", TelemetryValue(decision.isEligible))
    set("conversation", TelemetryValue(decision.conversation?.hexadecimal))
    set("policy_hash", TelemetryValue(decision.identity?.hash.hexadecimal))
    set("steps", TelemetryValue(trace.steps.map { steps in JSONBuilder.text { $0.append(steps) } }))
  }

  /// Of `policies`: the parts of what decides, and when it was first met.
  static func policy(_ identity: PolicyIdentity, at time: Double) -> TelemetryRow {
    var row = TelemetryRow(capacity: 6)
    for column in identity.columns { row.set(column.name, .text(column.value)) }
    row.set("time", TelemetryValue(time))
    return row
  }

  /// Names as a JSON array.
  static func array(_ names: [String]) -> String {
    JSONBuilder.text { $0.append(names: names) }
  }
}

extension RequestTrace {
  /// The tiers that the request could have gone to, with the one that answered; `nil` where none could: for a target that stands
  /// outside the tiers.
  fileprivate var allowedNames: [String]? {
    let allowed = decision.observed?.allowedTiers ?? decision.allowedTiers
    let names = tierNames.enumerated().filter { allowed.contains($0.offset) || $0.element == tier }.map(
      \.element)
    return names.isEmpty ? nil : names
  }

  /// The answers of a cascade in order, and whether each was good enough to go no further; `nil` where no cascade was, or where it
  /// began with another tier than the decision's.
  fileprivate var steps: [CascadeStep]? {
    guard isCascade else { return nil }
    let answers = attempts.filter { !$0.isJudge && !$0.tier.isEmpty && ($0.failure == nil || $0.failure == .rejected) }
    guard let first = answers.first, first.tier == decidedTier, decision.propensity > 0 else { return nil }
    return answers.enumerated().map { index, attempt in
      CascadeStep(
        tier: attempt.tier, propensity: index == 0 ? decision.propensity : attempt.propensity,
        isAccepted: attempt.failure == nil)
    }
  }
}
