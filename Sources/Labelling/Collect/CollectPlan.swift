import Foundation
import Judging
package import RequestLog

/// Which records of a log lack answers, what asking for them is expected to cost, and with which probability each is asked.
///
/// Reads the log once. Memory: some 50 bytes for each record that lacks an answer.
package struct CollectPlan: Sendable {
  /// How records are picked.
  package enum Selection: String, Sendable, CaseIterable {
    /// Every record.
    case all
    /// All with one probability.
    case uniform
    /// More often where the model's prediction of the difference between tiers is least sure for the money.
    case uncertain
  }

  /// How many are picked.
  package enum Amount: Sendable, Hashable {
    /// As many as are expected to cost so much.
    case usd(Double)
    case labels(Int)
    /// As many as bring the 95 % interval of the mean quality difference to this half-width.
    case halfWidth(Double)
  }

  struct Row {
    var line: Int
    /// A bit for each target that is to be asked.
    var targets: UInt64
    var inputTokens: Int
    var maximumTokens: Int
    /// The predicted standard deviation of the quality difference; `nil` without a prediction.
    var deviation: Double?
    /// What decides whether the record is asked: it is where this is below its probability.
    var draw: Double
    /// What asking is expected to cost, in US dollars.
    var costUSD = 0.0
    /// How often it is asked relative to others; the greatest is at most 5 times the least.
    var preference = 1.0
  }

  /// Lines read.
  package private(set) var lines = 0
  /// Records that need nothing.
  package private(set) var complete = 0
  /// Records that cannot be asked, and the first of them.
  package private(set) var rejected = 0
  package private(set) var problems: [LogProblem] = []
  /// Calls that asking everything takes.
  package private(set) var calls = 0
  /// Tokens that an answer of each target is expected to have: the mean of its own answers in the log, where there are 30, else
  /// that of all, or 300.
  package private(set) var expectedOutputTokens: [Double]
  /// The standard deviation of quality differences that precision is worked out from, and where it comes from.
  package private(set) var deviation = 0.5
  package private(set) var deviationSource = "assumed"
  package let selection: Selection
  /// Under what name each target's outcomes are written: the model's where the log has outcomes of that name, else the tier's.
  package private(set) var names: [String]
  private(set) var rows: [Row] = []

  /// Records that lack an answer.
  package var lacking: Int { rows.count }

  /// - Parameters:
  ///   - seed: another seed, other draws.
  ///   - maximumTokens: the limit for requests that set none.
  ///   - deviation: the predicted standard deviation of the quality difference for a line; called in order.
  /// - Throws: ``LabelError/log(_:)``; ``LabelError/cancelled``.
  package init(
    logPath: String, targets: [CollectTarget], selection: Selection, seed: Int = 1, maximumTokens: Int,
    options: LabelOptions, deviation: ((RawLineReader.Line) -> Double?)? = nil
  ) throws(LabelError) {
    precondition((1...64).contains(targets.count), "a set of targets is 64 bits")
    self.selection = selection
    names = targets.map(\.tier)
    expectedOutputTokens = targets.map { _ in 300 }
    var survey = Survey()
    do {
      let reader = try RawLineReader(path: logPath)
      while let line = try reader.next() {
        if options.isCancelled?() == true { throw LabelError.cancelled }
        options.onProgress?(reader.progress)
        lines += 1
        do throws(RecordViolation) {
          try add(line, targets: targets, seed: seed, maximumTokens: maximumTokens, deviation: deviation, to: &survey)
        } catch {
          rejected += 1
          let problem = LogProblem(path: logPath, position: line.position, violation: error)
          if options.isStrict { throw LogError.rejected(problem) }
          if problems.count < options.keptProblems { problems.append(problem) }
        }
      }
    } catch let error as LogError { throw .log(error) } catch let error as LabelError { throw error } catch {
      preconditionFailure("an error of another kind")
    }
    settle(targets, survey)
  }

  private mutating func add(
    _ line: RawLineReader.Line, targets: [CollectTarget], seed: Int, maximumTokens: Int,
    deviation: ((RawLineReader.Line) -> Double?)?, to survey: inout Survey
  ) throws(RecordViolation) {
    if let violation = line.violation { throw violation }
    let record = try AnswerRecord(line: line.bytes, number: line.number, needsOutcomes: false)
    survey.add(record, targets)
    var missing: UInt64 = 0
    for (place, target) in targets.enumerated() where !target.isKnown(in: record) { missing |= 1 << UInt64(place) }
    if missing == 0 {
      complete += 1
      return
    }
    let question = try ChatQuery(record)
    calls += missing.nonzeroBitCount
    rows.append(
      Row(
        line: line.number, targets: missing, inputTokens: question.estimatedInputTokens,
        maximumTokens: question.maximumTokens ?? maximumTokens, deviation: deviation?(line),
        draw: TextKey.share(of: TextKey.of(["draw", "\(seed)", try record.question()]))))
  }

  /// What is only known at the end of the log: costs, deviations, preferences.
  private mutating func settle(_ targets: [CollectTarget], _ survey: Survey) {
    for (place, target) in targets.enumerated() where survey.models.contains(target.model) {
      names[place] = target.model
    }
    for place in targets.indices {
      if let tokens = survey.answerTokens(of: [names[place], targets[place].tier]) {
        expectedOutputTokens[place] = tokens
      }
    }
    let predicted = rows.compactMap(\.deviation)
    if !predicted.isEmpty {
      deviation = (predicted.reduce(0) { $0 + $1 * $1 } / Double(predicted.count)).squareRoot()
      deviationSource = "predicted by the model"
    } else if let seen = survey.deviation {
      (deviation, deviationSource) = (seen, "as rated in this log")
    }
    for place in rows.indices {
      let row = rows[place]
      for (number, target) in targets.enumerated() where row.targets & (1 << UInt64(number)) != 0 {
        let output = Int(min(Double(row.maximumTokens), expectedOutputTokens[number]).rounded(.up))
        rows[place].costUSD += target.price.costUSD(inputTokens: row.inputTokens, outputTokens: output)
      }
    }
    if selection == .uncertain { prefer() }
  }

  /// Deviation over the root of the cost, held within a factor 5. Of nine places for those bounds the one that gives the
  /// sharpest estimate for the money: variance times cost, Σ σ²/g · Σ g·c, does not depend on the rate.
  private mutating func prefer() {
    guard !rows.isEmpty else { return }
    let isFree = rows.contains { $0.costUSD <= 0 }
    let costs = rows.map { isFree ? 1 : $0.costUSD }
    let deviations = rows.map { max($0.deviation ?? deviation, 1e-6) }
    let wishes = zip(deviations, costs).map { $0 / $1.squareRoot() }
    let sorted = wishes.sorted()
    let bound = 5.0.squareRoot()
    func preferences(_ centre: Double) -> [Double] { wishes.map { min(max($0 / centre, 1 / bound), bound) } }
    func price(_ centre: Double) -> Double {
      var (variance, cost) = (0.0, 0.0)
      for (place, preference) in preferences(centre).enumerated() {
        variance += deviations[place] * deviations[place] / preference
        cost += preference * costs[place]
      }
      return variance * cost
    }
    let centres = (1...9).map { sorted[sorted.count * $0 / 10] }
    let best = centres.map { (centre: $0, price: price($0)) }.min { $0.price < $1.price }
    for (place, preference) in preferences(best?.centre ?? 1).enumerated() { rows[place].preference = preference }
  }

  /// What is learned of a log on the way.
  private struct Survey {
    /// Targets' models that outcomes are named after.
    var models: Set<String> = []
    /// Answers and their bytes, by model or tier.
    var answers: [String: (count: Int, bytes: Int)] = [:]
    var pairs = 0
    var sum = 0.0
    var squares = 0.0

    /// The mean over the answers of these names, or of all where they are few.
    func answerTokens(of names: [String]) -> Double? {
      func mean(_ sums: [(count: Int, bytes: Int)], least: Int) -> Double? {
        let count = sums.reduce(0) { $0 + $1.count }
        return count < least ? nil : max(1, Double(sums.reduce(0) { $0 + $1.bytes }) / Double(count) / 4)
      }
      return mean(Set(names).compactMap { answers[$0] }, least: 30) ?? mean(Array(answers.values), least: 1)
    }

    /// The standard deviation of the differences of 30 pairs and more.
    var deviation: Double? {
      guard pairs >= 30 else { return nil }
      let variance = (squares - sum * sum / Double(pairs)) / Double(pairs - 1)
      return variance > 0 ? variance.squareRoot() : nil
    }

    mutating func add(_ record: AnswerRecord, _ targets: [CollectTarget]) {
      for member in record.root["outcomes"]?.members ?? [] where targets.contains(where: { $0.model == member.key }) {
        models.insert(member.key)
      }
      for answer in record.answers {
        answers[answer.name, default: (0, 0)].count += 1
        answers[answer.name]?.bytes += answer.written.utf8.count
      }
      let rated = (record.root["outcomes"]?.members ?? []).compactMap { member in
        member.value["quality"]?.number.map { (name: member.key, quality: $0) }
      }
      guard rated.count >= 2,
        let asked = rated.first(where: { outcome in targets.contains { $0.tier == outcome.name } }),
        let other = rated.last(where: { $0.name != asked.name })
      else { return }
      let difference = other.quality - asked.quality
      pairs += 1
      sum += difference
      squares += difference * difference
    }
  }
}
