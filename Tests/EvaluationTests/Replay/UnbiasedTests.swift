import Ockham
import Statistics
import Testing

@testable import Evaluation

/// Estimates over every way in which the draws may fall, taken exactly; and means without a conversation, beside plain loops.
@Suite struct UnbiasedTests {
  /// Calls a body for every choice of one number below each bound, with the product of their chances.
  private static func forEach(_ chances: [[Double]], _ body: (_ choice: [Int], _ chance: Double) -> Void) {
    var choice = [Int](repeating: 0, count: chances.count)
    while true {
      body(choice, zip(chances, choice).reduce(1) { $0 * $1.0[$1.1] })
      guard let place = choice.indices.first(where: { choice[$0] + 1 < chances[$0].count }) else { return }
      for before in 0..<place { choice[before] = 0 }
      choice[place] += 1
    }
  }

  // MARK: Labels

  private static let inclusions = [0.2, 0.5, 0.9, 1]
  private static let trueValues = [0.5, -1, 0.25, 1]
  private static let weights = [1.0, 2, 0.5, 3]

  /// Whatever is predicted, the corrected sum has the mean of the true values.
  @Test(arguments: [[0, 0, 0, 0], [0.4, -0.9, 0.2, 1], [-1, 1, -1, 1]] as [[Double]])
  func correctedSumsAreRightOnAverage(predictions: [Double]) throws {
    var expected = 0.0
    Self.forEach(Self.inclusions.map { [1 - $0, $0] }) { drawn, chance in
      var sum = LabelSum(conversationCount: 3, range: -1...1)
      sum.add(certain: 0.75, 2, weight: 1.5)
      for row in 0..<4 {
        let knowledge: LabelledRow.Knowledge =
          drawn[row] == 1 ? .known(Self.trueValues[row], inclusion: Self.inclusions[row]) : .undrawn
        sum.add(knowledge, predicted: predictions[row], row % 3, weight: Self.weights[row])
      }
      expected += chance * (sum.mean?.value ?? 0)
    }
    let total = zip(Self.trueValues, Self.weights).reduce(1.5 * 0.75) { $0 + $1.0 * $1.1 }
    #expect(abs(expected - total / 8) < 1e-12)
  }

  /// So has the estimate of a fixed period, whose requests that agree count as no difference.
  @Test(arguments: [[0, 0, 0, 0], [0.4, -0.9, 0.2, 1]] as [[Double]])
  func estimatesByLabelsAreRightOnAverage(predictions: [Double]) {
    var expected = 0.0
    Self.forEach(Self.inclusions.map { [1 - $0, $0] }) { drawn, chance in
      let pairs = (0..<4).map { row in
        LabelledPair(
          conversation: row % 2, inclusion: Self.inclusions[row], isDrawn: drawn[row] == 1,
          difference: drawn[row] == 1 ? Self.trueValues[row] : nil, prediction: predictions[row],
          weight: Self.weights[row])
      }
      expected += chance * (LabelEstimate(LabelSample(pairs: pairs, requests: [10, 6])).value ?? 0)
    }
    #expect(abs(expected - zip(Self.trueValues, Self.weights).reduce(0) { $0 + $1.0 * $1.1 } / 16) < 1e-12)
  }

