package import TextKit

/// What a candidate is held to, fixed when its canary starts: the journal keeps it as the evidence of that decision.
package struct CanaryConditions: Sendable, Hashable {
  /// How much lower the candidate's quality may be, 0…1.
  package var margin: Double
  /// The probability with which all decisions of a registry are to be right, above 0 and below 1.
  package var confidence: Double
  /// Whether a candidate that has proven itself serves alone without a person's word. Taking out one that fails needs none.
  package var completesByItself: Bool

  package init(margin: Double = 0.01, confidence: Double = 0.95, completesByItself: Bool = false) {
    (self.margin, self.confidence, self.completesByItself) = (margin, confidence, completesByItself)
  }

  package var node: JSONNode {
    .object([
      "margin": .number(margin), "confidence": .number(confidence), "auto": .boolean(completesByItself),
    ])
  }

  /// Of a canary's entry; canaries of older programs state none, and have the usual ones.
  package init(_ entry: JournalEntry) {
    self.init()
    for member in entry.evidence?.members ?? [] {
      switch member.key {
      case "margin": margin = member.value.number ?? margin
      case "confidence": confidence = member.value.number ?? confidence
      case "auto": completesByItself = member.value.boolean ?? false
      default: continue
      }
    }
  }
}

extension Journal {
  /// The decision that started the canary that is in progress; `nil` where none is.
  package var canary: JournalEntry? {
    guard let candidate = pointerFile?.pointer.candidate else { return nil }
    return entries.last { $0.action == .canary && $0.version == candidate }
  }
}
