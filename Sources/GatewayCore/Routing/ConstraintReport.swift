import ChatProtocols
import Ockham

/// Which constraint left no tier for a request: asked only once none is left.
struct ConstraintReport {
  let tiers: TierTable
  let policy: Policy
  let needs: RequestNeeds
  let task: TaskKind?
  /// The tiers that rules leave.
  let ruled: TierSet

  /// The tiers that would be left but for the estimate of tokens, which may be too high: those with the largest window
  /// among them, the cheapest where several have it. None where other constraints leave none.
  var largestWindow: TierSet {
    var relaxed = policy
    for index in relaxed.tiers.indices { relaxed.tiers[index].contextTokens = nil }
    let left = relaxed.allowedTiers(for: needs, task: task).intersection(ruled)
    let indices = policy.tiers.indices.filter(left.contains)
    // A tier without a known window would have been allowed: all of these have one.
    guard let best = indices.max(by: { window($0) < window($1) || (window($0) == window($1) && $0 > $1) }) else {
      return []
    }
    return TierSet(only: best)
  }

  private func window(_ tier: Int) -> Int { policy.tiers[tier].contextTokens ?? .max }

  /// Says of every constraint which tiers it excludes.
  var error: GatewayError {
    var parts: [String] = []
    func add(_ reason: String, _ allowed: TierSet) {
      let excluded = tiers.names(tiers.all.subtracting(allowed))
      if !excluded.isEmpty { parts.append("\(reason) excludes \(excluded.joined(separator: ", "))") }
    }
    add("a rule", ruled)
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

  private func allowing(_ holds: (TierLimits) -> Bool) -> TierSet {
    TierSet(policy.tiers.indices.filter { holds(policy.tiers[$0]) })
  }
}
