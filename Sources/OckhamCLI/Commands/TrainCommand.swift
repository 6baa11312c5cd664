import ArgumentParser
import Evaluation
import Foundation
import Ockham
import OckhamMPI
import OckhamTraining
import RequestLog
import Workflow

/// `ockham train`: from a labelled log to a model folder.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a router on labelled request logs.",
    discussion: """
      Example:

        ockham train log.jsonl --output router \\
          --tier small=gpt-4o-mini --tier frontier=gpt-4o
        ockham train log.jsonl --output router --target-quality 0.95 \\
          --price small=0.15,0.6 --price frontier=2.5,10

      Writes model.safetensors, CARD.md, metrics.json, recipe.json and out-of-fold.safetensors (scores of the training \
      rows by models that have not seen them, so that evaluate and calibrate are honest on the training log too). Same \
      log, recipe and seed make the same bytes, whatever the number of threads. The folder gets all of these files or keeps \
      the old ones; one command writes it at a time.

      A tier with fewer than 10 right or 10 wrong answers gets a constant instead of a head. Rows that were picked for a \
      label by chance count 1 / inclusion. Where outcomes keep answers, response heads are trained too: they predict from a \
      tier's answer whether it is good, and whether a higher tier's would be.
      """)

  @OptionGroup var input: LogArguments
  @OptionGroup var tierArguments: TierArguments
  @OptionGroup var priceArguments: PriceArguments

  @Option(help: "The folder to write; made if it is not there.", completion: .directory)
  var output: String

  @Option(
    help: ArgumentHelp(
      "Choose thresholds that keep this share of the strongest tier's quality, as calibrate does; the model is written in any "
        + "case, and the exit code is 1 where the log cannot prove it.", valueName: "share"))
  var targetQuality: Double?

  @Option(help: "auto (cross-validate both; the MLP must be clearly better), logistic or mlp.")
  var architecture: Recipe.Architecture?

  @Option(
    help: "A recipe.json, or some of its settings; other options override it.", completion: .file(extensions: ["json"]))
  var recipe: String?

  @Option(
    help: "A file of ids, one a line: only these records are taken, in this order.", completion: .file())
  var rows: String?

  @Option(help: "Folds of the cross-validation.")
  var folds: Int?

  @Option(help: "The seed of everything random.")
  var seed: UInt64?

  @Flag(help: "Train a task head from the log's task labels.")
  var taskLabels = false

  @Flag(
    help: "Let rows count by 1 / propensity too: for logs in which chance chose the tier that answered.")
  var weighByPropensity = false

  @Flag(
    help: "Train no heads for the tiers' answers; where the log keeps rated answers, they are trained otherwise.")
  var noResponseHeads = false

  @Flag(help: "Go on with an interrupted MLP run in the same folder.")
  var resume = false

  @Flag(
    help:
      "Keep features in a scratch file in the output folder instead of in memory: for logs larger than it. Same model.")
  var stream = false

  @Option(help: "Threads, as many as processors unless stated; the result does not depend on it.")
  var threads: Int?

  @Flag(help: "Print every iteration and epoch.")
  var verbose = false

  func validate() throws {
    if let folds, folds < 2 { throw ValidationError("--folds: expected at least 2, found \(folds)") }
    if stream, rows != nil {
      throw ValidationError("--stream: expected a log in the order of training, found --rows; sort the log instead")
    }
    if let targetQuality, !(targetQuality > 0 && targetQuality <= 1) {
      throw ValidationError("--target-quality: expected a share above 0 and up to 1, found \(targetQuality)")
    }
    if let threads, threads < 1 { throw ValidationError("--threads: expected at least 1, found \(threads)") }
  }

  func run() throws {
    try Failure.report {
      MemoryLimit.endInGoodOrder()
      let recipe = try resolvedRecipe()
      let team = MPIProcessGroup.join()
      defer { team?.leave(status: 0) }
      if team != nil, resume { throw ValidationError("--resume: expected one process, found several under mpirun") }
      if let team, team.rank > 0 { Terminal.silence() }
      let session = TrainingSession(
        recipe: recipe, goal: targetQuality.map(ThresholdGoal.targetQuality(fraction:)), folder: URL(filePath: output),
        pool: WorkerPool(threads: threads ?? ProcessInfo.processInfo.activeProcessorCount), team: team, resumes: resume,
        streams: stream, isVerbose: verbose)
      do {
        let trained = try session.run(
          input, rows: rows.map(RowList.init(path:)), tiers: tierArguments.map, prices: priceArguments.list)
        NextStep.say(
          trained < NextStep.leastRows
            ? .moreRows(rows: trained)
            : targetQuality == nil
              ? .calibrate(model: output, logs: input.logs) : .evaluate(model: output, logs: input.logs))
      } catch {
        guard let team else { throw error }
        StandardError.write("ockham: error in process \(team.rank): \(Failure(error).message)\n", isError: true)
        team.leave(status: Failure(error).code.rawValue)
      }
    }
  }

  private func resolvedRecipe() throws -> Recipe {
    var resolved = try recipe.map(RecipeFile.read) ?? recipeAsLogged()
    if let architecture { resolved.architecture = architecture }
    if let folds { resolved.folds = folds }
    if let seed { resolved.seed = seed }
    if taskLabels { resolved.taskLabels = true }
    if weighByPropensity { resolved.weighsByPropensity = true }
    if noResponseHeads { resolved.responseHeads = false }
    return resolved
  }
}

extension TrainCommand {
  /// The usual recipe, with the features that the log holds where it holds no texts.
  private func recipeAsLogged() throws -> Recipe {
    var recipe = Recipe()
    guard let stored = try input.source().storedFeatureOptions(), stored != recipe.featureOptions else { return recipe }
    (recipe.bucketBits, recipe.wordPairs, recipe.characterGrams) = (
      stored.bucketBits, stored.wordPairs, stored.characterGrams
    )
    StandardError.write("the log holds no texts: trained on what it holds, \(stored.phrase)\n")
    return recipe
  }
}

extension Recipe.Architecture: ExpressibleByArgument {}