  /// A label that is missing lies anywhere in the range: the ends hold for all of it.
  @Test func missingLabelsBoundWhatTheyMayHaveBeen() throws {
    for hidden in [-1, -0.3, 0.5, 1] {
      var (known, missing) = (
        LabelSum(conversationCount: 2, range: -1...1), LabelSum(conversationCount: 2, range: -1...1)
      )
      for row in 0..<2 {
        known.add(.known(row == 0 ? 0.5 : hidden, inclusion: 0.5), predicted: 0.2, row, weight: 1)
        missing.add(
          row == 0 ? .known(0.5, inclusion: 0.5) : .missing(inclusion: 0.5), predicted: 0.2, row, weight: 1)
      }
      let (actual, found) = (try #require(known.mean).value, try #require(missing.mean))
      #expect(found.value - found.unknown.down <= actual + 1e-12 && actual <= found.value + found.unknown.up + 1e-12)
      if abs(hidden) == 1 {
        let end = hidden < 0 ? found.value - found.unknown.down : found.value + found.unknown.up
        #expect(abs(end - actual) < 1e-12, "an end is reached")
      }
    }
  }

  // MARK: Draws

  /// Three requests, three tiers drawn with chances of their own: every estimator's mean over all 27 logs.
  @Test func estimatesByPropensitiesAreRightOnAverage() {
    let chances = [[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.25, 0.25, 0.5]]
    let rewards = [[0.1, 0.6, 0.9], [0, 1, 0.5], [0.3, 0.2, 1]]
    let policy = [[0.2, 0.2, 0.6], [0, 0.5, 0.5], [0, 0, 1]]
    let predictions = [[0.9, 0.1, 0.4], [0.5, 0.5, 0.5], [0, 1, 0.3]]
    let weights = [1.0, 3, 2]
    var (inverse, robust, direct) = (0.0, 0.0, Set<Double>())
    Self.forEach(chances) { tiers, chance in
      let rows = (0..<3).map { row in
        OffPolicySample.Row(
          tier: tiers[row], propensity: chances[row][tiers[row]], reward: rewards[row][tiers[row]],
          weight: weights[row],
          conversation: row)
      }
      let sample = OffPolicySample(
        rows: rows, predictions: Matrix(predictions.flatMap(\.self), columns: 3), range: 0...1)
      let found = OffPolicyEstimate(sample, chances: Matrix(policy.flatMap(\.self), columns: 3))
      inverse += chance * (found.inversePropensity ?? 0)
      robust += chance * (found.doublyRobust ?? .nan)
      direct.insert(found.direct ?? .nan)
    }
    func mean(_ values: [[Double]]) -> Double {
      (0..<3).reduce(0) { sum, row in
        sum + weights[row] * zip(policy[row], values[row]).reduce(0) { $0 + $1.0 * $1.1 }
      } / 6
    }
    #expect(agree(inverse, mean(rewards)) && agree(robust, mean(rewards)))
    #expect(direct.count == 1 && agree(direct.first, mean(predictions)), "what is predicted hangs on no draw")
  }

  // MARK: Means without a conversation

  private static func draws(_ random: inout SplitMix64, rows: Int) -> [LoggedDraw] {
    (0..<rows).map { row in
      LoggedDraw(
        tier: random.next(below: 3), propensity: 0.5, conversation: row % 5 == 0 ? nil : "c\(random.next(below: 7))",
        costUSD: random.next(below: 3) == 0 ? nil : Double(1 + random.next(below: 50)))
    }
  }

  private static func log(_ draws: [LoggedDraw], weights: [Double]) throws -> ScoredLog {
    try ScoredLog(
      tierNames: ["a", "b", "c"], origins: draws.indices.map { RowOrigin(id: "\($0)", dataset: "d\($0 % 3)") },
      weights: weights, promptBytes: draws.indices.map { $0 },
      probability: Matrix(repeating: 0.5, rows: draws.count, columns: 3),
      quality: Matrix(repeating: .nan, rows: draws.count, columns: 3),
      cost: Matrix(repeating: .nan, rows: draws.count, columns: 3), draws: draws)
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>) func predictionsLeaveTheirConversationOut(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let draws = Self.draws(&random, rows: 40)
    let weights = draws.map { _ in [0.5, 1, 4][random.next(below: 3)] }
    let log = try Self.log(draws, weights: weights)
    let other = { (row: Int, place: Int) in
      row != place && (draws[row].conversation == nil || draws[row].conversation != draws[place].conversation)
    }
    // By what was served alone.
    let sample = try #require(DrawLog(log, source: .logged)).sample(.cost)
    for (index, place) in sample.places.enumerated() {
      for tier in 0..<3 {
        let rows = sample.places.filter { other($0, place) && draws[$0].tier == tier }
        let sum = rows.reduce(0.0) { $0 + weights[$1] * (draws[$1].costUSD ?? 0) }
        let expected = sum / rows.reduce(0.0) { $0 + weights[$1] }
        let found = sample.sample.predictions[index, tier]
        #expect(rows.isEmpty ? found.isNaN : agree(found, expected))
      }
    }
    // By outcomes of other tiers too.
    let records = draws.map { draw in
      ReplayRecord(
        outcomes: (0..<3).map { tier in
          ReplayRecord.Outcome(
            costUSD: tier != draw.tier && random.next(below: 2) == 0 ? Double(random.next(below: 90)) : nil)
        })
    }
    let policy = ReplayPolicy(name: "p", log: log, choice: .tier(0))
    let forecast = TierForecast(ReplayLog(records, incumbent: policy, candidate: policy), .costUSD)
    func cost(_ row: Int, _ tier: Int) -> Double? {
      draws[row].tier == tier
        ? draws[row].costUSD ?? records[row].outcomes[tier].costUSD : records[row].outcomes[tier].costUSD
    }
    for place in draws.indices {
      for tier in 0..<3 {
        let known = draws.indices.filter { other($0, place) && cost($0, tier) != nil }
        let sum = known.reduce(0.0) { $0 + weights[$1] * (cost($1, tier) ?? 0) }
        let expected = sum / known.reduce(0.0) { $0 + weights[$1] }
        #expect(known.isEmpty ? forecast.values[place, tier].isNaN : agree(forecast.values[place, tier], expected))
      }
    }
  }

  // MARK: Where a policy sends what

  /// All to one tier, among every set of tiers that may be open: the next below it, else the next above.
  @Test func aTierThatIsNotOpenGivesWayToTheNextBelow() throws {
    var made = MadeUpLog(seed: 3)
    let log = try made.log(rows: 1, tiers: 4)
    for wanted in 0..<4 {
      let policy = ReplayPolicy(name: "p", log: log, choice: .tier(wanted))
      for bits in 1..<16 as Range<UInt64> {
        let open = (0..<4).filter { bits >> UInt64($0) & 1 == 1 }
        let order = stride(from: wanted, through: 0, by: -1) + Array(wanted..<4)
        #expect(policy.tier(row: 0, allowed: TierSet(rawValue: bits)) == order.first(where: open.contains))
      }
      #expect(policy.tier(row: 0, allowed: []) == wanted)
    }
  }

  /// Each row is in one group of each kind, the largest first.
  @Test func groupsDivideTheRows() throws {
    var world = try ObservedWorld(rows: 200, seed: 8)
    let replay = try world.log(conversations: 30)
    let quick = BootstrapParameters(resamples: 100)
    for kind in ReplayGroup.Kind.allCases {
      let groups = replay.groups(by: kind, quick)
      #expect(groups.reduce(0) { $0 + $1.rows } == replay.rowCount && Set(groups.map(\.name)).count == groups.count)
      #expect(zip(groups, groups.dropFirst()).allSatisfy { ($1.rows, $0.name) < ($0.rows, $1.name) })
      let differing = groups.reduce(0) { $0 + $1.disagreement * Double($1.rows) }
      #expect(abs(differing - Double((0..<replay.rowCount).count(where: replay.differs))) < 1e-9)
    }
    let tiers = replay.groups(by: .tier, quick)
    #expect(Set(tiers.map(\.name)) == ["mid", "mid → small"])
    #expect(tiers.allSatisfy { $0.disagreement == ($0.name == "mid" ? 0 : 1) })
    #expect(replay.groups(by: .task, quick).map(\.name) == ["(none)"])
  }
}
