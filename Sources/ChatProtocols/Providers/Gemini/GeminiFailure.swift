import TextKit

/// What Gemini's errors mean: `{"error": {"code", "message", "status", "details"}}`. Source: Google Cloud API design guide,
/// "Errors"; Gemini API, "Troubleshooting".
enum GeminiFailure {
  static func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    let root = (try? JSONParser.parse(body)) ?? .null
    var facts = facts(of: root)
    facts.status = status
    facts.retryAfterSeconds = RetryAfter.seconds(in: headers) ?? facts.retryAfterSeconds
    return facts.failure(kind(of: facts, root))
  }

  /// The error, or the refusal of the prompt, in a body that came with status 200; `nil` where there is none.
  static func failure(in root: JSONNode) -> UpstreamFailure? {
    if root["error"]?.members != nil {
      var facts = facts(of: root)
      facts.status = root["error"]?["code"]?.integer.flatMap { (400..<600).contains($0) ? $0 : nil }
      return facts.failure(kind(of: facts, root))
    }
    guard root["candidates"]?.elements?.isEmpty != false, root["promptFeedback"]?["blockReason"] != nil else {
      return nil
    }
    return UpstreamFailure(.contentFiltered, reason: "prompt_blocked")
  }

  private static func facts(of root: JSONNode) -> ErrorFacts {
    let error = (root.elements?.first ?? root)["error"] ?? .null
    var facts = ErrorFacts()
    for detail in error["details"]?.elements ?? [] {
      if let reason = detail["reason"]?.string { facts.codes.append(reason) }
      if let delay = detail["retryDelay"]?.string, delay.hasSuffix("s"), let seconds = Double(delay.dropLast()) {
        facts.retryAfterSeconds = seconds.isFinite ? RetryAfter.bounded(seconds) : nil
      }
    }
    facts.codes += [error["status"]].compactMap { $0?.string }
    facts.message = error["message"]?.string
    return facts
  }

  /// A key that is wrong comes as 400; a quota per day is used up until the next, one per minute is a matter of waiting.
  private static func kind(of facts: ErrorFacts, _ root: JSONNode) -> UpstreamFailure.Kind {
    if facts.status == 429 || facts.hasCode(["resource_exhausted"]) {
      return isDaily(root) ? .quotaExhausted : .rateLimited
    }
    if facts.hasCode(["failed_precondition"]) { return .quotaExhausted }
    if facts.status == nil, facts.hasCode(["unauthenticated"]) { return .keyRefused }
    if facts.status == nil, facts.hasCode(["permission_denied"]) { return .forbidden }
    return facts.kind
  }

  private static func isDaily(_ root: JSONNode) -> Bool {
    let details = (root.elements?.first ?? root)["error"]?["details"]?.elements ?? []
    let violations = details.flatMap { $0["violations"]?.elements ?? [] }
    return violations.contains { $0["quotaId"]?.string?.contains("PerDay") ?? false }
  }
}
