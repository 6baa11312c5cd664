import ChatProtocols
import Synchronization
import TextKit

/// The hints that a target was found to refuse: what a request says about how to answer, without which it is the same
/// question. A 400 that names one is learnt, the request is sent again without it, and later ones go without it at once.
///
/// Believed for a week: what a provider learns to take is tried again then. A ``HintStore`` keeps it that long.
package final class RefusedHints: Sendable {
  /// A hint: the words by which errors name it, and where it stands in a body.
  private struct Hint {
    let name: String
    let key: String
    /// The key inside that, for a part of an object.
    var part: String?
    /// Where the same can be said by another name.
    var otherKey: String?
    /// A hint only where the gateway added it for itself: a client that asks for it wants it.
    var isOwn = false
  }

  private static let hints: [Hint] =
    [
      "stream_options", "reasoning_effort", "verbosity", "temperature", "top_p", "top_k", "parallel_tool_calls", "user",
      "metadata", "store", "service_tier", "prediction", "seed", "presence_penalty", "frequency_penalty",
      "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "thinking", "context_management",
      "min_p", "repetition_penalty",
    ].map { Hint(name: $0, key: $0) } + [
      Hint(name: "max_tokens", key: "max_tokens", otherKey: "max_completion_tokens"),
      Hint(name: "max_completion_tokens", key: "max_completion_tokens", otherKey: "max_tokens"),
      Hint(name: "effort", key: "output_config", part: "effort"),
      Hint(name: "logprobs", key: "logprobs", isOwn: true),
    ]

  /// Words with which servers refuse a parameter as such, and not its value.
  private static let refusals = [
    "unsupported", "not support", "n't support", "unrecognized", "unknown", "unexpected", "extra inputs",
    "not permitted", "not allowed", "not available", "extra_forbidden", "extra fields", "no longer",
    "cannot both be specified", "deprecated",
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
      learnt[hint.name].map { Self.isBelieved($0, time) } ?? false && Self.stands(hint, in: root, own)
    }
    guard !hints.isEmpty else { return body }
    return hints.reduce(root) { Self.without($1, $0) }.jsonBytes
  }

  /// Learns from a refusal of a body; whether there was something to learn.
  func learn(
    from failure: UpstreamFailure, of body: [UInt8], own: Set<String> = [], at time: Double
  ) -> Bool {
    guard [400, 422].contains(failure.status), failure.kind == .badRequest || failure.kind == .unsupported,
      let root = try? JSONParser.parse(body)
    else { return false }
    let text = (failure.clientMessage ?? "").lowercased()
    let isRefusal = Self.refusals.contains(where: text.contains) || failure.reason.hasPrefix("unsupported")
    guard isRefusal || failure.clientMessage == nil else { return false }
    let words = Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    let named = Self.hints.first { hint in
      Self.stands(hint, in: root, own)
        && (failure.param.map { $0 == hint.key || $0 == hint.name } ?? words.contains(hint.name))
    }
    guard let named else { return false }
    let isNew = learnt.withLock { learnt in
      if let earlier = learnt[named.name], Self.isBelieved(earlier, time) { return false }
      learnt[named.name] = time
      return true
    }
    if isNew { onLearn(named.name, time) }
    return isNew
  }

  private static func stands(_ hint: Hint, in root: JSONNode, _ own: Set<String>) -> Bool {
    guard let value = root[hint.key], !value.isNull, !hint.isOwn || own.contains(hint.key) else { return false }
    return hint.part.map { value[$0] != nil } ?? true
  }

  private static func without(_ hint: Hint, _ root: JSONNode) -> JSONNode {
    let members = (root.members ?? []).compactMap { member -> JSONMember? in
      guard member.key == hint.key else { return member }
      if let part = hint.part {
        let rest = (member.value.members ?? []).filter { $0.key != part }
        return rest.isEmpty ? nil : JSONMember(key: member.key, value: .object(rest))
      }
      return hint.otherKey.map { JSONMember(key: $0, value: member.value) }
    }
    return .object(members)
  }
}
