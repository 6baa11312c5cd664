import Foundation
import Ockham
import Statistics
import Testing

@testable import Evaluation

/// What days are summed up in, and what is said of them, beside the values themselves.
@Suite struct DriftComponentTests {
  // MARK: Columns

  @Test(arguments: 2...4) func everyColumnIsFoundByItsName(tiers: Int) {
    let columns = DriftColumn.all(tiers: tiers, hasTasks: true)
    #expect(Set(columns.map(\.name)).count == columns.count)
    for column in columns {
      #expect(DriftColumn(column.name, tiers: tiers) == column)
      #expect(DriftReference.Statistic.kind(of: column.name, tiers: tiers) != nil, "\(column.name)")
    }
    #expect(columns.count == DriftColumn.all(tiers: tiers, hasTasks: false).count + 1)
    for name in ["logit.\(tiers)", "cost.-1", "latency.01", "feature.none", "share", "", "feature."] {
      #expect(DriftColumn(name, tiers: tiers) == nil, "\(name)")
    }
  }

  /// Unknown is not a value, and a request of another kind is neither.
  @Test func aRequestHasAValueOrNoneOrAnUnknownOne() {
    var facts = DriftFacts(conversation: 1)
    for column in DriftColumn.all(tiers: 2, hasTasks: true) { #expect(column.value(facts) == nil, "\(column.name)") }
    facts.answers = [nil, .init(costUSD: nil, latencyMilliseconds: 20)]
    facts.logits = [.infinity, -.infinity]
    (facts.hasFailed, facts.tier, facts.task) = (true, 1, 2)
    #expect(DriftColumn.cost(0).value(facts) == nil && DriftColumn.cost(1).value(facts)?.isNaN == true)
    #expect(DriftColumn.latency(1).value(facts) == 20 && DriftColumn.latency(7).value(facts) == nil)
    #expect(DriftColumn.logit(0).value(facts) == .greatestFiniteMagnitude)
    #expect(DriftColumn.logit(1).value(facts) == -.greatestFiniteMagnitude)
    #expect([.failed, .tier, .task].map { (column: DriftColumn) in column.value(facts) } == [1, 1, 2])
  }

  // MARK: Numbers of a day

  private static func weights(_ values: [Int], bins: Int) -> [Double] {
    (0..<bins).map { bin in Double(values.count { $0 == bin }) }
  }

  /// The mean rank of a day is how often its values are above the reference's, ties counting half (Mann & Whitney 1947).
  @Test(arguments: 1...5 as ClosedRange<UInt64>) func meanRanksAreSharesOfWonPairs(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let reference = (0..<60).map { _ in random.next(below: 7) }
    let groups = (0..<4).map { _ in (0..<10).map { _ in min(6, random.next(below: 9)) } }
    let values = groups.flatMap(\.self)
    let component = try #require(DriftComponent.all(.number, weights: Self.weights(reference, bins: 7)).first)
    func wins(_ value: Int) -> Double {
      reference.reduce(0.0) { $0 + (value > $1 ? 1.0 : value == $1 ? 0.5 : 0.0) }
    }
    let won = values.reduce(0.0) { $0 + wins($1) }
    let parts = groups.map { Self.weights($0, bins: 7)[...] }
    let day = try #require(component.day(3, groups: parts, rows: 40))
    #expect(day.number == 3 && agree(day.value, won / Double(values.count * reference.count)))
    #expect(agree(component.mean, 0.5), "a reference is even with itself")
    // By groups: those of the whole day stand or fall together.
    let means = groups.map { group in group.reduce(0.0) { $0 + wins($1) } / 600 }
    let spread = means.reduce(0.0) { $0 + pow($1 - day.value, 2) } / 12
    #expect(agree(day.variance, max(spread, component.scale * component.scale / 40 / 2)))
    #expect(component.day(-1, groups: parts, rows: 40)?.number == nil)
    #expect(
      component.day(3, groups: [parts[0], [0, 0, 0, 0, 0, 0, 0]], rows: 40) == nil, "one group has no spread")
  }

  @Test func sharesAreCountedByChoice() throws {
    let shares = DriftComponent.all(.choice(3), weights: [10, 30, 60])
    #expect(shares.map(\.subject) == [.share(0), .share(1), .share(2)])
    #expect(agree(shares.map(\.mean), [0.1, 0.3, 0.6]))
    #expect(agree(shares.map(\.scale), [0.3, 0.21.squareRoot(), 0.24.squareRoot()]))
    let day = shares.map { $0.day(1, groups: [[1, 2, 3], [3, 2, 1]], rows: 12)?.value }
    let third: Double? = 4.0 / 12
    #expect(day == [third, third, third])
    #expect(DriftComponent.all(.flag, weights: [9, 1]).map(\.subject) == [.share(1)])
    let none = try #require(DriftComponent.all(.flag, weights: [50, 0]).first)
    #expect(none.scale == 0.05, "a share of nothing is known to a twentieth")
    // None of twenty is no proof that there are none.
    let quiet = try #require(none.day(1, groups: [[10, 0], [10, 0]], rows: 20))
    let smoothed = 0.5 / 21
    #expect(quiet.value == 0 && agree(quiet.variance, smoothed * (1 - smoothed) / 20))
  }

