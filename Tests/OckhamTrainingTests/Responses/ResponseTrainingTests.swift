import Foundation
import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct ResponseTrainingTests {
  /// An answer that shows what the question does not is understood, out of fold.
  @Test(.timeLimit(.minutes(20))) func answersTellWhatPromptsDoNot() throws {
    let dataset = try Training.answered(MadeUpRequests.answered(360))
    let router = try Training.respond(dataset)
    let trained = try #require(router.responses.first)
    #expect(router.responses.count == 1 && trained.tier == 0)
    #expect(Set(trained.rows) == Set(0..<360) && trained.probabilities.count == 720)
    func separation(_ probability: (Int, Int) -> Float) -> Double {
      var sums = (good: 0.0, bad: 0.0), counts = (good: 0.0, bad: 0.0)
      for (place, row) in trained.rows.enumerated() {
        if dataset.labels[row, 0] > 0.5 {
          sums.good += Double(probability(place, row))
          counts.good += 1
        } else {
          sums.bad += Double(probability(place, row))
          counts.bad += 1
        }
      }
      return sums.good / counts.good - sums.bad / counts.bad
    }
    let places = Dictionary(uniqueKeysWithValues: zip(router.rows, router.rows.indices))
    #expect(separation { place, _ in trained.probabilities[2 * place] } > 0.25)
    #expect(abs(separation { _, row in router.outOfFold.probabilities[2 * (places[row] ?? 0)] }) < 0.1)
    // Both kinds of answers have the same form.
    #expect(abs(separation { place, _ in trained.formProbabilities[2 * place] }) < 0.1)
  }

  /// What the runtime computes from the file is what the trainer computed, up to the rounding of the table.
  @Test(.timeLimit(.minutes(20))) func runtimeAgreesWithTraining() throws {
    let records = MadeUpRequests.answered(240)
    let dataset = try Training.answered(records)
    let router = try Training.respond(dataset)
    let model = try Model(router.weights.tensorFile().encoded())
    #expect(model.responseTiers == [0] && model.metadata["format"] == "ockham/2")
    let weights = try #require(router.weights.responses.first)
    let (answers, rows) = try #require(dataset.answers(of: 0, after: router))
    let all = Array(0..<answers.rows)
    var scratch = model.makeScratch()
    var responses = try #require(model.makeResponseScratch())
    let logits = try trainerLogits(weights, answers, all)
    let served = try servedLogits(router, dataset, rows)
    for (place, row) in rows.enumerated() {
      let record = records[row]
      model.score(record.request, into: &scratch)
      let response = Response(try #require(record.outcomes[0].answer), to: record.request)
      #expect(model.score(response, of: 0, after: scratch, into: &responses))
      // The prompt's logits of serving are not those out of fold: what they change is taken away.
      for output in 0..<2 {
        let shift = inputShift(weights, output, from: answers, place, to: served[place])
        #expect(abs(responses.logits[output] - logits[place, output] - shift) < 5e-3, "row \(row)")
      }
      guard (responses.probabilities.first ?? 0) > 0 else { continue }
      #expect(responses.probabilities[0] == weights.calibrations[0].probability(responses.logits[0]))
    }
  }

  private func trainerLogits(_ weights: ResponseWeights, _ answers: Dataset, _ rows: [Int]) throws -> DenseMatrix {
    try weights.heads.logits(
      sparse: weights.transform.sparse(answers, rows: rows), dense: weights.transform.dense(answers, rows: rows),
      pool: WorkerPool(threads: 1))
  }

  private func servedLogits(_ router: TrainedRouter, _ dataset: Dataset, _ rows: [Int]) throws -> [[Float]] {
    let transform = router.weights.transform
    let logits = try router.weights.heads.logits(
      sparse: transform.sparse(dataset, rows: rows), dense: transform.dense(dataset, rows: rows),
      pool: WorkerPool(threads: 1))
    return rows.indices.map { place in (0..<2).map { logits[place, $0] } }
  }

  /// How much a logit moves when the prompt's logits among the inputs become those of serving.
  private func inputShift(
    _ weights: ResponseWeights, _ output: Int, from answers: Dataset, _ place: Int, to logits: [Float]
  ) -> Float {
    guard let model = weights.heads as? LinearModel else { return .nan }
    let first = answers.denseColumns - 2
    return (0..<2).reduce(Float(0)) { sum, tier in
      let column = first + tier
      let before = weights.transform.standardise(answers.dense[place * answers.denseColumns + column], column)
      let after = weights.transform.standardise(min(16, max(-16, logits[tier])), column)
      return sum + (after - before) * model.dense[column * model.heads + output]
    }
  }

  /// A log without answers makes the file that it always made.
  @Test(.timeLimit(.minutes(20))) func withoutAnswersFilesAreWhatTheyWere() throws {
    let records = MadeUpRequests.answered(120).map { record in
      var record = record
      for index in record.outcomes.indices { record.outcomes[index].answer = nil }
      return record
    }
    let dataset = try Training.answered(records)
    #expect(!dataset.hasAnswers)
    let router = try Training.respond(dataset)
    let plain = try RouterTraining(
      dataset: Training.dataset(records), recipe: Training.recipe(.logistic), pool: WorkerPool(threads: 1)
    ).run()
    #expect(router.weights.tensorFile() == plain.weights.tensorFile())
    #expect(router.outOfFold.tensorFile() == plain.outOfFold.tensorFile())
    #expect(router.weights.tensorFile().metadata["format"] == "ockham/1")
  }

  /// Rows without an answer teach the prompt's heads alone.
  @Test(.timeLimit(.minutes(20))) func someRowsMayHaveNoAnswer() throws {
    let dataset = try Training.answered(MadeUpRequests.answered(400, every: 2))
    let router = try Training.respond(dataset)
    let trained = try #require(router.responses.first)
    #expect(trained.rows.allSatisfy { $0 % 2 == 0 } && trained.rows.count == 200)
    #expect(router.outOfFold.responses.first?.places.map { router.rows[$0] } == trained.rows)
  }

  /// Too few bad answers to learn from.
  @Test(.timeLimit(.minutes(20))) func fewAnswersMakeNoHead() throws {
    let dataset = try Training.answered(MadeUpRequests.answered(200, every: 4))
    #expect(dataset.hasAnswers)
    #expect(try Training.respond(dataset).responses.isEmpty)
  }

  /// Answers of other models, and of the last tier, are not read; where features lie makes no difference.
  @Test func onlyAnsweringTiersAreRead() throws {
    let records = MadeUpRequests.answered(30)
    let dataset = try Training.answered(records)
    let stored = try #require(dataset.answers?.stored)
    #expect(stored.places.count == 30 && stored.places.allSatisfy { $0.outcome == 0 })
    try Training.withFolder { folder in
      let streamed = try #require(try Training.answered(records, scratchFolder: folder).answers?.stored)
      #expect(streamed.dense[0..<streamed.dense.count] == stored.dense[0..<stored.dense.count])
      #expect((0..<30).allSatisfy { streamed.grams.buckets(ofRow: $0) == stored.grams.buckets(ofRow: $0) })
      #expect(streamed.scratchBytes > 0)
    }
  }
}
