import Foundation
import Ockham
import RequestLog
import TextKit
import Testing

@testable import OckhamTraining

@Suite struct RecipeTests {
  /// One change of every setting, by the name that errors use.
  private static let changes: [(name: String, change: @Sendable (inout Recipe) -> Void)] = [
    ("architecture", { $0.architecture = .mlp }), ("bucketBits", { $0.bucketBits = 12 }),
    ("wordPairs", { $0.wordPairs = false }), ("characterGrams", { $0.characterGrams = true }),
    ("folds", { $0.folds = 7 }), ("seed", { $0.seed = 2 }), ("taskLabels", { $0.taskLabels = true }),
    ("interpolatesTiers", { $0.interpolatesTiers = true }), ("costHeads", { $0.costHeads = false }),
    ("idWeights", { $0.idWeights = ["a/": 2, "b/": 3] }), ("weighsByPropensity", { $0.weighsByPropensity = true }),
    ("responseHeads", { $0.responseHeads = false }),
    ("families", { $0.families = ["a": ["a/"], "b": ["b/"], "c": ["c/", "d/"]] }),
    ("familyWeight", { $0.familyWeight = 1 }),
    ("home", { ($0.families, $0.home) = (["a": ["a"], "b": ["b"], "c": ["c"]], ["a"]) }),
    ("unfamiliarRise", { $0.unfamiliarRise = 0.75 }),
    ("frames", { $0.frames = [RequestFrame(before: "Hi! ")] }), ("framePenalty", { $0.framePenalty = 3 }),
    ("nestedRows", { $0.nestedRows = 5 }),
    ("gramPenalties", { $0.gramPenalties[0] = 0.11 }), ("densePenalties", { $0.densePenalties.append(1) }),
    ("denseLimits", { $0.denseLimits = [3] }), ("idfExponents", { $0.idfExponents = [0.5] }),
    ("jointCalibration", { $0.jointCalibration = false }),
    ("headCorrelations", { $0.headCorrelations = [0.1] }), ("auxiliaryModels", { $0.auxiliaryModels = 0 }),
    ("gradientTolerance", { $0.gradientTolerance = 2e-4 }), ("maximumIterations", { $0.maximumIterations = 7 }),
    ("searchRows", { $0.searchRows = 101 }), ("network.embeddingWidth", { $0.network.embeddingWidth = 3 }),
    ("network.hiddenWidth", { $0.network.hiddenWidth = 3 }), ("network.epochs", { $0.network.epochs = 3 }),
    ("network.patience", { $0.network.patience = 9 }), ("network.batchRows", { $0.network.batchRows = 9 }),
    ("network.learningRate", { $0.network.learningRate = 0.5 }),
    ("network.embeddingDecay", { $0.network.embeddingDecay = 0.5 }),
    ("network.denseDecay", { $0.network.denseDecay = 0.5 }), ("network.wideDecay", { $0.network.wideDecay = 0.5 }),
    ("network.bagDropout", { $0.network.bagDropout = 0.5 }),
  ]

  @Test func everySettingIsTested() {
    let settings = Mirror(reflecting: Recipe()).children.count - 1 + Mirror(reflecting: NetworkRecipe()).children.count
    #expect(Self.changes.count == settings)
  }

  @Test func jsonGivesBackTheSameRecipe() throws {
    for (_, change) in Self.changes {
      var recipe = Recipe()
      change(&recipe)
      #expect(recipe != Recipe())
      #expect(try JSONDecoder().decode(Recipe.self, from: try JSONEncoder().encode(recipe)) == recipe)
    }
  }

  @Test func theFingerprintChangesWithEverySetting() {
    var seen = [Recipe().fingerprint]
    #expect(seen[0] == Recipe().fingerprint)
    #expect(seen[0].count == 16)
    for (_, change) in Self.changes {
      var recipe = Recipe()
      change(&recipe)
      seen.append(recipe.fingerprint)
    }
    #expect(Set(seen).count == seen.count)
  }

