import Foundation
package import Ockham
package import RequestLog
import TextKit

/// Everything that decides what training makes of a log, besides the log itself. Same log, recipe and version: same bytes.
package struct Recipe: Sendable, Equatable, Codable {
  /// Which architecture to train.
  package var architecture = Architecture.auto
  /// Two to this power n-gram buckets.
  package var bucketBits = 16
  /// Whether pairs of words are features.
  package var wordPairs = true
  /// Whether runs of bytes inside words are features.
  package var characterGrams = false
  /// The folds of the cross-validation.
  package var folds = 5
  /// The seed of everything random.
  package var seed: UInt64 = 1
  /// Whether a task head is trained from the log's task labels.
  package var taskLabels = false
  /// Whether a tier without a known quality is taken to be as good as the mean of the nearest tiers that have one, below
  /// and above. For pooled logs of which only some know the middle tiers: heads that are fitted to different rows cannot be compared.
  package var interpolatesTiers = false
  /// Whether the probabilities of tiers are calibrated jointly where rows are many. For requests of kinds that the log does not know,
  /// it is of no use.
  package var jointCalibration = true
  /// Whether costs are predicted by request where the log prices its answers. Without, every request of a tier costs the mean.
  package var costHeads = true
  /// What the weight of a record is multiplied by when its id begins with a key; the longest matching key counts.
  package var idWeights: [String: Float] = [:]
  /// Whether rows count by 1 / propensity, beside 1 / inclusion: for a log in which chance chose the tier that answered, and
  /// heads of single answers are to be those of all requests. Absent is no, and leaves no mark in files.
  package var weighsByPropensity: Bool?
  /// Whether heads for the tiers' answers are trained where the log keeps answers. Absent is yes, and leaves no mark in files.
  package var responseHeads: Bool?
  /// What is left out in turn instead of folds of rows: by family of sets, how the ids or datasets of its records begin. Absent is
  /// folds of rows, and leaves no mark in files.
  package var families: [String: [String]]?
  /// How much less a record of a large family counts when settings are chosen and probabilities calibrated: families weigh by their
  /// weight to the power of one less this. Absent is ``usualFamilyWeight``.
  package var familyWeight: Double?
  /// The families whose requests are like those that the model will serve. Their rows are left out by folds, and a request is unfamiliar
  /// as far as it is unlike them. Absent is none: nothing measures unfamiliarity.
  package var home: [String]?
  /// The u from which a request counts as unfamiliar, and goes up where the base allows harm. Absent is ``usualRise``.
  package var unfamiliarRise: Float?
  /// What clients put around requests: linear heads are fitted so that it hardly moves their scores. Absent is none.
  package var frames: [RequestFrame]?
  /// The strength of the penalty on how far frames move the scores of linear heads, divided by the number of rows; matters with
  /// ``frames``. Absent is ``usualFramePenalty``.
  package var framePenalty: Double?
  /// The most rows of a log of which figures come from a cross-validation around the search for settings. Absent is
  /// ``usualNestedRows``.
  package var nestedRows: Int?
  /// Candidates for the L2 strength of n-gram weights, each divided by the number of training rows; the middle one is the
  /// usual one.
  package var gramPenalties = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2]
  /// Candidates for the L2 strength of dense weights, likewise.
  package var densePenalties = [30.0, 100, 300, 1_000, 3_000]
  /// Candidates for the largest absolute value of a standardised dense feature, the usual one first.
  package var denseLimits: [Float] = [2, 4]
  /// Candidates for the exponent of idf in the value of an n-gram, the usual one first; 0 is plain presence.
  package var idfExponents = [1.0, 0]
  /// Candidates for how alike the weights of two heads are taken to be, on n-grams and on dense features; the middle one is
  /// the usual one for both, and 0 is one.
  package var headCorrelations = [0.0, 0.5, 0.8]
  /// The most models beside the tiers whose mean quality helps to fit the tiers' heads where these are correlated.
  package var auxiliaryModels = 64
  /// What the logistic solver stops at: a loss that is about half the square of this above its minimum.
  package var gradientTolerance = 2e-3
  /// The most iterations of the logistic solver.
  package var maximumIterations = 300
  /// The rows that the search for penalties looks at, at the most.
  package var searchRows = 20_000
  /// The network's shape and schedule.
  package var network = NetworkRecipe()

  package init() {}

  /// Which architecture to train.
  package enum Architecture: String, Sendable, Codable, CaseIterable {
    /// Both; the network is kept when its held-out loss is lower by more than one standard error.
    case auto
    case logistic
    case mlp
  }
}

