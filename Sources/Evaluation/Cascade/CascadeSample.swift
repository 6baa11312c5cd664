import Ockham
import Statistics

/// The rows on which cascades can be measured: those that know every tier's quality and cost and in which the responses of all
/// tiers with response heads were scored.
struct CascadeSample: Sendable {
  /// The folds that questions are assigned to.
  static let folds = 5

  /// Those rows alone, in the log's order [n].
  let log: ScoredLog
  /// The scores of their responses.
  let responses: ResponseScores
  /// The question of each row; see ``ScoredLog/questions``.
  let questions: [Int]
  /// The fold of each row: rows of one question share it.
  let foldOfRow: [Int]

  /// - Returns: `nil` where no response of the log was scored, or no row knows all that is needed.
  init?(_ log: ScoredLog, seed: UInt64) {
    guard let responses = log.responses, !responses.tiers.isEmpty else { return nil }
    let rows = log.completeRows.filter { row in
      responses.knows(row: row) && log.cost.row(row).allSatisfy { !$0.isNaN }
    }
    guard !rows.isEmpty else { return nil }
    self.init(log.selecting(rows), responses: responses.selecting(rows), seed: seed)
  }

  private init(_ log: ScoredLog, responses: ResponseScores, seed: UInt64) {
    self.log = log
    self.responses = responses
    questions = log.questions
    var generator = SplitMix64(seed: seed)
    let place = generator.permutation(of: (questions.max() ?? -1) + 1)
    foldOfRow = questions.map { place[$0] % Self.folds }
  }

  /// The number of rows n.
  var count: Int { log.rowCount }

  /// The rows of all folds but one.
  func rows(outside fold: Int) -> [Int] { foldOfRow.indices.filter { foldOfRow[$0] != fold } }

  /// The tiers whose responses are weighed.
  var checkedTiers: TierSet { TierSet(responses.tiers) }
}

extension CascadeSample {
  /// How far the response of each tier moves the gains of those above [T − 1]; 0 for a tier without scored responses.
  ///
  /// With d = (gain predicted given the response) − (gain predicted by the prompt) and y = (true gain) − (gain predicted by the
  /// prompt), the part of d that is borne out is β = Σ y·d / Σ d², cut to 0…1. A gain anywhere within w of its mean has the
  /// variance w²/3, hence w = β · √(3 · mean d²).
  ///
  /// - Parameter rows: the rows that may be read.
  func spreads(rows: [Int]) -> [Float] {
    (0..<log.tierCount - 1).map { tier in
      guard let scores = responses.probability[tier] else { return 0 }
      var (weight, square, shared) = (0.0, 0.0, 0.0)
      for row in rows {
        for upper in tier + 1..<log.tierCount {
          let predicted = Double(log.probability[row, upper]) - Double(log.probability[row, tier])
          let moved = Double(scores[row, upper - tier]) - Double(scores[row, 0]) - predicted
          let real = log.quality[row, upper] - log.quality[row, tier] - predicted
          weight += log.weights[row]
          square += log.weights[row] * moved * moved
          shared += log.weights[row] * moved * real
        }
      }
      guard square > 0 else { return 0 }
      return Float(min(max(shared / square, 0), 1) * (3 * square / weight).squareRoot())
    }
  }
}

extension CascadeSample {
  private init(_ other: CascadeSample, responses: ResponseScores) {
    log = other.log
    self.responses = responses
    questions = other.questions
    foldOfRow = other.foldOfRow
  }

  /// The same rows with other scores of their responses.
  func replacing(_ responses: ResponseScores) -> CascadeSample { CascadeSample(self, responses: responses) }
}
