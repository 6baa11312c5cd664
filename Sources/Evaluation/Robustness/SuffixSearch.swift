package import Ockham

/// A greedy search for a suffix that moves a request to the last tier: at each step, the token that most raises the
/// lead of that tier is appended, until none raises it.
///
/// The search is greedy over a small vocabulary: a better attack may exist, so what it reaches is a lower bound.
package struct SuffixSearch {
  package let scorer: TierScorer
  package let vocabulary: SuffixVocabulary
  /// The most tokens to append, at least 1.
  package let maximumTokens: Int

  package init(scorer: TierScorer, vocabulary: SuffixVocabulary, maximumTokens: Int = 8) {
    self.scorer = scorer
    self.vocabulary = vocabulary
    self.maximumTokens = maximumTokens
  }

  /// What a search found.
  package struct Outcome: Sendable, Equatable {
    /// The appended tokens, as indices into the vocabulary; empty where none helps.
    package var tokens: [Int]
    /// The scores without a suffix and after each token [tokens + 1]; leads rise strictly.
    package var scores: [TierScore]
    /// The score with all ``tokens`` repeated; that of the request as it is when there are none.
    package var long: TierScore

    /// The score after so many tokens, or after the last one that helped.
    package func score(after tokens: Int) -> TierScore { scores[min(tokens, scores.count - 1)] }
  }

  /// Attacks one request; a request without a question is left alone.
  ///
  /// - Parameter longBytes: the suffix is repeated as often as fits in this many bytes.
  /// - Complexity: at most `maximumTokens` · tokens + 2 scores.
  package func run(_ request: Request, longBytes: Int) -> Outcome {
    let before = scorer.score(request)
    var outcome = Outcome(tokens: [], scores: [before], long: before)
    guard let question = request.question else { return outcome }
    while outcome.tokens.count < maximumTokens,
      let (token, score) = best(request, question + vocabulary.suffix(outcome.tokens)),
      score.lead > outcome.score(after: maximumTokens).lead
    {
      outcome.tokens.append(token)
      outcome.scores.append(score)
    }
    let suffix = vocabulary.suffix(outcome.tokens)
    guard !suffix.isEmpty else { return outcome }
    let long = String(repeating: suffix, count: max(1, longBytes / suffix.utf8.count))
    outcome.long = scorer.score(request.replacingQuestion(with: question + long))
    return outcome
  }

  /// The token that leaves the largest lead behind `question`; of equals the first.
  private func best(_ request: Request, _ question: String) -> (token: Int, score: TierScore)? {
    var best: (token: Int, score: TierScore)?
    for token in vocabulary.tokens.indices {
      let score = scorer.score(request.replacingQuestion(with: question + vocabulary.suffix([token])))
      if best.map({ score.lead > $0.score.lead }) ?? true { best = (token, score) }
    }
    return best
  }
}