  @Test func answersThatNoOneKnowsAreAShareOfTheirOwn() throws {
    let components = DriftComponent.all(.answer(tier: 0), weights: [4, 4, 2])
    #expect(components.map(\.subject) == [.rank, .unknown])
    #expect(components[0].scores == [0.25, 0.75, nil] && components[1].scores == [0, 0, 1])
    let groups: [ArraySlice<Double>] = [[0, 2, 2], [0, 2, 2]]
    #expect(components[0].day(1, groups: groups, rows: 8)?.value == 0.75)
    #expect(components[1].day(1, groups: groups, rows: 8)?.value == 0.5)
    #expect(components[0].day(1, groups: [[0, 0, 2], [0, 0, 2]], rows: 8) == nil, "nothing is known of these")
  }

  /// Weights that leave no digit of the others: a spread is never less than nothing.
  @Test(arguments: [
    [3242125388.927496, 0, 1.6251984320270196e-07], [3524905628.4906354, 1.6699519531128863e-07], [0, 0],
  ])
  func spreadsOfOneBinAreTheLeast(weights: [Double]) {
    for component in DriftComponent.all(.number, weights: weights) {
      #expect(component.scale == (weights[0] > 0 ? 0.05 : 1))
    }
  }

  // MARK: Whole days

  /// A day is whole where rows reach to within an hour of both of its ends.
  @Test func wholeDaysReachToTheirEnds() {
    for (from, to) in [(0.2, 70.9), (0.9, 48.1), (1.1, 47.1), (22.9, 25.1), (23.5, 46.9), (5, 5), (0, 23.1)] {
      var table = DriftTable(columns: [.failed], tiers: 2)
      let hours = Array(stride(from: from, to: to, by: 0.5)) + [to]
      for hour in hours { table.add(DriftFacts(conversation: 1, time: (240 + hour) * 3_600)) }
      let found = table.wholeDays(Array(0..<table.rows)).map { table.day($0) - 10 }
      let whole = (0..<3).filter { from < 24 * Double($0) + 1 && to > 24 * Double($0) + 23 }
      #expect(Set(found) == Set(whole), "\(from)…\(to)")
      #expect(found.count == hours.count { whole.contains(Int($0 / 24)) })
    }
  }

  // MARK: What is not known, and why

  private static let names = ["small", "large"]

  /// Days of which each row says whether it failed; of tier 0 some are labelled.
  private static func table(_ rows: [Int: Int], known: Bool = true) -> DriftTable {
    var table = DriftTable(columns: [.failed], tiers: 2)
    for (day, count) in rows.sorted(by: { $0.key < $1.key }) {
      for index in 0..<count {
        var facts = DriftFacts(conversation: UInt64(index), time: Double(day) * 86_400 + Double(index))
        facts.hasFailed = known ? index % 10 == 0 : nil
        table.add(facts)
      }
    }
    return table
  }

  private static func reason(
    reference: [Int: Int] = [0: 40, 1: 40], live: [(Int, DriftTable)], labels: Int = 0, through: Int? = nil,
    test name: String = "share.failed"
  ) -> String? {
    let reference = table(reference).reference(period: 0..<172_800)
    let watch = DriftWatch(reference: reference, tierNames: names)
    let blocks = live.flatMap { day, table in table.day(day, like: reference).blocks }
    let made = (0..<labels).map { DriftWatch.Label(tier: 0, quality: Double($0 % 2), probability: 0.5, day: 2) }
    let test = watch.report(blocks, labels: made, through: through).tests.first { $0.name == name }
    guard case .unknown(let why)? = test?.state else { return nil }
    return why
  }

