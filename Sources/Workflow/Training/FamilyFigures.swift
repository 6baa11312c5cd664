import Evaluation
import OckhamTraining
import TextKit

/// What a model is worth on a family of sets that neither it nor anything chosen for it had seen, with its probabilities mixed with
/// the base and without.
package struct FamilyFigures {
  package let name: String
  package let rows: Int
  /// The mean share of the base; 0 for a model that does not measure unfamiliarity.
  package let share: Double
  /// By P(good) as decisions are made by it.
  package let mixed: Figures
  /// By P(good) before it was mixed.
  package let unmixed: Figures

  package struct Figures {
    /// Over the known qualities.
    package let logLoss: Double
    /// Between the first and the last tier; `nil` where no row knows both.
    package let apgr: Double?
  }

  /// Those of all families, in the order of their names.
  static func all(_ router: TrainedRouter, _ dataset: Dataset) throws -> [FamilyFigures] {
    let (scores, unfamiliarity) = (router.outOfFold, router.outOfFold.unfamiliarity)
    return try router.families.map { family in
      let sum = family.places.reduce(0) { $0 + Double(unfamiliarity?.shares[$1] ?? 0) }
      return FamilyFigures(
        name: family.name, rows: family.places.count, share: sum / Double(family.places.count),
        mixed: try Figures(router, dataset, family.places, scores.probabilities),
        unmixed: try Figures(router, dataset, family.places, unfamiliarity?.probabilities ?? scores.probabilities))
    }
  }

  var json: JSONNode {
    func object(_ figures: Figures) -> JSONNode {
      .object([("log_loss", .figure(figures.logLoss)), ("apgr", .figure(figures.apgr))])
    }
    return .object([
      ("name", .string(name)), ("rows", .integer(rows)), ("mean_share", .figure(share)), ("mixed", object(mixed)),
      ("unmixed", object(unmixed)),
    ])
  }
}

extension FamilyFigures.Figures {
  /// - Parameter all: P(good) of the router's rows, row-major [rows × tiers].
  fileprivate init(_ router: TrainedRouter, _ dataset: Dataset, _ places: [Int], _ all: [Float]) throws {
    let tiers = dataset.tierNames.count
    let rows = places.map { router.rows[$0] }
    let probabilities = places.flatMap { all[$0 * tiers..<($0 + 1) * tiers] }
    logLoss = dataset.logLoss(rows: rows, probabilities: probabilities)
    let scored = try dataset.scored(rows: rows, probability: probabilities)
    apgr = scored.completeRows.isEmpty ? nil : CurveMetrics(scored, pair: TierPair(endsOf: scored)).apgr
  }
}
