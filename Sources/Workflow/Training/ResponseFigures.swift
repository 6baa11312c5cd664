package import Evaluation
import OckhamTraining

/// How well it is known whether a tier's answer is good: from the prompt alone, from the answer's form alone, and by the
/// response head; each out of fold, on the same answers.
package struct ResponseFigures: Sendable {
  /// The tier that answered.
  package let tier: String
  /// The answers that are rated.
  package let answers: Int
  package let prompt: LabelledHead
  package let form: LabelledHead
  package let response: LabelledHead
  /// From which share of new n-grams on an answer counts as unlike any.
  package let unlike: Float

  /// By rising tier; none for a training without response heads.
  static func all(_ router: TrainedRouter, _ dataset: Dataset) -> [ResponseFigures] {
    let places = Dictionary(zip(router.rows, router.rows.indices), uniquingKeysWith: { first, _ in first })
    return router.responses.map { trained in
      let width = dataset.tierNames.count - trained.tier
      let labels = trained.rows.map { Double(dataset.labels[$0, trained.tier]) }
      let weights = trained.rows.map { Double(dataset.weights[$0]) }
      func head(_ probability: (_ place: Int, _ row: Int) -> Float) -> LabelledHead {
        LabelledHead(
          probabilities: trained.rows.enumerated().map { Double(probability($0.offset, $0.element)) }, labels: labels,
          weights: weights)
      }
      return ResponseFigures(
        tier: dataset.tierNames[trained.tier], answers: trained.rows.count,
        prompt: head { _, row in
          router.outOfFold.probabilities[(places[row] ?? 0) * dataset.tierNames.count + trained.tier]
        },
        form: head { place, _ in trained.formProbabilities[place * width] },
        response: head { place, _ in trained.probabilities[place * width] }, unlike: trained.weights.unlike)
    }
  }
}
