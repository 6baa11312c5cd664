import Ockham
import Statistics
import Testing

@testable import Evaluation

@Suite struct CascadeChoiceTests {
  private func population(_ seed: UInt64, rows: Int = 1_200, isWeighted: Bool = false) throws -> ScoredLog {
    var made = MadeUpLog(seed: seed)
    return try made.cascade(rows: rows, noise: 0.15, isWeighted: isWeighted)
  }

  /// Requests of a population, drawn with replacement as questions of their own.
  private func draw(_ log: ScoredLog, rows: Int, _ generator: inout SplitMix64) throws -> ScoredLog {
    let drawn = log.selecting((0..<rows).map { _ in generator.next(below: log.rowCount) })
    return try ScoredLog(
      tierNames: drawn.tierNames, origins: (0..<rows).map { RowOrigin(id: "\($0)") }, weights: drawn.weights,
      promptBytes: drawn.promptBytes, probability: drawn.probability, quality: drawn.quality, cost: drawn.cost,
      responses: drawn.responses)
  }

  private func path(_ log: ScoredLog, _ member: CascadeMember) throws -> CascadePath {
    var path = try #require(CascadePath(log))
    path.member = member
    return path
  }

  private let parameters = ThresholdChoiceParameters(confidence: 0.8, gridCount: 30, orders: 10)

  /// At a confidence of 80 % a guarantee may break in 20 % of the logs: in 60 logs 20 or fewer with a probability of 99.6 %.
  @Test(arguments: [ThresholdGoal.targetQuality(fraction: 0.97), .maximumCostPer1000(usd: 0.9)])
  func promisesAreKept(goal: ThresholdGoal) throws {
    let population = try population(41)
    let path = try path(population, .both)
    var generator = SplitMix64(seed: 5)
    var (proven, broken) = (0, 0)
    for _ in 0..<60 {
      let log = try draw(population, rows: 250, &generator)
      let choice = try #require(try CascadeChoice(log, goal: goal, path: path, parameters: parameters))
      guard choice.isProven, let policy = choice.policy else { continue }
      proven += 1
      let trueValue = CascadeEstimate(policy, on: population)
      switch goal {
      case .targetQuality(let fraction): broken += try #require(trueValue.qualityKept) < fraction ? 1 : 0
      case .maximumCostPer1000(let usd): broken += trueValue.costUSD * 1_000 > usd ? 1 : 0
      case .maximumShare: break
      }
    }
    #expect(broken <= 20)
    #expect(proven >= 20, "a guarantee that is never given is always kept")
  }

  @Test func whatIsTakenIsTheCheapestThatPasses() throws {
    let log = try population(42)
    for member in CascadeMember.allCases {
      let loose = try #require(
        try CascadeChoice(
          log, goal: .targetQuality(fraction: 0.9), path: path(log, member), parameters: parameters))
      let strict = try #require(
        try CascadeChoice(
          log, goal: .targetQuality(fraction: 0.98), path: path(log, member), parameters: parameters))
      #expect(loose.isProven && strict.isProven, "\(member)")
      let (loosely, strictly) = (try #require(loose.estimate), try #require(strict.estimate))
      #expect(loosely.costUSD < strictly.costUSD && strictly.costUSD * 1_000 < 3, "\(member)")
      #expect(try #require(loosely.qualityKept) >= #require(loose.bound) - 1e-9 && loose.bound ?? 0 >= 0.9)
      #expect(member == .both || (loosely.attempts > 1.001) == (member == .cascade))
      #expect(loosely == CascadeEstimate(try #require(loose.policy), on: log.inCanonicalOrder()))
      #expect(CascadePath(of: try #require(loose.policy)).member == member)
    }
  }

  @Test func theOrderOfTheRowsDoesNotMatter() throws {
    let log = try population(43, rows: 400, isWeighted: true)
    let path = try path(log, .both)
    let goal = ThresholdGoal.targetQuality(fraction: 0.9)
    let one = try CascadeChoice(log, goal: goal, path: path, parameters: parameters)
    let other = try CascadeChoice(
      log.selecting((0..<400).reversed().map { $0 }), goal: goal, path: path, parameters: parameters)
    #expect(one == other && one?.isProven == true)
  }

  @Test func whatIsNotProvenIsAnOffer() throws {
    let log = try population(44, rows: 60)
    var strict = parameters
    strict.confidence = 0.999
    let choice = try #require(
      try CascadeChoice(log, goal: .targetQuality(fraction: 0.97), path: path(log, .cascade), parameters: strict))
    #expect(!choice.isProven && choice.rows == 60)
    #expect(try #require(choice.rowsNeeded) > 60)
    #expect(try #require(choice.estimate?.qualityKept) >= 0.97)
    #expect(try #require(choice.bound) < 0.97)
    let share = ThresholdGoal.maximumShare(tier: "t1", share: 0.5)
    #expect(try CascadeChoice(log, goal: share, path: path(log, .cascade), parameters: strict) == nil)
    #expect(throws: EvaluationError.self) {
      try CascadeChoice(log, goal: .targetQuality(fraction: 2), path: path(log, .cascade), parameters: strict)
    }
  }

  /// Nothing can be saved where the strongest tier alone is ever right: no policy is offered.
  @Test func whereNothingCanBeSavedNothingIsOffered() throws {
    let log = try population(45, rows: 200)
    var quality = log.quality
    for row in 0..<200 { (quality[row, 0], quality[row, 1]) = (0, 1) }
    let hopeless = try ScoredLog(
      tierNames: log.tierNames, origins: log.origins, promptBytes: log.promptBytes, probability: log.probability,
      quality: quality, cost: log.cost, responses: log.responses)
    let choice = try CascadeChoice(
      hopeless, goal: .targetQuality(fraction: 1), path: path(log, .both), parameters: parameters)
    #expect(choice?.policy == nil && choice?.isProven == false)
  }
}
