internal import COckham
internal import Ockham

extension Policy {
  /// Reads a policy in C for a model.
  init(_ pointer: UnsafePointer<ockham_policy>?, for model: Model) throws(Refusal) {
    guard let pointer = unsafe pointer else { throw .nullArgument("policy") }
    try unsafe checkSize("policy", pointer.pointee.struct_bytes, of: ockham_policy.self)
    let policy = unsafe pointer.pointee
    self.init(thresholds: model.thresholds)
    try unsafe readThresholds(policy)
    try unsafe readTiers(policy)
    minimumQuality = try unsafe limit("minimum_quality", Double(policy.minimum_quality), upTo: 1).map { Float($0) }
    maximumCostUSD = try unsafe limit("maximum_cost_usd", policy.maximum_cost_usd)
    maximumLatencyMilliseconds = try unsafe limit("maximum_latency_milliseconds", policy.maximum_latency_milliseconds)
    unsafe readPins(policy)
  }

  private mutating func readThresholds(_ policy: ockham_policy) throws(Refusal) {
    let count = unsafe policy.threshold_count
    guard count != 0 else { return }
    guard count == thresholds.increments.count else {
      throw .policy("threshold_count: expected \(thresholds.increments.count) for this model or 0, found \(count)")
    }
    guard let steps = unsafe policy.thresholds else { throw .nullArgument("thresholds") }
    unsafe thresholds.increments = Array(UnsafeBufferPointer(start: steps, count: count))
    guard thresholds.increments.allSatisfy({ $0.isFinite }) else {
      throw .policy("thresholds: expected finite numbers")
    }
  }

  private mutating func readTiers(_ policy: ockham_policy) throws(Refusal) {
    let count = unsafe policy.tier_count
    guard count != 0 else { return }
    guard count == tiers.count else {
      throw .policy("tier_count: expected \(tiers.count) for this model or 0, found \(count)")
    }
    guard let limits = unsafe policy.tiers else { throw .nullArgument("tiers") }
    for index in tiers.indices { tiers[index] = try TierLimits(unsafe limits[index]) }
  }

  private mutating func readPins(_ policy: ockham_policy) {
    var pins = unsafe policy.task_pins
    unsafe withUnsafeBytes(of: &pins) { bytes in
      for kind in TaskKind.allCases {
        let pin = unsafe bytes.load(fromByteOffset: 8 * Int(kind.rawValue), as: UInt64.self)
        if pin != 0 { taskPins[kind] = TierSet(rawValue: pin) }
      }
    }
  }
}

extension TierLimits {
  fileprivate init(_ limits: ockham_tier_limits) throws(Refusal) {
    self.init()
    contextTokens = limits.context_tokens > 0 ? Int(limits.context_tokens) : nil
    inputUSDPerMillionTokens = try limit("input_usd_per_million_tokens", limits.input_usd_per_million_tokens)
    outputUSDPerMillionTokens = try limit("output_usd_per_million_tokens", limits.output_usd_per_million_tokens)
    latencyMilliseconds = try limit("latency_milliseconds", limits.latency_milliseconds)
    capabilities = .all.subtracting(Capabilities(rawValue: UInt8(truncatingIfNeeded: limits.missing_capabilities)))
  }
}

/// A limit as C states it: `nil` for 0.
private func limit(
  _ name: StaticString, _ value: Double, upTo maximum: Double = .greatestFiniteMagnitude
) throws(Refusal) -> Double? {
  guard value >= 0, value <= maximum else { throw .policy("\(name): expected 0 for no limit or a finite number above") }
  return value == 0 ? nil : value
}
