import Ockham
import Statistics

/// Areas under quality over dollars, see ``DollarArea``, and gaps recovered; `nil` where the last tier is not better or not
/// more expensive.
package struct CascadeFigures: Sendable, Equatable {
  /// The area of what is chosen on the other folds.
  package var area: Interval?
  /// That of the router of prompts.
  package var routerArea: Interval?
  /// That of starting every request at the first tier.
  package var cascadeArea: Interval?
  /// That of a check by form alone, chosen likewise; `nil` where no form is known.
  package var formArea: Interval?
  /// ``area`` − ``routerArea``.
  package var areaOverRouter: Interval?
  /// ``area`` − ``cascadeArea``.
  package var areaOverCascade: Interval?
  /// ``area`` − ``formArea``.
  package var areaOverForm: Interval?
  /// APGR where requests are ranked by the gain that is predicted given the first tier's response.
  package var apgr: Interval?
  /// The same ranked by the prompt alone.
  package var promptAPGR: Interval?
  /// ``apgr`` − ``promptAPGR``.
  package var apgrOverPrompt: Interval?
}

/// How the rows of a sample are served by everything that a report compares.
struct CascadeWays: Sendable {
  /// Of the areas, in this order.
  enum Area: Int, CaseIterable { case chosen, router, cascade, form }

  let sample: CascadeSample
  /// What is chosen for each level, the router and a check by form alone [levels × n].
  let chosen: [[CascadeService]]
  let router: [[CascadeService]]
  let form: [[CascadeService]]?
  /// By area and policy, from cheapest to most expensive.
  let paths: [[[CascadeService]]]

  init(_ study: CascadeStudy, form: CascadeStudy?) {
    func levels(_ study: CascadeStudy, _ choice: CascadeStudy.Choice) -> [[CascadeService]] {
      SavingsReport.qualities.map { study.services(choice, keeping: $0) }
    }
    // Every third policy shows the area as well, at a third of the work for each resample.
    func path(_ study: CascadeStudy, _ choice: CascadeStudy.Choice) -> [[CascadeService]] {
      let all = study.services(choice)
      return all.indices.filter { $0 % 3 == (all.count - 1) % 3 }.map { all[$0] }
    }
    sample = study.sample
    chosen = levels(study, .chosen)
    router = levels(study, .member(.router))
    self.form = form.map { levels($0, .chosen) }
    paths =
      [path(study, .chosen), path(study, .member(.router)), path(study, .member(.cascade))]
      + (form.map { [path($0, .chosen)] } ?? [])
  }
}

/// Intervals of a report's figures, all from the same resamples of the questions.
struct CascadeIntervals {
  private let estimate: CascadeResampling.Figures
  private let samples: [CascadeResampling.Figures]
  private let confidence: Double

  init(_ ways: CascadeWays, parameters: BootstrapParameters) {
    var resampling = CascadeResampling(ways)
    estimate = resampling.estimate()
    samples = resampling.samples(parameters.resamples, seed: parameters.seed)
    confidence = parameters.confidence
  }

  private func interval(_ figure: (CascadeResampling.Figures) -> Double?) -> Interval? {
    Interval(estimate: figure(estimate), values: samples.map(figure), confidence: confidence)
  }

  private func difference(_ left: Double?, _ right: Double?) -> Double? {
    left.flatMap { left in right.map { left - $0 } }
  }

  var figures: CascadeFigures {
    func area(_ way: CascadeWays.Area) -> Interval? { interval { $0.area(way) } }
    func over(_ way: CascadeWays.Area) -> Interval? { interval { difference($0.area(.chosen), $0.area(way)) } }
    return CascadeFigures(
      area: area(.chosen), routerArea: area(.router), cascadeArea: area(.cascade), formArea: area(.form),
      areaOverRouter: over(.router), areaOverCascade: over(.cascade), areaOverForm: over(.form),
      apgr: interval(\.apgr), promptAPGR: interval(\.promptAPGR),
      apgrOverPrompt: interval { difference($0.apgr, $0.promptAPGR) })
  }

  /// What comes of the level at a place; `nil` where resamples have nothing to keep too often.
  func level(_ place: Int, of ways: CascadeWays) -> CascadeReport.Level? {
    guard let saved = interval({ $0.levels[place].saved }), let kept = interval({ $0.levels[place].qualityKept }),
      let router = interval({ $0.levels[place].savedByRouter }),
      let over = interval({ difference($0.levels[place].saved, $0.levels[place].savedByRouter) })
    else { return nil }
    let log = ways.sample.log
    let totals = CascadeTotals(log, services: ways.chosen[place])
    let strongest = CascadeTotals(log, services: ways.sample.all(to: log.tierCount - 1))
    return CascadeReport.Level(
      quality: SavingsReport.qualities[place], saved: saved, qualityKept: kept, attempts: totals.attempts,
      escalated: totals.escalated,
      addedLatencyMilliseconds: totals.addedLatencyMilliseconds.isNaN ? nil : totals.addedLatencyMilliseconds,
      savedByRouter: router, savedOverRouter: over, savedByForm: interval { $0.levels[place].savedByForm },
      qualityKeptByChance: ways.sample.qualityByChance(ways.chosen[place]) / strongest.quality)
  }
}

