import Foundation
import Ockham
import RequestLog
import Statistics

@testable import OckhamTraining

extension MadeUpRequests {
  /// Records whose cheap tier's answers show how good they are, one exception in twenty, though the prompts do not.
  static func answered(_ count: Int, seed: UInt64 = 3, every: Int = 1) -> [LogRecord] {
    var requests = MadeUpRequests(seed: seed, trueValue: .noise)
    var generator = SplitMix64(seed: seed, 9)
    return requests.records(count).enumerated().map { index, record in
      var record = record
      guard index % every == 0 else { return record }
      let isGood = (record.outcomes[0].quality ?? 0) > 0.5
      let says = isGood == (generator.nextUnit() < 0.95)
      let text = "\(requests.sentence(6)) \(says ? "vandrel" : "oskumit") \(requests.sentence(3))."
      record.outcomes[0].answer =
        index % 2 == 0 ? .text(text) : .message(AnswerMessage(text: text, finishReason: "stop"))
      record.outcomes[1].answer = .text("the expensive one's")
      return record
    }
  }
}

extension Training {
  static func answered(_ records: [LogRecord], scratchFolder: URL? = nil) throws -> Dataset {
    let map = try TierMap(flags: tierFlags)
    var builder = try DatasetBuilder(
      options: FeatureOptions(bucketBits: 10), pool: WorkerPool(threads: 2), scratchFolder: scratchFolder,
      answersOf: .tiers(map))
    for record in records { builder.add(record) }
    return try builder.finish(tiers: map)
  }

  static func respond(_ dataset: Dataset) throws -> TrainedRouter {
    let (recipe, pool) = (recipe(.logistic), WorkerPool(threads: 2))
    let router = try RouterTraining(dataset: dataset, recipe: recipe, pool: pool).run()
    return router.adding(try ResponseTraining(dataset: dataset, recipe: recipe, pool: pool).run(after: router))
  }
}
