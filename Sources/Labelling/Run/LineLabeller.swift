import Judging
import RequestLog
import Synchronization
import TextKit

/// Labels single lines by one method. Safe to use from any task.
final class LineLabeller: Sendable {
  private let path: String
  private let method: LabelMethod
  private let options: LabelOptions
  private let schemas = Mutex(SchemaMatch())

  init(path: String, method: LabelMethod, options: LabelOptions) {
    self.path = path
    self.method = method
    self.options = options
  }

  /// Labels a line; a bad one comes back as it was, with its problem.
  /// - Throws: ``LabelError`` that ends the run.
  func label(_ line: RawLineReader.Line) async throws(LabelError) -> LabelledLine {
    var result = LabelledLine(bytes: line.bytes)
    let record: AnswerRecord
    do throws(RecordViolation) {
      if let violation = line.violation { throw violation }
      record = try AnswerRecord(line: line.bytes, number: line.number)
    } catch {
      result.problem = problem(error, line)
      return result
    }
    result.answers = record.answers
    for answer in record.answers { result.qualities[answer.name] = answer.quality }
    let wanted = options.replacesQualities ? record.answers : record.answers.filter { $0.quality == nil }
    guard !wanted.isEmpty else { return result }
    do {
      let new = try await qualities(of: wanted, record, &result)
      result.qualities.merge(new) { $1 }
      result.bytes = record.line(with: new)
    } catch let violation as RecordViolation {
      result.problem = problem(violation, line)
    } catch let error as LabelError { throw error } catch { preconditionFailure("an error of another kind") }
    return result
  }

  private func problem(_ violation: RecordViolation, _ line: RawLineReader.Line) -> LogProblem {
    LogProblem(path: path, position: .line(line.number), violation: violation)
  }

  private func qualities(
    of wanted: [AnswerRecord.Answer], _ record: AnswerRecord, _ result: inout LabelledLine
  ) async throws -> [String: Double] {
    switch method {
    case .text(let match):
      let truth = try record.yardstick(frontier: options.frontier)
      return Self.each(wanted) { match.quality(of: $0.text, against: truth) }
    case .jsonSchema:
      return try schemas.withLock { schemas in
        let form = try schemas.form(of: record)
        return Self.each(wanted) { form.flaw(of: $0.text) == nil ? 1 : 0 }
      }
    case .command(let command): return try Self.run(command, on: wanted, record)
    case .judge(let judge, _): return try await self.judge(judge, wanted, record, &result)
    }
  }

  private static func each(
    _ answers: [AnswerRecord.Answer], _ quality: (AnswerRecord.Answer) -> Double
  ) -> [String: Double] {
    Dictionary(answers.map { ($0.name, quality($0)) }) { $1 }
  }

  private static func run(
    _ command: UnitTestCommand, on answers: [AnswerRecord.Answer], _ record: AnswerRecord
  ) throws -> [String: Double] {
    let question = try record.question()
    var qualities: [String: Double] = [:]
    for answer in answers {
      let verdict = try command.verdict(answer: answer.text, reference: record.reference, question: question)
      qualities[answer.name] = verdict == .passed ? 1 : 0
    }
    return qualities
  }

  /// Each candidate against the frontier; the frontier's own quality is the mean of what its opponents left it.
  private func judge(
    _ judge: PairJudge, _ wanted: [AnswerRecord.Answer], _ record: AnswerRecord, _ result: inout LabelledLine
  ) async throws -> [String: Double] {
    var qualities: [String: Double] = [:]
    let pairs = try record.judgedPairs(wanted: wanted.map(\.name), frontier: options.frontier)
    let question = try record.question()
    for pair in pairs {
      if options.isCancelled?() == true { throw LabelError.cancelled }
      guard let verdicts = try await Self.verdicts(judge, question, record.reference, pair) else { continue }
      qualities[pair.candidate.name] = verdicts.candidateQuality
      result.agreements[pair.candidate.name] = verdicts.agree
    }
    guard !qualities.isEmpty else { throw Self.noVerdict }
    qualities[options.frontier] = qualities.values.reduce(0) { $0 + 1 - $1 } / Double(qualities.count)
    return qualities.filter { name, _ in wanted.contains { $0.name == name } }
  }

  private static func verdicts(
    _ judge: PairJudge, _ question: String, _ reference: String?,
    _ pair: (candidate: AnswerRecord.Answer, frontier: AnswerRecord.Answer)
  ) async throws(LabelError) -> SwappedVerdicts? {
    do throws(JudgeError) {
      return try await judge.verdicts(
        request: question, reference: reference, candidate: pair.candidate.text, other: pair.frontier.text)
    } catch { throw LabelError(error) }
  }

  private static let noVerdict = RecordViolation(
    .missingField, field: nil, expected: "a verdict of the judge", found: "replies that are none",
    remedy: "try another judge model")
}

extension AnswerRecord {
  /// The pairs that a judge must see so that the wanted answers get their qualities.
  /// - Throws: a violation where the frontier has no answer, or nobody else has one.
  func judgedPairs(
    wanted: [String], frontier: String
  ) throws(RecordViolation) -> [(candidate: Answer, frontier: Answer)] {
    guard let strongest = answer(of: frontier) else { throw Self.missingAnswer(of: SafeText.label(frontier)) }
    let others = answers.filter { $0.name != frontier }
    guard !others.isEmpty else { throw Self.missingAnswer(of: "a second model") }
    let candidates = wanted.contains(frontier) ? others : others.filter { wanted.contains($0.name) }
    return candidates.map { ($0, strongest) }
  }

  private static func missingAnswer(of name: String) -> RecordViolation {
    RecordViolation(
      .missingField, field: "outcomes", expected: "an answer of \(name)", found: "none",
      remedy: "add it, or name the strongest tier with --frontier")
  }
}
