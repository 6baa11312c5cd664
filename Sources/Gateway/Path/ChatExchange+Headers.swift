import TextKit

/// The headers by which a client learns what became of its request. Few by default; all with `x-ockham-debug: true`.
extension ChatExchange {
  /// Headers that are known before the answer is.
  func headers(_ end: End) -> [(name: String, value: String)] {
    var headers = OutgoingResponse.identity(incoming.id, in: apiFormat.apiFormat)
    if let target = end.target {
      if !target.tier.isEmpty { headers.append(("x-ockham-tier", target.tier)) }
      headers.append(("x-ockham-model", target.configuration.model))
    }
    headers.append(("x-ockham-reason", decision.reason.name))
    if let observed = decision.observed { headers.append(("x-ockham-would-tier", tierNames[observed.tier])) }
    headers.append(("x-ockham-attempts", String(end.attempts.count)))
    if isCascade { headers.append(("x-ockham-escalations", String(end.escalations))) }
    headers += hold.limits.headers
    if incoming.header("x-ockham-debug") == "true" { headers += debugHeaders(end) }
    return headers
  }

  /// The cost, once it is known: a header of whole answers, a trailer of streams.
  func costHeaders(_ end: End) -> [(name: String, value: String)] {
    end.attempts.costUSD.map { [("x-ockham-cost-usd", Self.dollars($0))] } ?? []
  }

  private func debugHeaders(_ end: End) -> [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = [
      ("x-ockham-policy", decision.policy), ("x-ockham-propensity", "\(decision.propensity)"),
      ("x-ockham-gain", "\(decision.gain)"), ("x-ockham-threshold", "\(decision.threshold)"),
      ("x-ockham-decision-ns", "\(decision.nanoseconds)"), ("x-ockham-cached-decision", "\(decision.isFromCache)"),
    ]
    let probabilities = zip(tierNames, decision.probabilities).map { "\($0)=\($1)" }
    if !probabilities.isEmpty { headers.append(("x-ockham-probabilities", probabilities.joined(separator: ","))) }
    if let observed = decision.observed { headers.append(("x-ockham-would-reason", observed.reason.name)) }
    if let conversation = decision.conversation { headers.append(("x-ockham-conversation", conversation.hexadecimal)) }
    if let identity = decision.identity { headers.append(("x-ockham-policy-hash", identity.hash.hexadecimal)) }
    if let task = decision.task { headers.append(("x-ockham-task", task.name)) }
    if !decision.rules.isEmpty {
      headers.append(("x-ockham-rules", decision.rules.map { SafeText.label($0) }.joined(separator: ",")))
    }
    if let target = end.target { headers.append(("x-ockham-target", target.name)) }
    let leftOut = leftOutHints(of: end) + leftOutTools(of: end)
    if !leftOut.isEmpty { headers.append(("x-ockham-left-out", leftOut.joined(separator: ","))) }
    let changes = end.target?.changes(of: request, at: shared.clock.unixSeconds()) ?? []
    if !changes.isEmpty {
      headers.append(("x-ockham-adapted", changes.map { "\($0.name):\($0.kind.rawValue)" }.joined(separator: ",")))
    }
    if let model = decision.modelIdentifier { headers.append(("x-ockham-model-hash", model.hexadecimal)) }
    let failures = end.attempts.compactMap { attempt in attempt.failure.map { "\(attempt.target):\($0.rawValue)" } }
    if !failures.isEmpty { headers.append(("x-ockham-failures", failures.joined(separator: ","))) }
    return headers
  }

  /// What the target that answered was found to refuse, and what of this request it refused.
  private func leftOutHints(of end: End) -> [String] {
    guard let target = end.target else { return [] }
    let known = target.refusedHints.names(at: shared.clock.unixSeconds())
    let own = end.attempts.last { $0.failure == nil && $0.target == target.name }?.leftOut ?? []
    return known + own.filter { !known.contains($0) }
  }

  /// The hosted tools that what answered has not seen.
  private func leftOutTools(of end: End) -> [String] {
    guard let target = end.target else { return [] }
    return request.hostedToolsLeftOut(by: target.provider.codec, model: target.configuration.model)
      .map { SafeText.label($0).replacing("\"", with: "") }
  }

  /// US dollars as a plain decimal: no exponent, nothing lost.
  static func dollars(_ amount: Double) -> String {
    let text = "\(amount)"
    guard let exponentMark = text.firstIndex(where: { $0 == "e" || $0 == "E" }),
      let exponent = Int(text[text.index(after: exponentMark)...]), exponent < 0
    else { return text }
    let digits = text[..<exponentMark].filter(\.isNumber)
    let trimmed = digits.hasSuffix("0") && digits.count > 1 ? String(digits.dropLast()) : String(digits)
    return "0." + String(repeating: "0", count: -exponent - 1) + trimmed
  }
}