/// Computes all figures of a resample, each row served as before.
private struct CascadeResampling: Resampling {
  struct Level: Sendable {
    var saved: Double?
    var qualityKept: Double?
    var savedByRouter: Double?
    var savedByForm: Double?
  }

  struct Figures: Sendable {
    var levels: [Level]
    var areas: [Double?]
    var apgr: Double?
    var promptAPGR: Double?

    func area(_ way: CascadeWays.Area) -> Double? { way.rawValue < areas.count ? areas[way.rawValue] : nil }
  }

  let clusterCount: Int
  private let questions: [Int]
  private let hasForm: Bool
  /// The number of policies of each area.
  private let pathLengths: [Int]
  /// Weighted quality and dollars of each row: all to the first tier, all to the last, then each level's chosen, router and
  /// form, then each area's policies [n × columns].
  private let outcomes: [SIMD2<Float>]
  private let columns: Int
  private var sums: [SIMD2<Double>]
  private let byResponse: RankedPair
  private let byPrompt: RankedPair
  private var prefix: PrefixSums

  init(_ ways: CascadeWays) {
    let (sample, log) = (ways.sample, ways.sample.log)
    let levels = ways.chosen.indices.flatMap { place in
      [ways.chosen[place], ways.router[place]] + (ways.form.map { [$0[place]] } ?? [])
    }
    let all = [sample.all(to: 0), sample.all(to: log.tierCount - 1)] + levels + ways.paths.flatMap(\.self)
    questions = sample.questions
    clusterCount = (questions.max() ?? -1) + 1
    hasForm = ways.form != nil
    pathLengths = ways.paths.map(\.count)
    columns = all.count
    sums = [SIMD2<Double>](repeating: .zero, count: all.count)
    outcomes = (0..<sample.count).flatMap { row in
      all.map { services in
        let value = SIMD2(log.quality[row, services[row].tier], log.costUSD(services[row], row: row))
        return SIMD2<Float>(log.weights[row] * value)
      }
    }
    let (pair, rows) = (
      TierPair(weak: sample.checkedTiers.first ?? 0, strong: log.tierCount - 1), 0..<sample.count
    )
    byPrompt = RankedPair(gainOf: log, rows: Array(rows), pair: pair)
    byResponse = RankedPair(log, rows: Array(rows), pair: pair) { row in
      guard let scores = sample.responses.probability[pair.weak] else { return 0 }
      return Double(scores[row, pair.strong - pair.weak]) - Double(scores[row, 0])
    }
    prefix = PrefixSums(capacity: sample.count)
  }

  mutating func figures(_ multiplicities: [Int]) -> Figures {
    add(multiplicities)
    let (first, last) = (sums[0], sums[1])
    func saved(_ sums: SIMD2<Double>) -> Double? { last.y > 0 ? max(0, 1 - sums.y / last.y) : nil }
    let width = hasForm ? 3 : 2
    let levels = SavingsReport.qualities.indices.map { place in
      let start = 2 + place * width
      return Level(
        saved: saved(sums[start]), qualityKept: last.x > 0 ? sums[start].x / last.x : nil,
        savedByRouter: saved(sums[start + 1]), savedByForm: hasForm ? saved(sums[start + 2]) : nil)
    }
    var start = 2 + SavingsReport.qualities.count * width
    let areas = pathLengths.map { length in
      defer { start += length }
      return DollarArea.value(
        of: sums[start..<start + length].map { CascadeStudy.Sums(quality: $0.x, costUSD: $0.y) },
        first: CascadeStudy.Sums(quality: first.x, costUSD: first.y),
        last: CascadeStudy.Sums(quality: last.x, costUSD: last.y))
    }
    return Figures(
      levels: levels, areas: areas, apgr: apgr(byResponse, multiplicities), promptAPGR: apgr(byPrompt, multiplicities))
  }

  private mutating func add(_ multiplicities: [Int]) {
    for column in sums.indices { sums[column] = .zero }
    for (row, question) in questions.enumerated() where multiplicities[question] > 0 {
      let times = Double(multiplicities[question])
      for column in 0..<columns { sums[column] += times * SIMD2<Double>(outcomes[row * columns + column]) }
    }
  }

  private mutating func apgr(_ pair: RankedPair, _ multiplicities: [Int]) -> Double? {
    prefix.sum(pair) { multiplicities[questions[pair.rows[$0]]] }
    return CurveMetrics(pair.points(prefix)).apgr
  }
}
