import Ockham
import RequestLog
import Statistics
import Testing

@testable import OckhamTraining

/// Training that leaves whole families out.
@Suite struct FamilyTrainingTests {
  /// What was predicted for a family's rows before and after mixing, how far they were off, and the base's share.
  private struct Scores: Equatable {
    var logits: [Float] = []
    var probabilities: [Float] = []
    var unmixed: [Float] = []
    var u: [Float] = []
    var shares: [Float] = []
  }

  private func scores(_ router: TrainedRouter, of family: String) throws -> Scores {
    let scores = router.outOfFold
    let unfamiliarity = try #require(scores.unfamiliarity)
    var result = Scores()
    for place in try #require(router.families.first { $0.name == family }).places {
      result.logits += scores.logits[place * 2..<place * 2 + 2]
      result.probabilities += scores.probabilities[place * 2..<place * 2 + 2]
      result.unmixed += unfamiliarity.probabilities[place * 2..<place * 2 + 2]
      result.u.append(unfamiliarity.u[place])
      result.shares.append(unfamiliarity.shares[place])
    }
    return result
  }

  /// A family's own labels decide nothing of what is said of it, not even by way of a setting: it meets penalties, scales, calibrations,
  /// shares and bases of others alone. Those of every other family do.
  @Test func nothingOfAFamilyReachesItsOwnScores() throws {
    var recipe = MadeUpFamilies.recipe()
    (recipe.gramPenalties, recipe.idfExponents) = ([0.3, 3], [1, 0])
    let records = MadeUpFamilies.records(20)
    let before = try MadeUpFamilies.router(records, recipe: recipe)
    var changed = records
    for row in changed.indices where changed[row].id.hasPrefix("sums/") {
      for outcome in 0..<2 { changed[row].outcomes[outcome].quality = row % 3 == outcome ? 0 : 1 }
    }
    let after = try MadeUpFamilies.router(changed, recipe: recipe)
    #expect(try scores(before, of: "sums") == scores(after, of: "sums"))
    for other in ["chats", "exams", "puzzles"] {
      let (before, after) = (try scores(before, of: other), try scores(after, of: other))
      #expect(before.logits != after.logits && before.probabilities != after.probabilities, "\(other)")
    }
  }

  /// What is kept of a family is what a router says of it that was trained on a log without it.
  @Test func aFamilyIsScoredAsByARouterTrainedWithoutIt() throws {
    var recipe = MadeUpFamilies.recipe()
    recipe.gramPenalties = [0.3, 3]
    let dataset = try Training.dataset(MadeUpFamilies.records(20))
    let pool = WorkerPool(threads: 2)
    let whole = try RouterTraining(dataset: dataset, recipe: recipe, pool: pool).run()
    let other = try RouterTraining(
      dataset: dataset.selecting(Array(0..<40) + Array(60..<80)), recipe: recipe, pool: pool
    ).run().weights
    let rows = Array(40..<60)
    let logits = try other.heads.logits(
      sparse: other.transform.sparse(dataset, rows: rows), dense: other.transform.dense(dataset, rows: rows), pool: pool
    )
    var probabilities = logits.values.enumerated().map { other.calibrations[$0 % 2].probability($1) }
    let kept = try scores(whole, of: "puzzles")
    #expect(kept.logits == logits.values)
    #expect(kept.unmixed == probabilities)
    let measured = try #require(other.unfamiliarity).mix(&probabilities, of: rows, dataset, other.transform)
    #expect(kept.probabilities == probabilities && kept.u == measured.u && kept.shares == measured.shares)
  }

  /// Nor do the words of its other rows.
  @Test func wordsOfAFamilyAreUnseenWithoutIt() throws {
    let records = MadeUpFamilies.records(20)
    let dataset = try Training.dataset(records)
    let families = try Families(MadeUpFamilies.prefixes, dataset, rows: Array(0..<80))
    let plan = try FoldPlan(dataset, rows: Array(0..<80), families: families, folds: 3, seed: 1)
    let fold = plan.folds[3]
    let transform = FeatureTransform(fitting: dataset, rows: fold.training, scaling: FeatureScaling())
    let others = Set(fold.training.flatMap { dataset.grams.buckets(ofRow: $0) })
    let own = Set(fold.heldOut.flatMap { dataset.grams.buckets(ofRow: $0) }).subtracting(others)
    #expect(own.count > 3)
    for bucket in own {
      #expect(transform.columnOfBucket[Int(bucket)] == -1)
    }
    var changed = records
    for row in 61..<80 { changed[row].request = Request(prompt: "other words of row \(row)") }
    let (before, after) = (try MadeUpFamilies.router(records), try MadeUpFamilies.router(changed))
    #expect(try scores(before, of: "sums").logits.prefix(2) == scores(after, of: "sums").logits.prefix(2))
    #expect(try scores(before, of: "sums").u[0] == scores(after, of: "sums").u[0])
    #expect(try scores(before, of: "sums").probabilities.prefix(2) == scores(after, of: "sums").probabilities.prefix(2))
  }

  @Test func whatIsKeptOutOfFoldIsMixed() throws {
    let router = try MadeUpFamilies.router()
    #expect(router.rows.count == 96 && router.families.map(\.name) == ["chats", "exams", "puzzles", "sums"])
    let unfamiliarity = try #require(router.outOfFold.unfamiliarity)
    var moved = 0
    for place in router.rows.indices {
      let share = unfamiliarity.shares[place]
      #expect((0...1).contains(share))
      for tier in 0..<2 {
        let (mixed, unmixed) = (
          router.outOfFold.probabilities[place * 2 + tier], unfamiliarity.probabilities[place * 2 + tier]
        )
        if share == 0 { #expect(mixed == unmixed) }
        if mixed != unmixed { moved += 1 }
      }
    }
    #expect(moved > 0)
    #expect(router.outOfFold.logits == router.chosen.heldOut.logits.values)
  }

  @Test func sameBytesForAnyNumberOfThreads() throws {
    func bytes(_ threads: Int) throws -> [UInt8] {
      let router = try MadeUpFamilies.router(MadeUpFamilies.records(16), threads: threads)
      return router.weights.tensorFile().encoded() + router.outOfFold.tensorFile().encoded()
    }
    let reference = try bytes(1)
    for threads in [1, 3] { #expect(try bytes(threads) == reference, "\(threads) threads") }
  }

  // MARK: The file

  @Test func theFileHoldsTheMeasure() throws {
    var recipe = MadeUpFamilies.recipe()
    recipe.unfamiliarRise = 0.25
    let records = MadeUpFamilies.records()
    let router = try MadeUpFamilies.router(records, recipe: recipe)
    let part = try #require(router.weights.unfamiliarity)
    let model = try Model(router.weights.tensorFile().encoded())
    #expect(model.unfamiliarity == part)
    #expect(part.rise == 0.25 && part.home == ["chats"] && part.families == ["chats", "exams", "puzzles", "sums"])
    for tier in 0..<2 { #expect(part.lower[tier] < part.base[tier] && part.base[tier] < part.upper[tier]) }
    // The mean over families of equally many rows is that of all rows.
    let mean = records.reduce(0) { $0 + ($1.outcomes[0].quality ?? 0) } / Double(records.count)
    #expect(abs(Double(part.base[0]) - mean) < 1e-5)
  }

  /// The trainer's measure is the runtime's, bit for bit, and its probabilities agree as far as logits do.
  @Test func theRuntimeMeasuresTheSame() throws {
    let router = try MadeUpFamilies.router()
    let model = try Model(router.weights.tensorFile().encoded())
    let part = try #require(model.unfamiliarity)
    var records = MadeUpFamilies.records(3, seed: 99)
    records[0].request = Request(segments: [])
    records[1].request = Request(prompt: "onlyunseen wordsareinthis request")
    let dataset = try Training.dataset(records)
    let rows = Array(records.indices)
    var scratch = model.makeScratch()
    var mixed = rows.flatMap { row in
      model.score(records[row].request, into: &scratch)
      return zip(router.weights.calibrations, scratch.logits).map { $0.probability($1) }
    }
    let measured = part.mix(&mixed, of: rows, dataset, router.weights.transform)
    for row in rows {
      model.score(records[row].request, into: &scratch)
      #expect(scratch.unfamiliarity == measured.u[row] && scratch.unfamiliarShare == measured.shares[row])
      #expect(scratch.probabilities == Array(mixed[row * 2..<row * 2 + 2]))
    }
    #expect(Set(measured.u).count > 3)
  }

  @Test func scoresReadBack() throws {
    let scores = try MadeUpFamilies.router(MadeUpFamilies.records(16)).outOfFold
    let read = try OutOfFoldScores(scores.tensorFile().encoded(), tierNames: scores.tierNames)
    #expect(read.unfamiliarity?.u == scores.unfamiliarity?.u && read.unfamiliarity?.u.count == 64)
    #expect(read.unfamiliarity?.shares == scores.unfamiliarity?.shares)
    #expect(read.unfamiliarity?.probabilities == scores.unfamiliarity?.probabilities)
    #expect(read.probabilities == scores.probabilities && read.fingerprint == scores.fingerprint)
    func refusal(_ tensor: Tensor) -> ModelFileError? {
      var file = scores.tensorFile()
      file.tensors.removeAll { $0.name == tensor.name }
      file.tensors.append(tensor)
      return #expect(throws: ModelFileError.self) { try OutOfFoldScores(file.encoded(), tierNames: scores.tierNames) }
    }
    let wrong = [Float](repeating: 0, count: 63)
    #expect(
      refusal(Tensor(name: "unfamiliar_share", shape: [63], floats: wrong))
        == .tensorShape(tensor: "unfamiliar_share", expected: "F32 [64]", found: "F32 [63]"))
    #expect(
      refusal(Tensor(name: "unfamiliar_share", shape: [64], floats: wrong + [1.5]))
        == .tensorValue(tensor: "unfamiliar_share", index: 63, expected: "a number from 0 to 1"))
  }

  // MARK: Tiers

  /// A tier that one family alone knows cannot be learned when that is left out.
  @Test func aTierOfOneFamilyIsRefusedOrFilledIn() throws {
    var records = MadeUpFamilies.records(20)
    for row in records.indices {
      let quality = records[row].id.hasPrefix("sums") || records[row].id.hasPrefix("chats") ? Double(row % 2) : nil
      records[row].outcomes.append(ModelOutcome(name: "middling", quality: quality))
    }
    let dataset = try Training.dataset(records, tierFlags: ["small=cheap", "mid=middling", "frontier=expensive"])
    var recipe = MadeUpFamilies.recipe()
    recipe.home = nil
    let error = #expect(throws: TrainingError.self) {
      _ = try RouterTraining(dataset: dataset, recipe: recipe, pool: WorkerPool(threads: 2))
    }
    #expect(error?.description.contains("families of the recipe, tier 'mid': expected good and bad outcomes") == true)
    recipe.interpolatesTiers = true
    let router = try RouterTraining(dataset: dataset, recipe: recipe, pool: WorkerPool(threads: 2)).run()
    #expect(router.constantHeads.isEmpty && router.weights.unfamiliarity == nil)
  }
}