/// The part of a ``Recipe`` that concerns the MLP.
package struct NetworkRecipe: Sendable, Equatable, Codable {
  package var embeddingWidth = 16
  package var hiddenWidth = 32
  package var epochs = 20
  package var patience = 3
  package var batchRows = 128
  package var learningRate: Float = 0.002
  package var embeddingDecay: Float = 0.1
  package var denseDecay: Float = 0.1
  package var wideDecay: Float = 0.1
  package var bagDropout: Float = 0.2

  package init() {}
}

extension Recipe {
  /// Whether response heads are trained.
  package var trainsResponseHeads: Bool { responseHeads ?? true }

  package static let usualFamilyWeight = 0.5
  package static let usualNestedRows = 0
  /// A request that is rather foreign than from home, where both are as frequent.
  package static let usualRise: Float = 0.5

  /// ``familyWeight`` where it is not told.
  var familyExponent: Double { familyWeight ?? Self.usualFamilyWeight }

  /// Frames that a log's own requests never have must not move them: much stronger than the ridge on dense weights.
  package static let usualFramePenalty = 100_000.0

  var frameStrength: Double { framePenalty ?? Self.usualFramePenalty }

  var rise: Float { unfamiliarRise ?? Self.usualRise }

  /// Whether the search for penalties has nothing to choose between.
  var hasOnePoint: Bool {
    gramPenalties.count == 1 && densePenalties.count == 1 && denseLimits.count == 1 && idfExponents.count == 1
      && headCorrelations.count == 1
  }

  /// Whether what is chosen on some rows needs other rows to be judged by.
  func isNested(rows: Int) -> Bool {
    rows <= nestedRows ?? Self.usualNestedRows && !(hasOnePoint && architecture != .auto)
  }

  /// What features are extracted with.
  package var featureOptions: FeatureOptions {
    FeatureOptions(bucketBits: bucketBits, wordPairs: wordPairs, characterGrams: characterGrams)
  }

  /// What holds unless the log clearly says otherwise.
  var defaultHyperparameters: Hyperparameters {
    func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    let correlation = middle(headCorrelations)
    return Hyperparameters(
      gram: middle(gramPenalties), dense: middle(densePenalties), gramCorrelation: correlation,
      denseCorrelation: correlation,
      scaling: FeatureScaling(denseLimit: denseLimits[0], idfExponent: idfExponents[0]))
  }

  /// Throws ``TrainingError/parameter(name:expected:found:)`` for the first setting out of its range.
  package func check() throws(TrainingError) {
    try requireParameter("bucketBits", bucketBits, "\(FeatureOptions.bucketBitsRange)") {
      FeatureOptions.bucketBitsRange.contains($0)
    }
    try requireParameter("folds", folds, "at least 2") { $0 >= 2 }
    try requireParameter("idWeights", idWeights, "finite weights above 0") {
      $0.values.allSatisfy { $0 > 0 && $0.isFinite }
    }
    try checkFamilies()
    try requireParameter("gramPenalties", gramPenalties, "one or more numbers above 0", Self.arePenalties)
    try requireParameter("densePenalties", densePenalties, "one or more numbers above 0", Self.arePenalties)
    try requireParameter("denseLimits", denseLimits, "one or more numbers above 0, at most 64") {
      !$0.isEmpty && $0.allSatisfy { $0 > 0 && $0 <= 64 }
    }
    try requireParameter("idfExponents", idfExponents, "one or more numbers in 0…2") {
      !$0.isEmpty && $0.allSatisfy { $0 >= 0 && $0 <= 2 }
    }
    try requireParameter("headCorrelations", headCorrelations, "one or more numbers in 0..<1") {
      !$0.isEmpty && $0.allSatisfy { $0 >= 0 && $0 < 1 }
    }
    try requireParameter("auxiliaryModels", auxiliaryModels, "at least 0") { $0 >= 0 }
    try requireParameter("gradientTolerance", gradientTolerance, "above 0 and below 1") { $0 > 0 && $0 < 1 }
    try requireParameter("maximumIterations", maximumIterations, "at least 1") { $0 >= 1 }
    try requireParameter("searchRows", searchRows, "at least 100") { $0 >= 100 }
    try network.check()
  }

