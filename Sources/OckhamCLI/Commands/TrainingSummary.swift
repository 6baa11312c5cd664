import Evaluation
import Foundation
import OckhamTraining
import TextKit
import Workflow

/// What `ockham train` prints at the end: held-out results, thresholds, files.
struct TrainingSummary {
  private let model: TrainedModel
  private let folder: URL

  init(_ model: TrainedModel, folder: URL) {
    self.model = model
    self.folder = folder
  }

  var text: String {
    """
    held out, \(folds) (each request scored by a model that has not seen it)

    \(candidateTable)
    \(responseTable)
    \(overall.text())

    \(model.thresholds.sentences)
    \(notes)
    wrote \(folder.path)/model.safetensors (\(NumberFormat.count(model.bytes.count)) bytes), CARD.md, metrics.json, \
    recipe.json, \(OutOfFoldScores.fileName)
    """
  }

  private var folds: String {
    let families = model.router.families.count
    return families > 0 ? "\(families) families, one after the other" : "\(model.recipe.folds) folds"
  }

  /// What is to be known of heads and weights, but for what the thresholds have said already.
  private var notes: String {
    let notes = model.notes.filter { $0 != model.thresholds.statement }
    return notes.isEmpty ? "" : "\n" + notes.joined(separator: "\n") + "\n"
  }

  /// The report without its groups, which the card and `evaluate --by` show.
  private var overall: EvaluationReport {
    var report = model.report
    report.grouping = nil
    return report
  }

  private var candidateTable: String {
    let losses = model.dataset.tierNames.map { "log-loss \(SafeText.name($0))" }
    var table = TextTable(["architecture"] + losses + ["APGR", "CPT50", "chosen"])
    for (candidate, metrics) in zip(model.router.candidates, model.candidateMetrics) {
      table.append(
        [candidate.kind.rawValue] + candidate.logLoss.map { NumberFormat.decimal($0, places: 4) }
          + [NumberFormat.decimal(metrics?.apgr, places: 3), NumberFormat.decimal(metrics?.cpt50, places: 3)]
          + [candidate.kind == model.router.chosen.kind ? "yes" : ""])
    }
    return table.text() + penaltyLine
  }

  /// How well it is known whether a tier's answer is good; empty without response heads.
  private var responseTable: String {
    guard !model.responseFigures.isEmpty else { return "" }
    let columns = ["log-loss prompt", "form", "response", "AUC prompt", "form", "response"]
    var table = TextTable(["answers of tier", "answers"] + columns)
    for figures in model.responseFigures {
      let heads = [figures.prompt, figures.form, figures.response]
      table.append(
        [SafeText.name(figures.tier), NumberFormat.count(figures.answers)]
          + heads.map { NumberFormat.decimal($0.logLoss, places: 4) }
          + heads.map { NumberFormat.decimal($0.areaUnderROC, places: 3) })
    }
    return
      "\nwhether an answer is good, distinguished from the prompt alone, from its form alone, by the response head\n\n"
      + table.text()
      + "\n"
  }

  private var penaltyLine: String {
    let penalties = model.router.chosen.chosenPenalties
    let line =
      "\nL2 strengths chosen: n-grams \(penalties.gram)/n, dense \(penalties.dense)/n; dense features clipped at "
      + "\(penalties.scaling.denseLimit), n-grams weighted by idf to the power of \(penalties.scaling.idfExponent)"
    guard penalties.gramCorrelation + penalties.denseCorrelation > 0 else { return line }
    let others = model.dataset.auxiliaryNames.count
    return line + "; heads correlated by \(penalties.gramCorrelation) and \(penalties.denseCorrelation)"
      + (others > 0 ? ", helped by \(others) other models of the log" : "")
  }
}
