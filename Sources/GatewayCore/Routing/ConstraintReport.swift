import ChatProtocols
import Ockham

/// Which constraint left no tier for a request: asked only once none is left.
struct ConstraintReport {
  let tiers: TierTable
  let policy: Policy
  let needs: RequestNeeds
  let task: TaskKind?
  /// The tiers that rules leave.
  let mask: UInt64

  /// The tiers that would be left but for the estimate of tokens, which may be too high: those with the largest window
  /// among them, the cheapest where several have it. 0 where other constraints leave none.
  var largestWindow: UInt64 {
    var relaxed = policy
    for index in relaxed.tiers.indices { relaxed.tiers[index].contextTokens = nil }
    let left = relaxed.allowedTiers(for: needs, task: task) & mask
    let indices = policy.tiers.indices.filter { left >> UInt64($0) & 1 == 1 }
    // A tier without a known window would have been allowed: all of these have one.
    guard let best = indices.max(by: { window($0) < window($1) || (window($0) == window($1) && $0 > $1) }) else {
      return 0
    }
    return 1 << UInt64(best)
  }

  private func window(_ tier: Int) -> Int { policy.tiers[tier].contextTokens ?? .max }

  /// Says of every constraint which tiers it excludes.
  var error: GatewayError {
    var parts: [String] = []
    func add(_ reason: String, _ allowed: UInt64) {
      let excluded = tiers.names(tiers.all & ~allowed)
      if !excluded.isEmpty { parts.append("\(reason) excludes \(excluded.joined(separator: ", "))") }
    }
    add("a rule", mask)
    let names: [(Capabilities, String)] = [(.tools, "tools"), (.json, "the response format"), (.images, "images")]
    for (capability, name) in names where needs.capabilities.contains(capability) {
      add(name, allowing { $0.capabilities.contains(capability) })
    }
    add(
      "the context window", allowing { $0.contextTokens.map { $0 >= needs.inputTokens + needs.outputTokens } ?? true })
    if let maximum = policy.maximumCostUSD {
      add("the limit of cost", allowing { (needs.costUSD(in: $0) ?? 0) <= maximum })
    }
    if let maximum = policy.maximumLatencyMilliseconds {
      add("the limit of latency", allowing { ($0.latencyMilliseconds ?? 0) <= maximum })
    }
    if let task, let pin = policy.taskPins[task] { add("the pin of \(task.name)", pin) }
    return GatewayError(
      .noTierAllowed, message: "No tier may answer this request: \(parts.joined(separator: "; ")). Relax one of these.")
  }

  private func allowing(_ holds: (TierLimits) -> Bool) -> UInt64 {
    policy.tiers.indices.reduce(0) { $0 | (holds(policy.tiers[$1]) ? 1 << UInt64($1) : 0) }
  }
}