  private func checkFamilies() throws(TrainingError) {
    if let families {
      try requireParameter("families", families, "prefixes of ids or datasets for at least \(Families.fewest) families")
      {
        $0.count >= Families.fewest && !$0.keys.contains("")
          && $0.values.allSatisfy { !$0.isEmpty && !$0.contains("") }
      }
    }
    try requireParameter("familyWeight", familyExponent, "in 0…1") { $0 >= 0 && $0 <= 1 }
    try requireParameter("home", home ?? [], "some of the families, not all") { home in
      let names = families.map { Set($0.keys) } ?? []
      return Set(home).count == home.count && names.isSuperset(of: home) && (home.isEmpty || home.count < names.count)
    }
    try requireParameter("unfamiliarRise", rise, "above 0, at most 2") { $0 > 0 && $0 <= 2 }
    try requireParameter("framePenalty", frameStrength, "a finite number of at least 0") { $0 >= 0 && $0.isFinite }
    try requireParameter("nestedRows", nestedRows ?? Self.usualNestedRows, "at least 0") { $0 >= 0 }
  }

  private static func arePenalties(_ values: [Double]) -> Bool {
    !values.isEmpty && values.allSatisfy { $0 > 0 && $0.isFinite }
  }

  /// A record with the weight that this recipe gives it.
  package func weighing(_ record: LogRecord) -> LogRecord {
    let keys = idWeights.keys.filter { record.id.hasPrefix($0) }
    guard let key = keys.max(by: { $0.utf8.count < $1.utf8.count }), let factor = idWeights[key] else { return record }
    var result = record
    result.weight *= factor
    return result
  }

  /// Sixteen hexadecimal digits that change with any setting, and with nothing else: a hash of ``canonicalJSON``.
  package var fingerprint: String { ContentHash(String(decoding: canonicalJSON, as: UTF8.self)).value.hexadecimal }

  /// The settings as recipe.json has them: every one of them, keys sorted, two spaces a level.
  package var canonicalJSON: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    // A recipe that ``check()`` would refuse has a fingerprint too.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do { return [UInt8](try encoder.encode(self)) } catch {
      preconditionFailure("a recipe is numbers and names: \(error)")
    }
  }
}

extension NetworkRecipe {
  /// Throws ``TrainingError/parameter(name:expected:found:)`` for the first setting out of its range.
  package func check() throws(TrainingError) {
    try requireParameter("network.embeddingWidth", embeddingWidth, "1…256") { (1...256).contains($0) }
    try requireParameter("network.hiddenWidth", hiddenWidth, "1…1024") { (1...1_024).contains($0) }
    try requireParameter("network.epochs", epochs, "at least 1") { $0 >= 1 }
    try requireParameter("network.patience", patience, "at least 1") { $0 >= 1 }
    try requireParameter("network.batchRows", batchRows, "at least 1") { $0 >= 1 }
    try requireParameter("network.learningRate", learningRate, "a finite number above 0") { $0 > 0 && $0.isFinite }
    for (name, decay) in [
      ("embeddingDecay", embeddingDecay), ("denseDecay", denseDecay), ("wideDecay", wideDecay),
    ] {
      try requireParameter("network.\(name)", decay, "a finite number of at least 0") { $0 >= 0 && $0.isFinite }
    }
    try requireParameter("network.bagDropout", bagDropout, "in 0..<1") { $0 >= 0 && $0 < 1 }
  }
}
