import Statistics

/// A canary that is looked at after every conversation: what has been seen decides as soon as it can, and errors are those of the terms
/// however often one looks. See <doc:LabelsAndDecisions>.
///
/// Quality is that of labelled pairs on all eligible conversations, of either arm: both tiers of a disagreement are rated, so that the two
/// are compared on the same requests. Dollars, latency and failures are what the arms' own conversations came to.
package struct CanaryWatch: Sendable {
  /// A conversation that is over, or its first ``DecidingSequence/greatest`` requests.
  package struct Conversation: Sendable {
    package var isCandidate: Bool
    /// Its eligible requests, as far as labels speak about the two policies.
    package var turns: [DecidingSequence.Turn]
    /// K, the inclusion at full intensity that was in force.
    package var scale: Double
    /// `nil` where it is not known.
    package var dollars: Double?
    package var latencyMilliseconds: Double?
    /// The share of its requests that failed.
    package var failures: Double?
    /// The greatest weight that one of its labels can have: more than usual where the rate may fall within a conversation.
    package var greatestWeight = 1 / LabelDesign.intensities.lowerBound

    package init(
      isCandidate: Bool, turns: [DecidingSequence.Turn], scale: Double, dollars: Double? = nil,
      latencyMilliseconds: Double? = nil, failures: Double? = nil
    ) {
      (self.isCandidate, self.turns, self.scale) = (isCandidate, turns, scale)
      (self.dollars, self.latencyMilliseconds, self.failures) = (dollars, latencyMilliseconds, failures)
    }
  }

  package let terms: CanaryTerms
  package private(set) var quality: DecidingSequence
  /// Of the interval of quality: it is told to four parts of a thousand, so that looking after every conversation costs little.
  private static let steps = 1_000
  /// At the level of aborting, one sided.
  private var contrasts: [ReplayQuantity: ArmContrast]
  /// At the level of promoting, one sided.
  private var saving: ArmContrast
  package private(set) var arms = (incumbent: 0, candidate: 0)

  /// Those of both arms.
  package var conversations: Int { arms.incumbent + arms.candidate }

  /// Of the level of aborting, what each quantity has.
  var abortPart: Double { terms.abortLevel / Double(ReplayQuantity.allCases.count) }

  package init(_ terms: CanaryTerms) {
    self.terms = terms
    let part = terms.abortLevel / Double(ReplayQuantity.allCases.count)
    quality = DecidingSequence(level: min(terms.promotionLevel, part), reach: terms.qualityMargin, steps: Self.steps)
    // Of a two-sided interval each end errs with half of its level.
    func contrast(_ level: Double) -> ArmContrast {
      ArmContrast(share: terms.share, level: min(2 * level, 0.5), sharpestAt: terms.plannedConversations)
    }
    contrasts = [
      .costUSD: contrast(part), .latencyMilliseconds: contrast(part), .failures: contrast(part),
    ]
    saving = contrast(terms.promotionLevel)
  }

  /// Takes a conversation, in the order in which they end.
  package mutating func close(_ conversation: Conversation) {
    if conversation.isCandidate { arms.candidate += 1 } else { arms.incumbent += 1 }
    if !conversation.turns.isEmpty {
      quality.close(
        Array(conversation.turns.prefix(DecidingSequence.greatest.requests)), scale: conversation.scale,
        greatestWeight: conversation.greatestWeight)
    }
    let seen: [(ReplayQuantity, Double?)] = [
      (.costUSD, conversation.dollars), (.latencyMilliseconds, conversation.latencyMilliseconds),
      (.failures, conversation.failures),
    ]
    for case (let quantity, let value?) in seen {
      contrasts[quantity]?.add(value, isCandidate: conversation.isCandidate)
    }
    if let dollars = conversation.dollars { saving.add(dollars, isCandidate: conversation.isCandidate) }
  }

  /// Candidate − incumbent in a quantity, with an interval that holds however often one looks; `nil` where too little is known.
  package func difference(_ quantity: ReplayQuantity) -> IntervalEstimate? {
    quantity == .quality ? quality.estimate : contrasts[quantity]?.difference
  }

  /// What can be decided now. An abort comes before a promotion.
  package var verdict: CanaryVerdict {
    if quality.refusal == nil, quality.evidence(worseBy: terms.qualityMargin) >= 1 / abortPart {
      return .abort(.quality)
    }
    for quantity in ReplayQuantity.allCases where quantity != .quality {
      if let contrast = contrasts[quantity], let difference = contrast.difference,
        difference.low > margin(quantity, contrast)
      {
        return .abort(quantity)
      }
    }
    guard quality.refusal == nil, quality.evidence(notWorseBy: terms.qualityMargin) >= 1 / terms.promotionLevel,
      let dollars = saving.difference, dollars.high < 0,
      // Not proven worse is not yet fine: what looks worse now waits until it no longer does.
      contrasts.allSatisfy({ ($1.difference?.value ?? .infinity) <= margin($0, $1) })
    else { return .undecided }
    return .promote
  }

  private func margin(_ quantity: ReplayQuantity, _ contrast: ArmContrast) -> Double {
    switch quantity {
    case .quality: terms.qualityMargin
    case .failures: terms.failureMargin
    case .latencyMilliseconds: terms.latencyMargin * (contrast.incumbentMean ?? 0)
    case .costUSD: terms.dollarMargin * (contrast.incumbentMean ?? 0)
    }
  }
}
