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
    if case .ratings(let book) = method, options.keepsRatingsAsGold {
      addGold(of: book, record, &result, line)
      return result
    }
    let wanted = options.replacesQualities ? record.answers : record.answers.filter { $0.quality == nil }
    guard !wanted.isEmpty else { return result }
    do {
      let new = try await qualities(of: wanted, record, &result)
      for name in result.missing.keys { result.qualities[name] = nil }
      result.qualities.merge(new) { $1 }
      result.bytes = record.line(with: new, unknown: result.missing.keys)
    } catch let violation as RecordViolation {
      result.problem = problem(violation, line)
    } catch let error as LabelError { throw error } catch { preconditionFailure("an error of another kind") }
    return result
  }

  /// Ratings stand beside the qualities that they check; an answer without a quality has none to be checked.
  private func addGold(
    of book: RatingBook, _ record: AnswerRecord, _ result: inout LabelledLine, _ line: RawLineReader.Line
  ) {
    do throws(RecordViolation) {
      let question = try record.question()
      let rated = record.answers.filter { $0.quality != nil }
        .compactMap { answer in book.gold(question: question, answer: answer.shown).map { (answer.name, $0) } }
      result.bytes = record.line(withGold: Dictionary(rated) { $1 })
    } catch { result.problem = problem(error, line) }
  }

  private func problem(_ violation: RecordViolation, _ line: RawLineReader.Line) -> LogProblem {
    LogProblem(path: path, position: line.position, violation: violation)
  }

  private func qualities(
    of wanted: [AnswerRecord.Answer], _ record: AnswerRecord, _ result: inout LabelledLine
  ) async throws -> [String: Double] {
    switch method {
    case .text(let match):
      let reference = try record.referenceAnswer(frontier: record.frontier(options))
      result.isComparedWithFrontier = record.reference == nil
      result.unreadReference = record.unreadReference
      return Self.each(wanted) { match.quality(of: $0.given, against: reference) }
    case .jsonSchema:
      let form = try schemas.withLock { schemas in try schemas.form(of: record) }
      for answer in wanted where answer.onlyCallsTools { result.missing[answer.name] = .onlyCallsTools }
      return Self.each(wanted.filter { !$0.onlyCallsTools }) { answer in
        form.failure(of: String(CodeFence.content(of: answer.text))) == nil ? 1 : 0
      }
    case .command(let command): return try Self.run(command, on: wanted, record, &result)
    case .judge(let judge, let form, _):
      return try await self.judge(by: judge, form: form, answers: wanted, of: record, into: &result)
    case .ratings(let book):
      let question = try record.question()
      let ratings = wanted.map { ($0.name, book.quality(question: question, answer: $0.shown)) }
      for (name, rating) in ratings where rating == nil { result.missing[name] = .unrated }
      return Dictionary(ratings.compactMap { name, rating in rating.map { (name, $0) } }) { $1 }
    }
  }

  private static func each(
    _ answers: [AnswerRecord.Answer], _ quality: (AnswerRecord.Answer) -> Double
  ) -> [String: Double] {
    Dictionary(answers.map { ($0.name, quality($0)) }) { $1 }
  }

  private static func run(
    _ command: UnitTestCommand, on answers: [AnswerRecord.Answer], _ record: AnswerRecord,
    _ result: inout LabelledLine
  ) throws -> [String: Double] {
    let question = try record.question()
    var qualities: [String: Double] = [:]
    for answer in answers {
      switch try command.verdict(answer: answer.written, reference: record.reference, question: question) {
      case .passed: qualities[answer.name] = 1
      case .failed: qualities[answer.name] = 0
      case .timedOut: result.missing[answer.name] = .timedOut
      }
    }
    return qualities
  }

  private func judge(
    by judge: PairJudge, form: JudgeForm, answers wanted: [AnswerRecord.Answer], of record: AnswerRecord,
    into result: inout LabelledLine
  ) async throws -> [String: Double] {
    switch form.task(for: record, frontier: record.frontier(options)) {
    case .pairs: return try await judgePairs(by: judge, answers: wanted, of: record, into: &result)
    case .single(let rubric):
      return try await score(by: judge, rubric: rubric, answers: wanted, of: record, into: &result)
    case .nothing:
      for answer in wanted { result.missing[answer.name] = .loneFrontier }
      return [:]
    }
  }

  /// Each answer by itself.
  private func score(
    by judge: PairJudge, rubric: String?, answers wanted: [AnswerRecord.Answer], of record: AnswerRecord,
    into result: inout LabelledLine
  ) async throws -> [String: Double] {
    let question = try record.question()
    var qualities: [String: Double] = [:]
    for answer in wanted {
      if options.isCancelled?() == true { throw LabelError.cancelled }
      do throws(JudgeError) {
        qualities[answer.name] = try await judge.score(
          request: question, reference: record.reference, rubric: rubric, answer: answer.shown)
      } catch { throw LabelError(error) }
      if qualities[answer.name] == nil { result.missing[answer.name] = .noVerdict }
    }
    guard !qualities.isEmpty else { throw Self.noVerdict }
    return qualities
  }

  /// Each candidate against the frontier; the frontier's own quality is the mean of what its opponents left it.
  private func judgePairs(
    by judge: PairJudge, answers wanted: [AnswerRecord.Answer], of record: AnswerRecord, into result: inout LabelledLine
  ) async throws -> [String: Double] {
    var qualities: [String: Double] = [:]
    let frontier = record.frontier(options)
    let pairs = try record.judgedPairs(wanted: wanted.map(\.name), frontier: frontier)
    let question = try record.question()
    for pair in pairs {
      if options.isCancelled?() == true { throw LabelError.cancelled }
      guard
        let verdicts = try await Self.verdicts(by: judge, question: question, reference: record.reference, pair: pair)
      else {
        result.missing[pair.candidate.name] = .noVerdict
        continue
      }
      qualities[pair.candidate.name] = verdicts.candidateQuality
      if verdicts.swapped != nil { result.agreements[pair.candidate.name] = verdicts.agree }
    }
    guard !qualities.isEmpty else { throw Self.noVerdict }
    qualities[frontier] = qualities.values.reduce(0) { $0 + 1 - $1 } / Double(qualities.count)
    return qualities.filter { name, _ in wanted.contains { $0.name == name } }
  }

  private static func verdicts(
    by judge: PairJudge, question: String, reference: String?,
    pair: (candidate: AnswerRecord.Answer, frontier: AnswerRecord.Answer)
  ) async throws(LabelError) -> SwappedVerdicts? {
    do throws(JudgeError) {
      return try await judge.verdicts(
        request: question, reference: reference, candidate: pair.candidate.shown, other: pair.frontier.shown)
    } catch { throw LabelError(error) }
  }

  private static let noVerdict = RecordViolation(
    .missingField, field: nil, expected: "a verdict of the judge", found: "replies that are none",
    remedy: "try another judge model")
}

extension TextMatch {
  /// 1 where both say the same, else 0. Where one calls tools, the calls are compared, and the texts are not: models talk
  /// beside their calls as they like.
  func quality(of answer: GivenAnswer, against reference: GivenAnswer) -> Double {
    guard reference.calls.isEmpty else { return answer.callsAgree(with: reference) ? 1 : 0 }
    return quality(of: answer.text ?? "", against: reference.text ?? "")
  }
}

extension AnswerRecord {
  /// The pairs that a judge must see so that the wanted answers get their qualities.
  /// - Throws: a violation where the frontier has no answer, or no one else has one.
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
