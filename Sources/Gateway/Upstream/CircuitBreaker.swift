package import GatewayCore
import Synchronization

/// Keeps requests away from a target that fails, and lets one through now and then to see whether it recovered.
///
/// Closed, it counts successes and failures over a sliding window. It opens when the window holds enough requests and the
/// share of failures reaches the limit; after the cooldown one request may probe, and its outcome closes the breaker or
/// opens it again. Failures that all come from one origin, such as a client whose requests the provider cannot stand, open
/// it for that origin alone, once others are seen to do without. Source: Nygard, Release It!, "Circuit Breaker"; half-open probes as in Hystrix.
package final class CircuitBreaker: Sendable {
  /// What a request may do.
  package enum Permit: Sendable, Hashable {
    case pass
    /// The one request that finds out whether the target recovered. Its outcome must be recorded.
    case probe
    case refused
  }

  /// For metrics.
  package enum State: Int, Sendable, Hashable {
    case closed = 0
    case halfOpen = 1
    case open = 2
  }

  private struct Slot {
    var start = -Double.infinity
    var successes = 0
    var failures = 0
    /// Who asked, of what failed; `nil` stands for all whose origin is not known.
    var failed: Set<UInt64?> = []
  }

  private struct Memory {
    var slots = [Slot](repeating: Slot(), count: CircuitBreaker.slotCount)
    /// When it opened, or a cooldown began, until when no one passes; `nil` when closed.
    var openUntil: Double?
    /// Whom it is open for; `nil` for all.
    var onlyFor: UInt64?
    var isProbing = false
  }

  /// The window slides in steps of this part of it.
  private static let slotCount = 12

  private let configuration: BreakerConfiguration
  private let memory = Mutex(Memory())

  package init(_ configuration: BreakerConfiguration) { self.configuration = configuration }

  /// Asks for a request at a time (seconds of a steady clock).
  /// - Parameter origin: who asks: a client, or a conversation where clients have no names. `nil` where no one knows.
  package func permit(at now: Double, origin: UInt64? = nil) -> Permit {
    memory.withLock { memory in
      guard let until = memory.openUntil else { return .pass }
      if let only = memory.onlyFor, only != origin { return .pass }
      guard now >= until, !memory.isProbing else { return .refused }
      memory.isProbing = true
      return .probe
    }
  }

  /// Gives a probe back that was never sent or was cancelled.
  package func release() { memory.withLock { $0.isProbing = false } }

  /// Counts an answer.
  package func succeed(at now: Double, origin: UInt64? = nil) {
    memory.withLock { memory in
      if memory.openUntil != nil, memory.onlyFor == nil || memory.onlyFor == origin { memory = Memory() }
      memory.slots[slotIndex(&memory, now)].successes += 1
    }
  }

  /// Counts a failure.
  package func fail(at now: Double, origin: UInt64? = nil) {
    memory.withLock { memory in
      let index = slotIndex(&memory, now)
      memory.slots[index].failures += 1
      if memory.slots[index].failed.count < 8 { memory.slots[index].failed.insert(origin) }
      let wasProbing = memory.isProbing
      memory.isProbing = false
      guard wasProbing || shouldOpen(memory, now) else { return }
      let origins = recent(memory, now).reduce(into: Set<UInt64?>()) { $0.formUnion($1.failed) }
      memory.onlyFor = origins.count == 1 ? origins.first ?? nil : nil
      memory.openUntil = now + configuration.cooldownSeconds
    }
  }

  /// Keeps requests away for a while, as a provider's Retry-After asks.
  package func coolDown(until time: Double) {
    memory.withLock { memory in
      memory.isProbing = false
      memory.onlyFor = nil
      memory.openUntil = max(memory.openUntil ?? time, time)
    }
  }

  /// The state at a time. Half open also while a probe is in progress, when ``permit(at:)`` refuses.
  package func state(at now: Double) -> State {
    memory.withLock { memory in
      guard let until = memory.openUntil else { return .closed }
      return now >= until ? .halfOpen : .open
    }
  }

  /// The slot of a time, emptied when it last held an older round.
  private func slotIndex(_ memory: inout Memory, _ now: Double) -> Int {
    let length = configuration.windowSeconds / Double(Self.slotCount)
    let step = (now / length).rounded(.down)
    let index = Int(step.truncatingRemainder(dividingBy: Double(Self.slotCount)).magnitude)
    let start = step * length
    if memory.slots[index].start != start { memory.slots[index] = Slot(start: start) }
    return index
  }

  private func recent(_ memory: Memory, _ now: Double) -> [Slot] {
    memory.slots.filter { $0.start > now - configuration.windowSeconds }
  }

  private func shouldOpen(_ memory: Memory, _ now: Double) -> Bool {
    let recent = recent(memory, now)
    let failures = recent.reduce(0) { $0 + $1.failures }
    let requests = recent.reduce(failures) { $0 + $1.successes }
    return requests >= configuration.minimumRequests
      && Double(failures) >= configuration.failureRate * Double(requests)
  }
}
