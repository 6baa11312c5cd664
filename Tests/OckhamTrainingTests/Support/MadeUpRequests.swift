import Statistics
import Foundation
import Ockham
import RequestLog

@testable import OckhamTraining

/// Request logs of invented words, the same on every run.
///
/// A request is hard or easy; what shows is one marker word in its question. Every third one has a system message, every
/// fourth a history, every fifth tools.
struct MadeUpRequests {
  /// How the outcomes come about.
  enum Truth {
    /// Easy requests are right at the small tier, hard ones are not, with one exception in ten.
    case marked
    /// The outcomes have nothing to do with the requests.
    case noise
  }

  private var generator: SplitMix64
  let trueValue: Truth
  /// The first part of every id.
  var name = "made"

  init(seed: UInt64, trueValue: Truth = .marked) {
    generator = SplitMix64(seed: seed, 0x5EED)
    self.trueValue = trueValue
  }

  /// A pronounceable word that no dictionary has; numbers name the same word on every run.
  static func word(_ number: Int) -> String {
    let syllables = ["zor", "ba", "quim", "lu", "fep", "tra", "ni", "vox", "ge", "dal"]
    return "\(syllables[number / 100 % 10])\(syllables[number / 10 % 10])\(syllables[number % 10])"
  }

  mutating func sentence(_ count: Int) -> String {
    (0..<count).map { _ in Self.word(generator.next(below: 400)) }.joined(separator: " ")
  }

  mutating func request(_ index: Int, isHard: Bool) -> Request {
    var segments: [Segment] = []
    if index % 3 == 0 { segments.append(Segment(role: .system, text: sentence(4))) }
    if index % 4 == 0 {
      segments.append(Segment(role: .user, text: sentence(3)))
      segments.append(Segment(role: .assistant, text: sentence(5)))
    }
    segments.append(Segment(role: .user, text: "\(sentence(5)) \(isHard ? "grukatt" : "plimsel") \(index)?"))
    let tools = index % 5 == 0 ? ["find_\(Self.word(index % 7))", "send"] : []
    return Request(segments: segments, attributes: RequestAttributes(toolNames: tools))
  }

  /// Records with outcomes of `cheap` and `expensive`, and a task label.
  mutating func records(_ count: Int) -> [LogRecord] {
    (0..<count).map { index in
      let isHard = generator.nextUnit() < 0.5
      let request = request(index, isHard: isHard)
      let isException = generator.nextUnit() < 0.1
      let isRight = trueValue == .noise ? generator.nextUnit() < 0.5 : isHard == isException
      return LogRecord(
        id: "\(name)\(index)", dataset: index % 2 == 0 ? "even" : "odd", request: request,
        outcomes: [
          ModelOutcome(name: "cheap", quality: isRight ? 1 : 0, costUSD: 0.001),
          ModelOutcome(name: "expensive", quality: generator.nextUnit() < 0.85 ? 1 : 0, costUSD: 0.01),
        ], task: isHard ? .math : .chat)
    }
  }
}

/// Builds what the training tests need.
enum Training {
  static let tierFlags = ["small=cheap", "frontier=expensive"]

  /// A recipe that is quick without optimisation.
  static func recipe(_ architecture: Recipe.Architecture) -> Recipe {
    var recipe = Recipe()
    recipe.architecture = architecture
    recipe.bucketBits = 10
    recipe.folds = 3
    recipe.gramPenalties = [0.3]
    recipe.densePenalties = [100]
    recipe.denseLimits = [3]
    recipe.idfExponents = [1]
    recipe.gradientTolerance = 1e-2
    recipe.maximumIterations = 20
    recipe.network.embeddingWidth = 4
    recipe.network.hiddenWidth = 4
    recipe.network.epochs = 4
    // No early stop: tests count epochs.
    recipe.network.patience = 4
    recipe.network.batchRows = 32
    recipe.network.learningRate = 0.01
    return recipe
  }

  static func dataset(
    _ records: [LogRecord], options: FeatureOptions = FeatureOptions(bucketBits: 10), threads: Int = 1,
    tierFlags: [String] = tierFlags, auxiliaryModels: Int = 0
  ) throws -> Dataset {
    var builder = DatasetBuilder(options: options, pool: WorkerPool(threads: threads))
    for record in records { builder.add(record) }
    return try builder.finish(
      tiers: TierMap(tierFlags.isEmpty ? nil : TierMap(flags: tierFlags), survey: builder.survey),
      auxiliaryModels: auxiliaryModels)
  }

  static func madeUp(_ count: Int, seed: UInt64 = 1, trueValue: MadeUpRequests.Truth = .marked) throws -> Dataset {
    var requests = MadeUpRequests(seed: seed, trueValue: trueValue)
    return try dataset(requests.records(count))
  }

  /// Held-out logits that say something about the labels, but not all.
  static func heldOutLogits(_ dataset: Dataset, _ plan: FoldPlan) -> HeldOutLogits {
    var generator = SplitMix64(seed: 12)
    let parts = plan.folds.map { fold in
      var part = DenseMatrix(repeating: 0, rows: fold.heldOut.count, columns: 2)
      for place in fold.heldOut.indices {
        let isHard = dataset.tasks[fold.heldOut[place]] == .math
        part[place, 0] = (isHard ? -1 : 1) + generator.nextUnit() * 2 - 1
        part[place, 1] = generator.nextUnit()
      }
      return part
    }
    return HeldOutLogits(plan, parts)
  }

  /// A folder that is removed when the body ends.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ockham-training-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}
