package import Evaluation
package import Foundation
package import ModelFiles
import Ockham
package import OckhamTraining
import RequestLog
import TextKit

/// What a training gives: a model with thresholds, the scores of its rows by models that have not seen them, and the
/// report on those.
package struct TrainedModel {
  package let router: TrainedRouter
  package let dataset: Dataset
  package let recipe: Recipe
  package let report: EvaluationReport
  package let thresholds: CalibratedThresholds
  /// How well each candidate routes between the first and the last tier; `nil` where no row shows it.
  package let candidateMetrics: [CurveMetrics?]
  /// What the tiers' answers show, by rising tier; empty without response heads.
  package let responseFigures: [ResponseFigures]
  /// What it is worth on families that were left out, in the order of their names; empty where none were.
  package let familyFigures: [FamilyFigures]
  /// The bytes of the model file.
  package let bytes: [UInt8]
  private let tierMap: TierMap

  /// The advice not to route, where the log gives it.
  package let sufficientTier: SufficientTier?

  /// The goal that a new model's thresholds are chosen for unless another is stated; calibration sets others.
  package static let usualGoal = ThresholdGoal.targetQuality(fraction: 0.97)

  init(
    _ trained: TrainedRouter, dataset: Dataset, tierMap: TierMap, recipe: Recipe, goal: ThresholdGoal = usualGoal
  ) throws {
    var router = trained
    router.weights.metadata.merge(Self.provenance(recipe, tierMap)) { _, new in new }
    router.weights.drift = dataset.driftReference(trained)
    self.router = router
    self.dataset = dataset
    self.recipe = recipe
    let scored = try dataset.scored(by: router)
    let chosen = try CalibratedThresholds(predicting: scored, goal: goal)
    sufficientTier =
      if case .targetQuality(let fraction) = goal { SufficientTier(dataset, keeping: fraction) } else { nil }
    thresholds = chosen.isGuaranteed ? chosen : sufficientTier.map { chosen.sendingAllToFirst($0.sentence) } ?? chosen
    let file = thresholds.applied(to: router.weights.tensorFile())
    self.tierMap = tierMap
    bytes = file.encoded()
    let model = try Model(bytes)
    report = try EvaluationReport(
      scored, options: EvaluationOptions(thresholds: model.thresholds, grouping: .dataset))
    familyFigures = try FamilyFigures.all(router, dataset)
    responseFigures = ResponseFigures.all(router, dataset)
    candidateMetrics = try router.candidates.map { candidate in
      let scored = try dataset.scored(rows: candidate.heldOut.rows, probability: candidate.heldOut.probabilities)
      return scored.completeRows.isEmpty ? nil : CurveMetrics(scored, pair: TierPair(endsOf: scored))
    }
  }

  private static func provenance(_ recipe: Recipe, _ map: TierMap) -> [String: String] {
    let models = JSONNode.array(map.tiers.map { .strings($0.models) })
    return [
      "tier_models": models.jsonText, "recipe": recipe.fingerprint,
      "seed": "\(recipe.seed)", "library_version": OckhamVersion.text,
    ]
  }

  /// Writes all files into a folder, which is made where it is not there: all of them or none.
  package func write(to folder: URL) throws(FileWriteError) {
    try FolderContents.replace(
      folder,
      with: [
        .init(OutOfFoldScores.fileName, router.outOfFold.tensorFile().encoded()),
        .init("recipe.json", RecipeFile.bytes(recipe)),
        .init("metrics.json", Array(TrainingMetrics(self).text.utf8)), .init(ModelFolder.cardName, Array(card.utf8)),
        .init(ModelLocation.fileName, bytes),
      ])
  }

  /// What is to be known of the heads and of the weights of rows, a sentence each.
  package var notes: [String] {
    router.constantHeads.map(\.sentence) + familyNotes
      + [dataset.labelWeighting?.sentence, sufficientTier?.sentence].compactMap(\.self)
  }

  /// How the model stands on foreign traffic.
  private var familyNotes: [String] {
    guard !familyFigures.isEmpty else { return [] }
    let lines = familyFigures.map { figures in
      "\(SafeText.name(figures.name)) \(NumberFormat.decimal(figures.mixed.apgr, places: 3)) "
        + "(\(NumberFormat.decimal(figures.unmixed.apgr, places: 3)))"
    }
    return [
      "Every figure is of rows that were left out of all that was fitted or chosen: foreign families whole, home by folds. APGR by family, "
        + "in brackets before probabilities were mixed with the base: \(lines.joined(separator: ", "))."
    ]
  }

  private var card: String {
    ModelCard(
      tierMap: tierMap, dataset: dataset, recipe: recipe, report: report, kind: router.chosen.kind,
      taskAccuracy: router.taskAccuracy, costFits: router.costFits, thresholds: thresholds, notes: notes
    ).text
  }
}

extension ConstantHead {
  /// Why the head is a constant, and which.
  fileprivate var sentence: String {
    let (few, count) = bad < good ? ("bad", bad) : ("good", good)
    return
      "Tier '\(SafeText.name(tier))': \(NumberFormat.decimal(count, places: count == count.rounded() ? 0 : 1)) \(few) of "
      + "\(NumberFormat.count(rows)) labels, too few to learn from; its head says \(NumberFormat.decimal(probability, places: 4)) for "
      + "every request, the mean under \(Self.prior)."
  }
}

extension LabelWeighting {
  /// What rows were weighed by, and what that costs.
  fileprivate var sentence: String {
    let name = usesPropensity ? "1 / (inclusion · propensity)" : "1 / inclusion"
    return
      "Rows count by \(name): \(NumberFormat.count(rows)) of \(NumberFormat.count(labelledRows)) labelled rows carry one; "
      + "\(NumberFormat.percent(cappedShare, places: 1)) of them are capped at \(NumberFormat.decimal(cap, places: 2)), their 99th percentile; "
      + "the weights leave as much as \(NumberFormat.count(Int(effectiveRows.rounded()))) equal rows are worth."
  }
}
