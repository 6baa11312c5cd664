import Statistics
import Foundation
import OckhamTraining

/// A small log of invented words and models trained on it, made once for all tests.
struct Sample: Sendable {
  let folder: URL
  var log: String { folder.appending(path: "log.jsonl").path }
  /// Rows that no model has seen.
  var fresh: String { folder.appending(path: "fresh.jsonl").path }
  var recipe: String { folder.appending(path: "recipe.json").path }
  /// A model folder as train wrote it.
  var router: String { folder.appending(path: "router").path }
  /// The same log, another seed.
  var candidate: String { folder.appending(path: "candidate").path }

  static let tiers = ["--tier", "small=cheap", "--tier", "frontier=expensive"]
  static let rows = 200

  static let shared: Sample = {
    do {
      let sample = try Sample()
      atexit { try? FileManager.default.removeItem(at: Sample.shared.folder) }
      return sample
    } catch { fatalError("the sample cannot be made: \(error)") }
  }()

  private init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "ockham-sample-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(Self.logLines(Self.rows, seed: 1).joined().utf8).write(to: URL(filePath: log))
    try Data(Self.logLines(Self.rows, seed: 2).joined().utf8).write(to: URL(filePath: fresh))
    try Self.write(Self.quickRecipe, to: recipe)
    for (path, seed) in [(router, "1"), (candidate, "2")] {
      let outcome = try Tool.run(
        ["train", log, "--recipe", recipe, "--output", path, "--seed", seed, "--task-labels"] + Self.tiers)
      guard outcome.code == 0 else { throw CocoaError(.fileWriteUnknown, userInfo: ["error": outcome.error]) }
    }
  }

  /// A recipe that trains in a second without optimisation.
  static var quickRecipe: Recipe {
    var recipe = Recipe()
    recipe.architecture = .logistic
    recipe.bucketBits = 10
    recipe.folds = 2
    recipe.gramPenalties = [1]
    recipe.densePenalties = [100]
    recipe.maximumIterations = 15
    recipe.network.embeddingWidth = 4
    recipe.network.hiddenWidth = 4
    return recipe
  }

  static func write(_ recipe: Recipe, to path: String) throws {
    try JSONEncoder().encode(recipe).write(to: URL(filePath: path))
  }

  /// Log lines with their ends; the outcome follows a marker word with one exception in ten.
  static func logLines(_ count: Int, seed: UInt64) -> [String] {
    var generator = SplitMix64(seed: seed)
    func draw(_ bound: UInt64) -> Int { Int(generator.next() % bound) }
    let syllables = ["zor", "ba", "quim", "lu", "fep", "tra", "ni", "vox"]
    return (0..<count).map { index in
      let isHard = draw(2) == 0
      let isException = draw(10) == 0
      let words = (0..<6).map { _ in syllables[draw(8)] + syllables[draw(8)] }.joined(separator: " ")
      return """
        {"id":"r\(index)","prompt":"\(words) \(isHard ? "grukatt" : "plimsel") \(index)","dataset":"\(index % 2 == 0 ? "a" : "b")",\
        "task":"\(isHard ? "math" : "chat")","outcomes":{"cheap":{"quality":\(isHard == isException ? 1 : 0),\
        "cost_usd":0.0001},"expensive":{"quality":\(draw(10) < 9 ? 1 : 0),"cost_usd":0.002}}}

        """
    }
  }
}
