import Foundation
package import Judging
import RequestLog
import Synchronization
import TextKit

/// Asks models for the answers that a log lacks: read, ask, write.
package struct CollectRun: Sendable {
  package var inputPath: String
  package var outputPath: String
  package var targets: [CollectTarget]
  package var plan: CollectPlan
  /// As ``CollectPlan/rate(for:)`` gives it.
  package var rate: Double
  package var journal: CollectJournal
  package var budget: JudgeBudget
  package var retry: RetryPolicy
  /// The limit for requests that set none.
  package var maximumTokens: Int
  /// Records in work at a time, at least 1.
  package var concurrency: Int
  package var options: LabelOptions
  /// Called after each call that an answer, or none, came of.
  package var onAnswer: (@Sendable () -> Void)?

  package init(
    inputPath: String, outputPath: String, targets: [CollectTarget], plan: CollectPlan, rate: Double,
    journal: CollectJournal, budget: JudgeBudget, retry: RetryPolicy = Self.patience, maximumTokens: Int,
    concurrency: Int, options: LabelOptions = LabelOptions()
  ) {
    self.inputPath = inputPath
    self.outputPath = outputPath
    self.targets = targets
    self.plan = plan
    self.rate = rate
    self.journal = journal
    self.budget = budget
    self.retry = retry
    self.maximumTokens = maximumTokens
    self.concurrency = concurrency
    self.options = options
  }

  /// Waits as long as a server asks, up to a quarter of an hour, and lets others wait with it.
  package static var patience: RetryPolicy {
    var policy = RetryPolicy()
    policy.longestPauseSeconds = 900
    policy.pausesHoldAll = true
    return policy
  }

  /// Asks and writes. Lines keep their order and every byte but what is added to their outcomes.
  ///
  /// The output appears under its name when all of it is on the disk; it is written also where the cap ended asking, and then
  /// lacks the rest.
  /// - Throws: ``LabelError``; the output is then what it was.
  package func run() async throws(LabelError) -> CollectSummary {
    budget.settle(reservedUSD: 0, spentUSD: journal.totalCostUSD)
    let (reader, writer): (RawLineReader, RawLineWriter)
    do throws(LogError) {
      reader = try RawLineReader(path: inputPath)
      writer = try RawLineWriter(path: outputPath)
    } catch { throw .log(error) }
    let asker = CollectAsker(self)
    var summary = CollectSummary(targets)
    let queue = LineQueue<CollectedLine>(reader: reader, width: max(1, concurrency), isCancelled: options.isCancelled)
    try await queue.run { line throws(LabelError) in
      try await collect(line, asker)
    } take: { line throws(LabelError) in
      summary.add(line)
      guard !line.bytes.isEmpty else { return }
      do throws(LogError) { try writer.write(line.bytes) } catch { throw .log(error) }
    }
    do throws(LogError) { try writer.finish() } catch { throw .log(error) }
    return summary
  }

  private func collect(_ line: RawLineReader.Line, _ asker: CollectAsker) async throws(LabelError) -> CollectedLine {
    var result = CollectedLine(bytes: line.bytes)
    guard let row = plan.row(line: line.number) else { return result }
    let inclusion = plan.inclusion(of: row, rate: rate)
    guard row.draw < inclusion,
      let record = try? AnswerRecord(line: line.bytes, number: line.number, needsOutcomes: false),
      let question = try? ChatQuery(record)
    else { return result }
    result.isDrawn = true
    result.strippedTools = question.strippedTools
    var outcomes: [(name: String, outcome: JSONNode)] = []
    for place in targets.indices where row.targets & (1 << UInt64(place)) != 0 {
      if options.isCancelled?() == true { throw .cancelled }
      let answer = try await asker.answer(question, place)
      result.answers.append((place, answer))
      if case .outcome(let outcome, _, _) = answer { outcomes.append((plan.names[place], outcome)) }
      onAnswer?()
    }
    if !outcomes.isEmpty {
      result.replaced = outcomes.count { record.root["outcomes"]?[$0.name]?.members?.isEmpty == false }
      result.bytes = record.line(adding: outcomes, inclusion: inclusion)
    }
    return result
  }
}

/// The result of one line.
struct CollectedLine: Sendable {
  /// The line to write.
  var bytes: [UInt8]
  var isDrawn = false
  /// By the target's place.
  var answers: [(target: Int, answer: CollectAsker.Answer)] = []
  var replaced = 0
  var strippedTools = 0
}

extension CollectSummary {
  mutating func add(_ line: CollectedLine) {
    lines += 1
    drawn += line.isDrawn ? 1 : 0
    replaced += line.replaced
    strippedTools += line.strippedTools
    for (target, answer) in line.answers {
      switch answer {
      case .refused: tiers[target].refused += 1
      case .failed: tiers[target].failed += 1
      case .overCap: tiers[target].overCap += 1
      case .outcome(let outcome, let isJournalled, let isCut):
        tiers[target].answers += 1
        tiers[target].journalled += isJournalled ? 1 : 0
        tiers[target].cut += isCut ? 1 : 0
        tiers[target].toolCalls += outcome["answer"]?["tool_calls"] == nil ? 0 : 1
        tiers[target].costUSD += outcome["cost_usd"]?.number ?? 0
        tiers[target].outputTokens += outcome["output_tokens"]?.integer ?? 0
      }
    }
  }
}
