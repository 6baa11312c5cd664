package import RequestLog

/// The result of labelling a log.
package struct LabelSummary: Sendable {
  /// What is known of one model or tier.
  package struct Tier: Sendable, Hashable {
    package var name: String
    /// Answers with a quality, those that had one before included.
    package var labelled = 0
    /// Answers of quality 1.
    package var good = 0
    /// Σ quality.
    package var qualitySum = 0.0
    /// Σ cost of the answers whose cost is known, in US dollars.
    package var costUSD = 0.0
    /// Answers whose cost is known.
    package var priced = 0
    /// Answers without a label although their record is good, by why.
    package var missing: [MissingLabel: Int] = [:]
    /// Pairs that a judge decided in both orders, and those whose two verdicts agree.
    package var pairs = 0
    package var agreements = 0

    /// good / labelled.
    package var shareGood: Double? { labelled == 0 ? nil : Double(good) / Double(labelled) }
    /// The mean quality.
    package var meanQuality: Double? { labelled == 0 ? nil : qualitySum / Double(labelled) }
    /// The share of pairs whose two verdicts agree.
    package var agreement: Double? { pairs == 0 ? nil : Double(agreements) / Double(pairs) }
  }

  /// Lines read, bad ones included.
  package var lines = 0
  /// Records in which at least one answer has a quality.
  package var labelledRecords = 0
  /// The models and tiers in the order they came.
  package var tiers: [Tier] = []
  /// Bad records: how many, and the first of them.
  package var rejected = 0
  package var problems: [LogProblem] = []

  /// Records without a reference whose answers were compared with the frontier's.
  package var comparedWithFrontier = 0
  /// Keys beside them that may hold a reference: how many records have each.
  package var unreadReferences: [String: Int] = [:]

  mutating func add(_ result: LabelledLine, options: LabelOptions) {
    lines += 1
    if let problem = result.problem {
      rejected += 1
      if problems.count < options.keptProblems { problems.append(problem) }
    }
    if !result.qualities.isEmpty { labelledRecords += 1 }
    if result.isComparedWithFrontier {
      comparedWithFrontier += 1
      if let key = result.unreadReference { unreadReferences[key, default: 0] += 1 }
    }
    for answer in result.answers {
      add(
        answer, quality: result.qualities[answer.name], result.missing[answer.name], result.agreements[answer.name])
    }
  }

  /// Answers without a label for a reason, over all tiers.
  package func missing(_ reason: MissingLabel) -> Int { tiers.reduce(0) { $0 + $1.missing[reason, default: 0] } }

  private mutating func add(
    _ answer: AnswerRecord.Answer, quality: Double?, _ missing: MissingLabel?, _ agreement: Bool?
  ) {
    let place = tiers.firstIndex { $0.name == answer.name } ?? tiers.count
    if place == tiers.count { tiers.append(Tier(name: answer.name)) }
    if let quality {
      tiers[place].labelled += 1
      tiers[place].good += quality == 1 ? 1 : 0
      tiers[place].qualitySum += quality
    }
    if let missing, quality == nil { tiers[place].missing[missing, default: 0] += 1 }
    if let cost = answer.costUSD {
      tiers[place].costUSD += cost
      tiers[place].priced += 1
    }
    guard let agreement else { return }
    tiers[place].pairs += 1
    tiers[place].agreements += agreement ? 1 : 0
  }
}

/// The result of labelling one line.
struct LabelledLine: Sendable {
  /// The line to write.
  var bytes: [UInt8]
  var answers: [AnswerRecord.Answer] = []
  /// Known qualities, new and old, by model or tier.
  var qualities: [String: Double] = [:]
  /// Why answers have no label, by model or tier.
  var missing: [String: MissingLabel] = [:]
  /// Whether the judge's two verdicts agree, by candidate.
  var agreements: [String: Bool] = [:]
  /// Whether the frontier's answer stood in for a missing reference.
  var isComparedWithFrontier = false
  /// The key of such a record that may hold its reference.
  var unreadReference: String?
  var problem: LogProblem?
}