  @Test func whatCannotBeDecidedSaysWhy() {
    let full = (2...3).map { ($0, Self.table([$0: 40])) }
    #expect(Self.reason(live: full) == nil)
    #expect(Self.reason(reference: [0: 19, 1: 19], live: full) == "fewer than 20 rows a day in the reference")
    #expect(Self.reason(live: [(2, Self.table([2: 19]))]) == "no day with 20 rows since the reference")
    let silent = full + [(4, Self.table([4: 40], known: false))]
    #expect(Self.reason(live: silent) == "the last day has no row of it")
    let thin = full + (4...6).map { ($0, Self.table([$0: 8])) }
    #expect(Self.reason(live: thin) == "the last 3 days have fewer than 20 rows each")
    #expect(Self.reason(live: Array(thin.dropLast())) == nil, "two days are no silence")
    #expect(Self.reason(live: full, through: 3) == nil)
    #expect(Self.reason(live: full, through: 9) == "no request for 6 days")
    #expect(Self.reason(live: full, test: "calibration.0") == "no labels that were drawn uniformly")
    #expect(Self.reason(live: full, labels: 12, test: "calibration.0") == "12 labels; 50 show something")
    #expect(Self.reason(live: full, labels: 50, test: "calibration.0") == nil)
  }

  /// What the model's card and the judge may be wrong by is no drift.
  @Test func calibrationIsHeldToWhatIsKnownOfItsErrors() {
    func alarm(_ error: Double?, _ bias: Double?) -> Bool? {
      var reference = Self.table([0: 40, 1: 40]).reference(period: 0..<172_800)
      (reference.calibrationErrors[0], reference.judgeBiases[0]) = (error, bias)
      let watch = DriftWatch(reference: reference, tierNames: Self.names)
      // Of 600 answers of which 70 % were to be good half are.
      let labels = (0..<600).map { DriftWatch.Label(tier: 0, quality: Double($0 % 2), probability: 0.7, day: 2) }
      return watch.report([], labels: labels).tests.first { $0.name == "calibration.0" }?.state.isAlarm
    }
    #expect(alarm(nil, nil) == true && alarm(0.05, nil) == true && alarm(0.01, 0.01) == true)
    #expect(alarm(0.03, 0.2) == false && alarm(0.2, 0.03) == false && alarm(0.7, 0.7) == false)
  }

  /// An alarm by labels goes in on its day and out when the last two hundred are as predicted.
  @Test func anAlarmByLabelsGoesOut() {
    let watch = DriftWatch(
      reference: Self.table([0: 40, 1: 40]).reference(period: 0..<172_800), tierNames: Self.names)
    func test(_ count: Int) -> DriftTest? {
      // From the third hundred on, what is predicted is what is found.
      let labels = (0..<count).map { place in
        DriftWatch.Label(
          tier: 1, quality: Double(place % 2), probability: place < 200 ? 0.9 : 0.5, day: place < 200 ? place / 40 : 9)
      }
      return watch.report([], labels: labels).tests.first { $0.name == "calibration.1" }
    }
    guard case .alarm(let since?)? = test(200)?.state else {
      Issue.record("expected an alarm with its day")
      return
    }
    #expect(since == test(200)?.firstAlarm && (0...4).contains(since))
    #expect(test(370)?.state == .alarm(since: since) && test(520)?.state == .quiet)
    #expect(test(520)?.firstAlarm == since && test(200)?.cause?.hasPrefix("tier large: quality 50.0 %") == true)
  }

  @Test func aStatisticThatNoModelHasIsUnknown() {
    var reference = Self.table([0: 40, 1: 40]).reference(period: 0..<172_800)
    reference.statistics[0].name = "share.none"
    let tests = DriftWatch(reference: reference, tierNames: Self.names).report([], labels: []).tests
    #expect(tests[0].state == .unknown("no such statistic"))
  }

  @Test func causesAreSaidOfWhatTheyAreOf() {
    let watch = DriftWatch(reference: DriftReference(tiers: 2), tierNames: Self.names)
    let said: [(String, DriftComponent.Subject, String)] = [
      (
        "feature.question_bytes", .rank,
        "question bytes of requests: the mean rank among the reference's values went from"
      ),
      ("logit.1", .rank, "what the model expects of tier large: the mean rank"),
      ("cost.0", .rank, "dollars a response of tier small: the mean rank"),
      ("latency.1", .unknown, "time a response of tier large takes: the share that no one knows went from"),
      ("share.tier", .share(1), "tier large: the share went from"),
      ("share.task", .share(0), "task \(TaskKind.allCases[0].name): the share went from"),
      ("share.failed", .share(1), "requests that failed: the share went from"),
    ]
    for (name, subject, text) in said {
      let cause = watch.cause(of: name, subject, before: 0.5, now: 0.625)
      #expect(cause.hasPrefix(text) && cause.hasSuffix("from 50.0 % to 62.5 %"), "\(cause)")
    }
    let remedies = ["feature.words", "cost.0", "latency.0", "calibration.1", "share.failed", "share.tier"].map {
      DriftWatch.remedy($0)
    }
    #expect(Set(remedies).count == remedies.count && remedies[0] == DriftWatch.remedy("logit.0"))
  }
}
