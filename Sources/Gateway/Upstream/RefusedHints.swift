import ChatProtocols
import Synchronization
import TextKit

/// The hints that a target was found to refuse: what a request says about how to answer, without which it is the same
/// question. A request whose 400 names one is sent again without it. Where the target refuses the hint as such that is learnt,
/// and later requests go without it at once; a value or a combination is the one request's own (``HintRefusal``).
///
/// Believed for a week: what a provider learns to take is tried again then. A ``HintStore`` keeps it that long.
package final class RefusedHints: Sendable {
  private static let hints: [RefusedHint] =
    [
      "stream_options", "reasoning_effort", "verbosity", "temperature", "top_p", "top_k", "parallel_tool_calls", "user",
      "metadata", "store", "service_tier", "prediction", "seed", "presence_penalty", "frequency_penalty",
      "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "thinking", "context_management",
      "min_p", "repetition_penalty",
    ].map { RefusedHint(name: $0, key: $0) } + [
      RefusedHint(name: "max_tokens", key: "max_tokens", otherKey: "max_completion_tokens"),
      RefusedHint(name: "max_completion_tokens", key: "max_completion_tokens", otherKey: "max_tokens"),
      RefusedHint(name: "effort", key: "output_config", part: "effort"),
      RefusedHint(name: "logprobs", key: "logprobs", isOwn: true),
    ]

  /// By name, when it was learnt, in seconds since 1970.
  private let learnt: Mutex<[String: Double]>
  private let onLearn: @Sendable (String, Double) -> Void

  /// - Parameters:
  ///   - known: what was learnt before, by name, with when. Names that are no hints are skipped.
  ///   - onLearn: is told what is learnt, and when.
  package init(
    _ known: [String: Double] = [:], onLearn: @escaping @Sendable (String, Double) -> Void = { _, _ in }
  ) {
    learnt = Mutex(known)
    self.onLearn = onLearn
  }

  /// The names of what is left out of clients' requests at a time, in order.
  package func names(at time: Double) -> [String] {
    let own = Set(Self.hints.lazy.filter { $0.isOwn }.map { $0.name })
    return learnt.withLock { learnt in
      learnt.filter { Self.isBelieved($0.value, time) && !own.contains($0.key) }.keys.sorted()
    }
  }

  private static func isBelieved(_ learnt: Double, _ time: Double) -> Bool {
    time - learnt < MemoryHints.lifetimeSeconds
  }

  /// The body without what is refused.
  /// - Parameter own: the fields that the gateway added for itself.
  /// - Complexity: O(1) while nothing was learnt, else O(bytes).
  func applied(to body: [UInt8], own: Set<String> = [], at time: Double) -> [UInt8] {
    let learnt = learnt.withLock { $0 }
    guard !learnt.isEmpty, let root = try? JSONParser.parse(body), root.members != nil else { return body }
    let hints = Self.hints.filter { hint in
      learnt[hint.name].map { Self.isBelieved($0, time) } ?? false && hint.stands(in: root, own)
    }
    guard !hints.isEmpty else { return body }
    return hints.reduce(root) { $1.removed(from: $0) }.jsonBytes
  }

  /// What to send after a refusal of a body, and what it is without; `nil` where the refusal is about something else.
  /// Learns what is refused as such.
  func mended(
    _ body: [UInt8], after failure: UpstreamFailure, own: Set<String> = [], at time: Double
  ) -> (body: [UInt8], leftOut: String)? {
    guard let root = try? JSONParser.parse(body), root.members != nil,
      let refusal = HintRefusal(failure, of: root, among: Self.hints.filter { $0.stands(in: root, own) })
    else { return nil }
    if refusal.isOfParameter { learn(refusal.hint.name, at: time) }
    return (refusal.hint.removed(from: root).jsonBytes, refusal.hint.name)
  }

  private func learn(_ name: String, at time: Double) {
    let isNew = learnt.withLock { learnt in
      if let earlier = learnt[name], Self.isBelieved(earlier, time) { return false }
      learnt[name] = time
      return true
    }
    if isNew { onLearn(name, time) }
  }
}
