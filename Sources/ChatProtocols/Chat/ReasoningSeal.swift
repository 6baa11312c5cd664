/// What a provider adds to reasoning, so that it takes it back in the next turn: clients that can keep it give it back as it
/// is. Never made up: a provider refuses what it did not seal.
package enum ReasoningSeal: Sendable, Hashable {
  /// The signature of the text before it.
  case signature(String)
  /// Reasoning that only the provider can read.
  case redacted(String)
}

/// A part of a choice's reasoning.
package struct ReasoningPart: Sendable, Hashable {
  /// Empty where the part is redacted.
  package var text = ""

  /// `nil` where the provider sealed nothing.
  package var seal: ReasoningSeal?
}

extension ChatChoice {
  /// Adds to the reasoning: to the part that is not sealed yet.
  package mutating func append(reasoning text: String) {
    reasoning = (reasoning ?? "") + text
    if reasoningParts.last.map({ $0.seal != nil }) ?? true { reasoningParts.append(ReasoningPart()) }
    reasoningParts[reasoningParts.count - 1].text += text
  }

  /// Seals the part that was said last, or adds one that is sealed altogether. A signature of nothing is none.
  package mutating func seal(_ seal: ReasoningSeal) {
    switch seal {
    case .redacted: reasoningParts.append(ReasoningPart(seal: seal))
    case .signature:
      guard let last = reasoningParts.indices.last, reasoningParts[last].seal == nil else { return }
      reasoningParts[last].seal = seal
    }
  }
}
