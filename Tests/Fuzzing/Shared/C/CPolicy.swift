import COckham

/// A policy in C: any numbers, counts that fit a model or do not.
struct CPolicy {
  private let thresholds: Exact<Float>
  private let tiers: Exact<ockham_tier_limits>
  private(set) var value = ockham_policy()

  init(_ input: inout FuzzInput) {
    func number() -> Double {
      [0, -0.0, 1, 0.5, 1e-300, 1e308, -1, .infinity, .nan, Double(bitPattern: input.word())][input.index(below: 10)]
    }
    let flags = input.byte()
    thresholds = Exact((0..<input.index(below: 5)).map { _ in Float(number()) }, isNull: flags & 1 != 0)
    tiers = Exact(
      (0..<input.index(below: 6)).map { _ in
        ockham_tier_limits(
          context_tokens: Int64(truncatingIfNeeded: input.word()), input_usd_per_million_tokens: number(),
          output_usd_per_million_tokens: number(), latency_milliseconds: number(),
          missing_capabilities: UInt32(input.byte()))
      }, isNull: flags & 2 != 0)
    value.struct_bytes = flags & 0x1C == 0 ? Int(input.byte()) : MemoryLayout<ockham_policy>.size
    (value.thresholds, value.threshold_count) = (UnsafePointer(thresholds.pointer), thresholds.count)
    (value.tiers, value.tier_count) = (UnsafePointer(tiers.pointer), tiers.count)
    if flags & 0x20 != 0 { value.minimum_quality = Float(number()) }
    if flags & 0x40 != 0 { value.maximum_cost_usd = number() }
    if flags & 0x80 != 0 { value.task_pins.3 = input.word() }
  }

  func free() {
    thresholds.free()
    tiers.free()
  }
}
