import Ockham

/// Rows that are parts of one record, put together.
///
/// Outcomes are united by name. What several rows know of one outcome is averaged; different qualities are counted as
/// contradictions. Of answers, origins and labels the first counts. What is said of the draw stays only where the rows
/// agree: a record of several draws has no propensity, and estimates that need it read the rows unmerged.
struct MergedRecord {
  private var first: LogRecord
  private var outcomes: [OutcomeMean]
  private(set) var rows = 1
  /// Labels of the lowest tier that contradict the first one.
  private var tierContradictions = 0
  private var agreesOnDraw = true

  init(_ record: LogRecord) {
    first = record
    outcomes = record.outcomes.map(OutcomeMean.init)
  }

  /// Whether another row asks the same: the same texts by the same roles.
  func asksTheSame(as record: LogRecord) -> Bool { first.questionHash == record.questionHash }

  /// Adds a row.
  mutating func add(_ record: LogRecord) {
    rows += 1
    for outcome in record.outcomes {
      if let place = outcomes.firstIndex(where: { $0.name == outcome.name }) {
        outcomes[place].add(outcome)
      } else {
        outcomes.append(OutcomeMean(outcome))
      }
    }
    if let tier = record.tier, let known = first.tier, tier != known { tierContradictions += 1 }
    first.tier = first.tier ?? record.tier
    first.dataset = first.dataset ?? record.dataset
    first.task = first.task ?? record.task
    first.timestamp = first.timestamp ?? record.timestamp
    first.conversation = first.conversation ?? record.conversation
    first.failed = first.failed ?? record.failed
    agreesOnDraw = agreesOnDraw && first.hasDraw(of: record)
  }

  /// Outcomes whose qualities differ between rows, and labels that do.
  var contradictions: Int { outcomes.count { $0.contradicts } + tierContradictions }

  /// The record.
  var record: LogRecord {
    guard rows > 1 else { return first }
    var record = first
    record.outcomes = outcomes.map(\.outcome)
    if !agreesOnDraw {
      (record.served, record.propensity, record.allowed, record.eligible) = (nil, nil, nil, nil)
      (record.policyHash, record.steps, record.labelRate, record.auditRate) = (nil, nil, nil, nil)
    }
    return record
  }
}

/// The means of what several rows know of one outcome.
struct OutcomeMean {
  private var first: ModelOutcome
  private var quality = KnownMean()
  private var costUSD = KnownMean()
  private var outputTokens = KnownMean()
  private var latencyMilliseconds = KnownMean()

  init(_ outcome: ModelOutcome) {
    first = outcome
    addNumbers(of: outcome)
  }

  var name: String { first.name }
  /// Whether the qualities differ.
  var contradicts: Bool { quality.differs }

  mutating func add(_ outcome: ModelOutcome) {
    if first.answer == nil, first.responseFeatures == nil {
      (first.answer, first.responseFeatures) = (outcome.answer, outcome.responseFeatures)
    }
    first.origin = first.origin ?? outcome.origin
    first.inclusion = first.inclusion ?? outcome.inclusion
    first.gold = first.gold ?? outcome.gold
    addNumbers(of: outcome)
  }

  private mutating func addNumbers(of outcome: ModelOutcome) {
    quality.add(outcome.quality)
    costUSD.add(outcome.costUSD)
    outputTokens.add(outcome.outputTokens.map(Double.init))
    latencyMilliseconds.add(outcome.latencyMilliseconds)
  }

  var outcome: ModelOutcome {
    var outcome = first
    outcome.quality = quality.value
    outcome.costUSD = costUSD.value
    outcome.outputTokens = outputTokens.value.map { Int($0.rounded()) }
    outcome.latencyMilliseconds = latencyMilliseconds.value
    return outcome
  }
}

/// The mean of the values that are known. Equal values give exactly that value.
private struct KnownMean {
  private var first: Double?
  private var sum = 0.0
  private var count = 0
  private(set) var differs = false

  mutating func add(_ value: Double?) {
    guard let value else { return }
    if let first, first != value { differs = true }
    first = first ?? value
    sum += value
    count += 1
  }

  var value: Double? { differs ? sum / Double(count) : first }
}

extension LogRecord {
  /// A hash of who says what: rows that differ in limits or tools ask the same.
  var questionHash: UInt64 { features?.contentHash ?? Request(segments: request.segments).contentHash }

  fileprivate func hasDraw(of other: LogRecord) -> Bool {
    served == other.served && propensity == other.propensity && allowed == other.allowed && eligible == other.eligible
      && policyHash == other.policyHash && steps == other.steps && labelRate == other.labelRate
      && auditRate == other.auditRate
  }
}
