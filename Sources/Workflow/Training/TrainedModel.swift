package import Evaluation
package import Foundation
import ModelFiles
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
  /// How well each candidate routes between the first and the last tier; `nil` where no row tells.
  package let candidateMetrics: [CurveMetrics?]
  /// The bytes of the model file.
  package let bytes: [UInt8]
  private let tierMap: TierMap

  /// The goal that a new model's thresholds are chosen for; calibration sets others.
  static let goal = ThresholdGoal.targetQuality(fraction: 0.97)

  init(_ trained: TrainedRouter, dataset: Dataset, tierMap: TierMap, recipe: Recipe) throws {
    var router = trained
    router.weights.metadata.merge(Self.provenance(recipe, tierMap)) { _, new in new }
    self.router = router
    self.dataset = dataset
    self.recipe = recipe
    thresholds = try CalibratedThresholds(foretelling: dataset.scored(by: router), goal: Self.goal)
    let file = thresholds.applied(to: router.weights.tensorFile())
    self.tierMap = tierMap
    bytes = file.encoded()
    let model = try Model(bytes)
    report = try EvaluationReport(
      dataset.scored(by: router), options: EvaluationOptions(thresholds: model.thresholds, grouping: .dataset))
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

  /// The names of the files, in the order in which they are written: the model last, when all else is there.
  package static let fileNames = [
    OutOfFoldScores.fileName, "recipe.json", "metrics.json", ModelFolder.cardName, ModelLocation.fileName,
  ]

  /// Writes all files into a folder, which is made where it is not there; each appears whole or not at all.
  package func write(to folder: URL) throws {
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw WorkflowError.inputOutput("\(folder.path): cannot make this folder; check the path and its permissions")
    }
    let contents = [
      router.outOfFold.tensorFile().encoded(), RecipeFile.bytes(recipe), Array(TrainingMetrics(self).text.utf8),
      Array(card.utf8), bytes,
    ]
    for (name, bytes) in zip(Self.fileNames, contents) {
      try AtomicFile.write(bytes, to: folder.appending(path: name))
    }
  }

  private var card: String {
    ModelCard(
      tierMap: tierMap, dataset: dataset, recipe: recipe, report: report, kind: router.chosen.kind,
      taskAccuracy: router.taskAccuracy, costFits: router.costFits, thresholds: thresholds
    ).text
  }
}
