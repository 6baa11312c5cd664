import Evaluation
import Ockham
import RequestLog
import TextKit

/// What logs hold, before their requests are added up.
struct AuditSurvey {
  let gateways: [GatewayLog]
  /// The logs that are no gateways' databases; `nil` where there is none.
  let records: LogSource?
  /// The logs that records can be read of: those, and gateways' databases that keep requests.
  private let readable: LogSource?
  private(set) var times: ClosedRange<Double>?
  private(set) var tiers = AuditTiers.Evidence()
  private(set) var summary: LogSummary?
  private(set) var lacks: [String] = []
  private(set) var hasRequests = false
  /// Whether any log keeps what a model could read.
  var keepsRequests: Bool { readable != nil }

  init(_ source: LogSource) throws {
    let isGateway = source.paths.map { GatewayLog.isOne(path: $0) }
    gateways = try zip(source.paths, isGateway).filter(\.1).map { try GatewayLog(path: $0.0) }
    var rest = source
    rest.paths = zip(source.paths, isGateway).filter { !$0.1 }.map(\.0)
    records = rest.paths.isEmpty ? nil : rest
    let surveys = try gateways.map { try $0.survey() }
    var kept = source
    kept.paths = rest.paths + zip(gateways, surveys).filter(\.1.keepsRequests).map(\.0.path)
    readable = kept.paths.isEmpty ? nil : kept
    for survey in surveys { add(survey) }
    if let records { try read(records) }
  }

  private mutating func add(_ survey: GatewayLog.Survey) {
    if let times = survey.times { extend(times) }
    hasRequests = hasRequests || survey.requests > 0
    var evidence = AuditTiers.Evidence()
    evidence.ordered = survey.weighedTiers
    evidence.names = Set(survey.tiers)
    for sums in survey.tokens { evidence.fits[sums.tier, default: [:]][sums.target] = PriceFit(sums) }
    tiers.merge(evidence)
    if !survey.keepsRequests, survey.drawn > 0 {
      lacks.append(
        "Ratings: the gateway keeps none beside prompts: none; prompts: features keeps them without any text.")
    }
  }

  private mutating func read(_ source: LogSource) throws {
    var survey = RecordSurvey()
    let summary = try source.forEachRecord { survey.add($0) }
    if summary.records == 0, summary.rejectedCount > 0, gateways.isEmpty {
      throw LogScorer.NothingToScore(summary: summary, reason: source.nothingUsable(summary))
    }
    self.summary = summary
    if let times = survey.times { extend(times) }
    hasRequests = hasRequests || survey.records > 0
    tiers.merge(survey.evidence)
    lacks += survey.lacks
  }

  private mutating func extend(_ more: ClosedRange<Double>) {
    times = times.map { min($0.lowerBound, more.lowerBound)...max($0.upperBound, more.upperBound) } ?? more
  }

  func arms(in period: Range<Double>) throws -> [AuditArm]? {
    let known = try gateways.compactMap { try $0.arms(in: period) }
    return known.isEmpty ? nil : known.flatMap { $0 }.map(AuditArm.init)
  }

  func alerts() throws -> [AuditAlert]? {
    let known = try gateways.compactMap { try $0.alerts() }
    return known.isEmpty
      ? nil
      : known.flatMap { $0 }.map { AuditAlert(name: $0.name, cause: $0.cause, remedy: $0.remedy, time: $0.time) }
  }

  /// The beginnings of the last messages of requests that an audit names.
  func texts(of details: TrafficDetails) throws -> [String: String] {
    guard let readable else { return [:] }
    let ids = Set((details.mostExpensive + details.overrouted + details.underrouted).map(\.id))
    var texts: [String: String] = [:]
    _ = try readable.forEachRecord { record in
      guard ids.contains(record.id), let text = record.request.segments.last(where: { $0.role == .user })?.text else {
        return
      }
      texts[record.id] = text.unicodeScalars.count > 300 ? String(text.prefix(300)) + "…" : text
    }
    return texts
  }
}

/// What records contain about their log.
private struct RecordSurvey {
  var records = 0
  var times: ClosedRange<Double>?
  var evidence = AuditTiers.Evidence()
  private var unserved = 0
  private var undrawn = 0

  mutating func add(_ record: LogRecord) {
    records += 1
    if let time = record.timestamp.flatMap(CivilTime.seconds(ofTimestamp:)) {
      times = times.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
    }
    if record.servedName == nil { unserved += 1 }
    if record.outcomes.contains(where: { $0.quality != nil && $0.inclusion == nil && $0.origin == nil }) {
      undrawn += 1
    }
    evidence.names.formUnion(record.outcomes.map(\.name))
    evidence.names.formUnion(record.allowed ?? [])
    let input = TokenEstimate.tokens(bytes: record.textBytes)
    for outcome in record.outcomes {
      guard let cost = outcome.costUSD else { continue }
      let known = evidence.costs[outcome.name] ?? (0, 0)
      evidence.costs[outcome.name] = (known.count + 1, known.sumUSD + cost)
      guard let output = outcome.outputTokens else { continue }
      evidence.fits[outcome.name, default: [:]][outcome.name, default: PriceFit()]
        .add(inputTokens: input, outputTokens: output, costUSD: cost)
    }
  }

  var lacks: [String] {
    var lacks = [
      "Why requests went where they went, what was tried, how long decisions took: a gateway's database contains it, a request log does not."
    ]
    if unserved > 0 {
      lacks.append(
        "Who answered \(NumberFormat.count(unserved)) requests: the log does not say (served); their dollars are in no sum."
      )
    }
    if undrawn > 0 {
      lacks.append(
        "How \(NumberFormat.count(undrawn)) rated requests were picked: the log does not say (inclusion), and they count as drawn evenly."
      )
    }
    return lacks
  }
}

extension PriceFit {
  init(_ sums: GatewayLog.TokenSums) {
    self.init(
      count: sums.count, inputSquare: sums.inputSquare, product: sums.product, outputSquare: sums.outputSquare,
      inputCost: sums.inputCost, outputCost: sums.outputCost, costSquare: sums.costSquare)
  }
}

extension AuditArm {
  fileprivate init(_ arm: GatewayLog.Arm) {
    self.init(
      experiment: arm.experiment, arm: arm.arm, requests: arm.requests, conversations: arm.conversations,
      failures: arm.failures, priced: arm.priced, costUSD: arm.costUSD,
      meanLatencyMilliseconds: arm.meanLatencyMilliseconds, rated: arm.rated, meanQuality: arm.meanQuality)
  }
}
