import Foundation

extension PairJudge {
  /// What judging has done so far, and what is known of the judge's habits.
  package struct Counts: Sendable, Hashable {
    /// Calls that reached the endpoint, failed ones included.
    package var calls = 0
    /// Verdicts and scores taken from the journal.
    package var journalled = 0
    /// Pairs that have a result.
    package var pairs = 0
    /// Pairs that were judged in both orders.
    package var swappedPairs = 0
    /// Of those, the ones whose verdicts agree.
    package var agreements = 0
    /// Pairs that are a tie because the answers are the same text.
    package var identical = 0
    /// Single answers that have a score.
    package var scores = 0
    /// Replies that were neither verdict nor score.
    package var malformed = 0
    /// Pairs and answers skipped because nothing could be read.
    package var withoutVerdict = 0
    /// Verdicts for the answer that was shown first, and for the one shown second.
    package var firstWins = 0
    package var secondWins = 0
    /// Pairs that the longer answer won, and the shorter.
    package var longerWins = 0
    package var shorterWins = 0

    /// Σ of ln(1 + bytes), of scores, of their squares and of the products, for ``lengthCorrelation``.
    private var lengthSum = 0.0
    private var lengthSquares = 0.0
    private var scoreSum = 0.0
    private var scoreSquares = 0.0
    private var products = 0.0

    package init() {}

    /// agreements / swappedPairs; `nil` without such pairs.
    package var agreement: Double? { swappedPairs == 0 ? nil : Double(agreements) / Double(swappedPairs) }

    /// The share of verdicts with a winner that went to the answer shown first. Where each pair is judged in both orders, or
    /// its order is drawn, a judge without a habit has 0.5.
    package var firstShare: Double? { Self.share(firstWins, secondWins) }

    /// The share of decided pairs that the longer answer won. More than 0.5 is a habit or the longer answers' merit.
    package var longerShare: Double? { Self.share(longerWins, shorterWins) }

    /// The correlation of scores with ln(1 + bytes of the answer); `nil` below three scores or where one does not vary.
    package var lengthCorrelation: Double? {
      let count = Double(scores)
      let spread = (count * lengthSquares - lengthSum * lengthSum) * (count * scoreSquares - scoreSum * scoreSum)
      guard scores > 2, spread > 1e-12 else { return nil }
      return (count * products - lengthSum * scoreSum) / spread.squareRoot()
    }

    private static func share(_ one: Int, _ other: Int) -> Double? {
      one + other == 0 ? nil : Double(one) / Double(one + other)
    }

    mutating func add(_ verdicts: SwappedVerdicts, lengths: (candidate: Int, other: Int)) {
      pairs += 1
      if verdicts.swapped != nil {
        swappedPairs += 1
        agreements += verdicts.agree ? 1 : 0
      }
      guard lengths.candidate != lengths.other, verdicts.candidateQuality != 0.5 else { return }
      let longerWon = (lengths.candidate > lengths.other) == (verdicts.candidateQuality == 1)
      longerWins += longerWon ? 1 : 0
      shorterWins += longerWon ? 0 : 1
    }

    mutating func add(score: Double, length: Int) {
      scores += 1
      let size = log(1 + Double(length))
      lengthSum += size
      lengthSquares += size * size
      scoreSum += score
      scoreSquares += score * score
      products += size * score
    }
  }
}
