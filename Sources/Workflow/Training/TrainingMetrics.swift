import Evaluation
import Ockham
import OckhamTraining

/// metrics.json: what a training measured, for programs.
struct TrainingMetrics {
  private let model: TrainedModel

  init(_ model: TrainedModel) { self.model = model }

  var text: String {
    let (router, dataset) = (model.router, model.dataset)
    let candidates = zip(router.candidates, model.candidateMetrics).map { candidate, metrics in
      let losses = candidate.logLoss.map { "\($0)" }.joined(separator: ", ")
      let apgr = metrics?.apgr.map { "\($0)" } ?? "null"
      return "    {\"architecture\": \"\(candidate.kind.rawValue)\", \"log_loss\": [\(losses)], \"apgr\": \(apgr)}"
    }
    let tried = (router.candidates.first { !$0.triedPenalties.isEmpty }?.triedPenalties ?? []).map { trial in
      "    \(Self.json(trial))"
    }
    let costs = zip(dataset.tierNames, router.costFits).map { name, fit in
      "    {\"tier\": \(JSONText.quote(name)), \"unit\": \"\(fit.unit.rawValue)\", \"rows\": \(fit.rows), "
        + "\"r_squared\": \(fit.rSquared), \"penalty\": \(fit.penalty), "
        + "\"usd_per_byte\": \(fit.price.inputUSD), \"usd_per_unit\": \(fit.price.outputUSD)}"
    }
    return """
      {
        "rows": \(model.report.rows),
        "folds": \(model.recipe.folds),
        "architecture": "\(router.chosen.kind.rawValue)",
        "candidates": [
      \(candidates.joined(separator: ",\n"))
        ],
        "penalties": [
      \(tried.joined(separator: ",\n"))
        ],
        "task_accuracy": \(router.taskAccuracy.map { "\($0)" } ?? "null"),
        "expected_costs": [
      \(costs.joined(separator: ",\n"))
        ],
        "training_data": \(JSONText.quote(dataset.contentName)),
        "out_of_fold": \(model.report.json.text(indent: nil))
      }

      """
  }

  private static func json(_ trial: PenaltyTrial) -> String {
    let penalties = trial.penalties
    return "{\"gram\": \(penalties.gram), \"dense\": \(penalties.dense), "
      + "\"gram_correlation\": \(penalties.gramCorrelation), \"dense_correlation\": \(penalties.denseCorrelation), "
      + "\"dense_limit\": \(penalties.scaling.denseLimit), \"idf_exponent\": \(penalties.scaling.idfExponent), "
      + "\"log_loss\": \(trial.logLoss)}"
  }
}
