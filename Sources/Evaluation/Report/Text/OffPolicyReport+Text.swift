import TextKit

extension OffPolicyReport {
  /// What the estimates rest on and what is refused, one sentence each.
  var sentences: [String] {
    rowSentences + sourceSentences + refusals
  }

  private var rowSentences: [String] {
    let support = own.quality.support
    var sentences = [
      "Each request has one known answer: the quality of another way of routing is estimated (doubly robust) from the requests "
        + "that chance sent where it would send them. The model would send \(NumberFormat.percent(support.disagreement, places: 1)) "
        + "of the \(NumberFormat.count(rows)) requests elsewhere."
    ]
    if support.conversations < rows {
      sentences.append(
        "\(NumberFormat.count(support.conversations)) conversations: turns of one stand or fall together, and its weight is "
          + "the product of its draws.")
    }
    if fixedRows > 0 {
      sentences.append(
        "\(NumberFormat.count(fixedRows)) requests had no choice (eligible false, or propensity 1): every way of routing gets "
          + "what they really gave. The model alone would send \(NumberFormat.count(fixedElsewhereRows)) of them elsewhere."
      )
    }
    if support.unsupportedRows > 0, own.quality.refusal == nil {
      sentences.append(
        "\(NumberFormat.count(support.unsupportedRows)) requests lack a propensity or could not have gone where the model sends "
          + "them: taken as predicted, and the intervals hold at the worst for them.")
    }
    return sentences
  }

  private var sourceSentences: [String] {
    switch source {
    case .logged: []
    case .fitted:
      [
        "Propensities are fitted to the log: an estimate, never a guarantee. It is wrong where something that the log does not "
          + "show decided who answered and told about quality too."
      ]
    }
  }

  /// What is refused, each reason once with the policies that it holds for.
  private var refusals: [String] {
    if let reason = own.quality.refusal, policies.allSatisfy({ $0.quality.refusal == reason }) {
      return ["Refused: \(reason.sentence)"]
    }
    return policies.compactMap { policy in policy.quality.refusal.map { "Refused for \(policy.name): \($0.sentence)" } }
      + policies.compactMap { policy in
        guard policy.quality.refusal == nil, let reason = policy.costUSD?.refusal else { return nil }
        return "Refused for the dollars of \(policy.name): \(reason.sentence)"
      }
  }
}

extension OffPolicyRefusal {
  /// The reason and what to do, as one sentence.
  package var sentence: String {
    switch self {
    case .noRows: "no row contains which tier answered and how good that was; add the outcome's quality."
    case .deterministic:
      "no request was left to chance (propensity 1 or eligible false), so nothing shows what another tier would have given; "
        + "send a share of the requests to tiers at random and log the propensity."
    case .missingPropensity(let rows, let all):
      "\(NumberFormat.count(rows)) of \(NumberFormat.count(all)) rows lack the propensity of the tier that answered; log it, or take "
        + "--propensity fitted for an estimate without a guarantee."
    case .noSupport(let rows, let all):
      "\(NumberFormat.count(rows)) of \(NumberFormat.count(all)) requests could not have gone where this would send them "
        + "(propensity 0 there); explore those tiers too."
    case .fewMatches(let size):
      "the requests that chance sent where this would send them count for \(NumberFormat.decimal(size, places: 1)) "
        + "(effective sample size), fewer than \(NumberFormat.decimal(Self.leastSampleSize, places: 0)); log more, or explore more."
    case .heavyWeight(let share):
      "one conversation carries \(NumberFormat.percent(share, places: 1)) of the weight, more than "
        + "\(NumberFormat.percent(Self.greatestShare)); log more, or explore more."
    case .inconsistent(let mean):
      "the weights 1 / propensity add up to \(NumberFormat.decimal(mean, places: 2)) per request instead of 1: propensities are not those "
        + "of the draws, or requests are left out for where they went (a model without a tier, missing ratings)."
    case .noPrediction: "nothing is known of what a tier gives that this would use; log its outcomes too."
    case .predicted(let share):
      "who answered can be predicted for \(NumberFormat.percent(share, places: 1)) of the rows, so chance had no part in it and "
        + "nothing shows what another tier would have given; send a share of the requests to tiers at random and log the "
        + "propensity."
    }
  }
}
