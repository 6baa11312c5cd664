import Ockham
import RequestLog
import Statistics

@testable import OckhamTraining

/// Logs of several families of invented sets.
enum MadeUpFamilies {
  static let prefixes = ["exams": ["exams/"], "chats": ["chats/", "talk"], "sums": ["sums/"], "puzzles": ["puzzles/"]]

  /// `count` records of each family, whose ids begin with its name. Every request of a family has a word of its own.
  static func records(_ count: Int = 24, seed: UInt64 = 5) -> [LogRecord] {
    prefixes.keys.sorted().enumerated().flatMap { number, name in
      var requests = MadeUpRequests(seed: seed + UInt64(number))
      requests.name = "\(name)/"
      var generator = SplitMix64(seed: seed, UInt64(number))
      return requests.records(count).map { record in
        var record = record
        // Both outcomes occur often enough for a head in what is left without two families.
        record.outcomes[1].quality = generator.nextUnit() < 0.7 ? 1 : 0
        record.request.segments.append(Segment(role: .user, text: "family word \(name)ish"))
        return record
      }
    }
  }

  static func recipe(_ architecture: Recipe.Architecture = .logistic) -> Recipe {
    var recipe = Training.recipe(architecture)
    (recipe.families, recipe.home) = (prefixes, ["chats"])
    (recipe.headCorrelations, recipe.maximumIterations) = ([0], 8)
    (recipe.costHeads, recipe.jointCalibration) = (false, false)
    return recipe
  }

  static func router(
    _ records: [LogRecord] = records(), recipe: Recipe = recipe(), threads: Int = 2
  ) throws -> TrainedRouter {
    try RouterTraining(dataset: Training.dataset(records), recipe: recipe, pool: WorkerPool(threads: threads)).run()
  }
}