  /// Checkpoints and models carry it: it must not change with a compiler, a module's name or the order of a dictionary.
  @Test func theFingerprintIsThatOfTheCanonicalSettings() throws {
    var recipe = Recipe()
    recipe.idWeights = ["b": 2, "a": 0.5, "c": 3]
    let text = String(decoding: recipe.canonicalJSON, as: UTF8.self)
    #expect(
      text.contains(#""idWeights" : {\n    "a" : 0.5,\n    "b" : 2,\n    "c" : 3\n  }"#.replacing(#"\n"#, with: "\n")))
    #expect(recipe.fingerprint == ContentHash(text).value.hexadecimal)
    #expect(try JSONDecoder().decode(Recipe.self, from: Data(recipe.canonicalJSON)) == recipe)
    #expect(Recipe().fingerprint == "76c19f59a70e1149")
  }

  @Test func acceptsItsDefaultsAndEveryChangeAbove() throws {
    try Recipe().check()
    for (_, change) in Self.changes {
      var recipe = Recipe()
      change(&recipe)
      try recipe.check()
    }
  }

  /// Values just outside of the range, by setting.
  private static let faults: [(name: String, change: @Sendable (inout Recipe) -> Void)] = [
    ("bucketBits", { $0.bucketBits = 9 }), ("bucketBits", { $0.bucketBits = 21 }), ("folds", { $0.folds = 1 }),
    ("idWeights", { $0.idWeights = ["a/": 0] }), ("gramPenalties", { $0.gramPenalties = [] }),
    ("gramPenalties", { $0.gramPenalties = [1, 0] }),
    ("denseLimits", { $0.denseLimits = [] }), ("denseLimits", { $0.denseLimits = [4, 0] }),
    ("denseLimits", { $0.denseLimits = [65] }), ("idfExponents", { $0.idfExponents = [] }),
    ("idfExponents", { $0.idfExponents = [1, -0.5] }), ("idfExponents", { $0.idfExponents = [.nan] }),
    ("densePenalties", { $0.densePenalties = [-1] }), ("densePenalties", { $0.densePenalties = [.infinity] }),
    ("headCorrelations", { $0.headCorrelations = [] }), ("headCorrelations", { $0.headCorrelations = [1] }),
    ("headCorrelations", { $0.headCorrelations = [.nan] }),
    ("auxiliaryModels", { $0.auxiliaryModels = -1 }), ("gradientTolerance", { $0.gradientTolerance = 0 }),
    ("gradientTolerance", { $0.gradientTolerance = 1 }),
    ("gradientTolerance", { $0.gradientTolerance = .nan }), ("maximumIterations", { $0.maximumIterations = 0 }),
    ("searchRows", { $0.searchRows = 99 }), ("network.embeddingWidth", { $0.network.embeddingWidth = 0 }),
    ("network.embeddingWidth", { $0.network.embeddingWidth = 257 }),
    ("network.hiddenWidth", { $0.network.hiddenWidth = 0 }),
    ("network.hiddenWidth", { $0.network.hiddenWidth = 1_025 }), ("network.epochs", { $0.network.epochs = 0 }),
    ("network.patience", { $0.network.patience = 0 }), ("network.batchRows", { $0.network.batchRows = 0 }),
    ("network.learningRate", { $0.network.learningRate = 0 }),
    ("network.learningRate", { $0.network.learningRate = .nan }),
    ("network.embeddingDecay", { $0.network.embeddingDecay = -1 }),
    ("network.denseDecay", { $0.network.denseDecay = .infinity }),
    ("network.wideDecay", { $0.network.wideDecay = .nan }), ("network.bagDropout", { $0.network.bagDropout = 1 }),
  ]

  @Test func refusesEverySettingOutOfItsRange() throws {
    for (name, change) in Self.faults {
      var recipe = Recipe()
      change(&recipe)
      let error = #expect(throws: TrainingError.self) { try recipe.check() }
      guard case .parameter(let found, let expected, _)? = error else {
        Issue.record("\(name): \(String(describing: error))")
        continue
      }
      #expect(found == name)
      #expect(!expected.isEmpty)
    }
  }

  @Test func recordsAreWeighedByTheLongestMatchingKey() {
    var recipe = Recipe()
    recipe.idWeights = ["a/": 2, "a/b": 3]
    func weight(_ id: String) -> Float {
      recipe.weighing(LogRecord(id: id, request: Request(prompt: ""), weight: 0.5)).weight
    }
    #expect([weight("a/x"), weight("a/bc"), weight("b/a/"), weight("a")] == [1, 1.5, 0.5, 0.5])
  }

  @Test func featureOptionsFollowTheRecipe() {
    var recipe = Recipe()
    recipe.bucketBits = 14
    recipe.wordPairs = false
    recipe.characterGrams = true
    #expect(recipe.featureOptions == FeatureOptions(bucketBits: 14, wordPairs: false, characterGrams: true))
  }
}
