import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct FamiliesTests {
  private func families(
    _ prefixes: [String: [String]], _ records: [LogRecord] = MadeUpFamilies.records(4)
  ) throws -> Families {
    let dataset = try Training.dataset(records)
    return try Families(prefixes, dataset, rows: Array(0..<dataset.rows))
  }

  @Test func aRowBelongsToTheFamilyWhosePrefixItsIdOrDatasetHas() throws {
    var records = MadeUpFamilies.records(2)
    records[0].id = "elsewhere"
    records[0].dataset = "talks"
    let families = try families(MadeUpFamilies.prefixes, records)
    #expect(families.names == ["chats", "exams", "puzzles", "sums"])
    #expect(families.ofRow == [0, 0, 1, 1, 2, 2, 3, 3])
    #expect(families.selecting([7, 0, 3]).ofRow == [3, 0, 1])
    #expect(families.parted([6, 0, 7]).map { [$0.family] + $0.places } == [[0, 1], [3, 0, 2]])
  }

  @Test func rowsOfNoFamilyOrOfTwoAreRefused() throws {
    var records = MadeUpFamilies.records(2)
    records[3].id = "elsewhere"
    records[3].dataset = "talent"
    func refusal(_ prefixes: [String: [String]]) -> TrainingError? {
      #expect(throws: TrainingError.self) { try families(prefixes, records) }
    }
    let none = refusal(MadeUpFamilies.prefixes)
    #expect(
      none?.description
        == "families of the recipe, dataset 'talent': expected every row in exactly one family, found a row in none; "
        + "give one family a prefix of the dataset or of the row's id")
    var both = MadeUpFamilies.prefixes
    both["exams"]?.append("tal")
    both["sums"]?.append("else")
    #expect(refusal(both)?.description.contains("dataset 'talent'") == true)
    #expect(refusal(both)?.description.contains("found a row in exams, sums;") == true)
  }

  @Test func threeFamiliesMustHaveRows() throws {
    let records = MadeUpFamilies.records(2).filter { $0.id.hasPrefix("exams") || $0.id.hasPrefix("sums") }
    let error = #expect(throws: TrainingError.self) { try families(MadeUpFamilies.prefixes, records) }
    #expect(error?.description.contains("expected rows of at least 3, found 2") == true)
  }

  /// Large families count more than small ones by a power of their weight.
  @Test(arguments: [0, 0.5, 1]) func familiesCountByAPowerOfTheirWeight(exponent: Double) throws {
    let all = MadeUpFamilies.records(16)
    var records = all.filter { $0.id.hasPrefix("chats") } + all.filter { $0.id.hasPrefix("sums") }.prefix(4)
    records += all.filter { $0.id.hasPrefix("exams") }.prefix(1)
    records[16].weight = 5
    let dataset = try Training.dataset(records)
    let rows = Array(0..<21)
    let families = try Families(MadeUpFamilies.prefixes, dataset, rows: rows)
    let weighed = dataset.weighing(families, exponent: exponent, rows: rows)
    let sums = families.parted(rows).map { part in part.places.reduce(Float(0)) { $0 + weighed.weights[$1] } }
    let totals = [16, 1, 8].map { Float(pow2($0, 1 - exponent)) }
    let scale = 25 / totals.reduce(0, +)
    for (sum, total) in zip(sums, totals) { #expect(abs(sum - total * scale) < 1e-4) }
    // Inside of a family nothing changes.
    #expect(abs(weighed.weights[16] / weighed.weights[17] - 5) < 1e-5)
  }

  /// x to the power of 0, ½ or 1.
  private func pow2(_ x: Double, _ power: Double) -> Double { power == 0 ? 1 : power == 1 ? x : x.squareRoot() }

  // MARK: Folds

  private func questions() throws -> (Dataset, Families) {
    var records = MadeUpFamilies.records(6)
    // The same question with other choices in another family, and the same request in a third.
    records[2].request = Request(prompt: "Which of the towers is the highest one?\nA. this\nB. that")
    records[9].request = Request(prompt: "which of the towers is the highest one\n(A) neither of these here\n(B) both")
    records[20].request = records[3].request
    let dataset = try Training.dataset(records)
    return (dataset, try Families(MadeUpFamilies.prefixes, dataset, rows: Array(0..<24)))
  }

  @Test func aFamilyIsHeldOutWholeWithItsQuestions() throws {
    let (dataset, families) = try questions()
    let plan = try FoldPlan(dataset, rows: Array(0..<24), families: families, folds: 3, seed: 1)
    #expect(plan.folds.map(\.heldOut) == [Array(0..<6), Array(6..<12), Array(12..<18), Array(18..<24)])
    let missing: [[Int]] = [[9, 20], [2], [], [3]]
    for (fold, missing) in zip(plan.folds, missing) {
      #expect(fold.training == (0..<24).filter { !fold.heldOut.contains($0) && !missing.contains($0) })
    }
    // Families that have no rows left have no fold.
    let inner = try FoldPlan(dataset, rows: plan.folds[1].training, families: families, folds: 3, seed: 1)
    #expect(inner.folds.map(\.heldOut) == [[0, 1, 3, 4, 5], Array(12..<18), Array(18..<24)])
  }

  /// Rows of home are left out in part: the rest of home trains the fold, but for questions that are held out.
  @Test func homeIsHeldOutByFolds() throws {
    let (dataset, _) = try questions()
    let rows = Array(0..<24)
    let families = try Families(MadeUpFamilies.prefixes, home: ["chats"], dataset, rows: rows)
    let plan = try FoldPlan(dataset, rows: rows, families: families, folds: 3, seed: 1)
    #expect(
      plan.folds.count == 6
        && plan.folds.dropFirst(3).map(\.heldOut) == [[6, 7, 8, 9, 10, 11], Array(12..<18), Array(18..<24)])
    #expect(plan.folds.prefix(3).flatMap(\.heldOut).sorted() == Array(0..<6))
    // The same question stands in another family, and the same request.
    let copies = [2: 9, 3: 20]
    for fold in plan.folds.prefix(3) {
      let missing = fold.heldOut.compactMap { copies[$0] }
      #expect(fold.training == rows.filter { !fold.heldOut.contains($0) && !missing.contains($0) })
    }
  }

  @Test func homeIsSomeOfTheFamilies() throws {
    let (dataset, _) = try questions()
    for home in [["chats", "exams", "puzzles", "sums"], ["other"]] {
      let error = #expect(throws: TrainingError.self) {
        try Families(MadeUpFamilies.prefixes, home: home, dataset, rows: Array(0..<24))
      }
      #expect(error?.description.contains("rows of each family of it, and of others") == true)
    }
  }

  @Test func pooledFoldsKeepAQuestionTogether() throws {
    let (dataset, _) = try questions()
    for seed in 0..<8 as Range<UInt64> {
      let plan = try FoldPlan(dataset, rows: Array(0..<24), folds: 3, seed: seed)
      #expect(plan.folds.contains { $0.heldOut.contains(2) && $0.heldOut.contains(9) })
    }
  }

  /// What half a fold asks is no question but a form.
  @Test func wordsOfVeryManyRowsAreNoQuestion() throws {
    var records = MadeUpFamilies.records(6)
    for row in records.indices where row % 2 == 0 {
      let word = MadeUpRequests.word(row * 17)
      records[row].request = Request(prompt: "Which is true?\nA. \(word) \(row) \(word)ing\nB. not \(word)ly")
    }
    let dataset = try Training.dataset(records)
    #expect(Set(dataset.foldGroups(Array(0..<24), folds: 3)).count == 24)
  }
}
