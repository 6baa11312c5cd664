import TextKit

extension LogRecord {
  /// Checks what is said of how the request was routed.
  func checkDraw() throws(RecordViolation) {
    if let allowed { try Self.check(allowed: allowed) }
    if let served { try check(served: served) }
    if let conversation { try Self.check(name: conversation, field: "conversation") }
    if let policyHash { try Self.check(name: policyHash, field: "policy_hash") }
    if let steps { try Self.check(steps: steps) }
    if let labelRate { try RecordViolation.checkProbability(labelRate, field: "label_rate") }
    if let auditRate, !(auditRate >= 0 && auditRate <= 1) {
      throw .range("audit_rate", expected: "a number from 0 to 1", found: auditRate, remedy: "fix it or leave it out")
    }
  }

  private static func check(allowed: [String]) throws(RecordViolation) {
    guard !allowed.isEmpty else {
      throw .empty("allowed", "at least one name", remedy: "leave allowed out where every tier was")
    }
    for (index, name) in allowed.enumerated() {
      try check(name: name, field: "allowed[\(index)]")
      guard allowed[..<index].contains(name) else { continue }
      throw RecordViolation(
        .duplicateKey, field: "allowed[\(index)]", expected: "each name once", found: SafeText.label(name) + " twice",
        remedy: "remove one")
    }
  }

  /// Who served must be known by name: a misspelt one would be a tier of its own. A record without any other name says
  /// nothing to compare with.
  private func check(served: String) throws(RecordViolation) {
    try Self.check(name: served, field: "served")
    let names = outcomes.map(\.name) + (allowed ?? [])
    guard !names.isEmpty, !names.contains(served) else { return }
    throw RecordViolation(
      .unknownTier, field: "served", expected: "a name of outcomes or allowed", found: SafeText.label(served),
      remedy: "spell it as there, or add it to outcomes, with null where nothing is known")
  }

  private static func check(steps: [CascadeStep]) throws(RecordViolation) {
    guard !steps.isEmpty else {
      throw .empty("steps", "at least one step", remedy: "leave steps out where no cascade was")
    }
    for (index, step) in steps.enumerated() {
      do throws(RecordViolation) {
        try check(name: step.tier, field: "tier")
        try RecordViolation.checkProbability(step.propensity, field: "propensity")
      } catch { throw error.inside("steps[\(index)]") }
    }
  }
}

extension AnswerMessage {
  /// Checks the range of the log probabilities.
  func validate() throws(RecordViolation) {
    for (index, logprob) in (logprobs ?? []).enumerated() where !(logprob <= 0 && logprob.isFinite) {
      throw .range(
        "logprobs[\(index)]", expected: "a number of at most 0", found: logprob, remedy: "fix it or leave logprobs out")
    }
  }
}

extension RecordViolation {
  fileprivate static func empty(_ field: String, _ expected: String, remedy: String) -> RecordViolation {
    RecordViolation(.emptyArray, field: field, expected: expected, found: "an empty array", remedy: remedy)
  }
}
