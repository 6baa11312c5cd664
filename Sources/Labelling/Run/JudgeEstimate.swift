package import Judging
import RequestLog
import TextKit

/// What judging a log will take, worked out before the first call.
package struct JudgeEstimate: Sendable, Hashable {
  /// Calls to make, without those that the journal has.
  package var calls = 0
  /// Verdicts and scores that the journal has.
  package var journalled = 0
  /// Tokens that the judge reads, about: a token for three bytes.
  package var inputTokens = 0
  /// What the calls cost at most, in US dollars; 0 where no price is known. Failed calls that are billed come on top.
  package var costUSD = 0.0
  /// Pairs and single answers to judge, those of the journal included.
  package var pairs = 0
  package var singles = 0
  /// The strongest tier's answers that stand alone in a log of pairs, and are not judged.
  package var loneFrontiers = 0
  /// Records with several answers of which none is the frontier's: they could be pairs.
  package var withoutFrontier = 0
  /// The models and tiers whose answers are judged.
  package var arms: Set<String> = []

  /// Reads the log once. Bad records count for nothing; labelling reports them.
  /// - Parameter form: what the judge is to be shown; ``settled(_:)`` says what became of it.
  /// - Throws: ``LabelError/log(_:)``.
  package init(
    logPath: String, judge: PairJudge, form: JudgeForm = .pairsOrSingle(), options: LabelOptions
  ) throws(LabelError) {
    /// What frontier's answers that stand alone would take.
    var lone = Self()
    do throws(LogError) {
      let reader = try RawLineReader(path: logPath)
      while let line = try reader.next() {
        options.onProgress?(reader.progress)
        try? add(line, judge: judge, form: form, options: options, lone: &lone)
      }
    } catch { throw .log(error) }
    if pairs > 0 { loneFrontiers = lone.singles } else { add(lone) }
  }

  private init() {}

  /// The form in which the log is judged: a log of pairs keeps to pairs where the frontier's answer is there.
  package func settled(_ form: JudgeForm) -> JudgeForm {
    if case .pairsOrSingle = form { .pairsOrSingle(scoresLoneFrontier: pairs == 0) } else { form }
  }

  /// Refuses a judge that would judge answers of its own model or family.
  /// - Parameter models: the models behind tiers, by name, where someone says them.
  /// - Throws: ``LabelError/ownArm(judge:arm:)``.
  package func checkArms(of judge: PairJudge, models: [String: [String]] = [:]) throws(LabelError) {
    for arm in arms.sorted() {
      for name in [arm] + (models[arm] ?? []) where ModelFamily.areRelated(judge.model, name) {
        throw .ownArm(judge: judge.model, arm: name)
      }
    }
  }

  private mutating func add(_ other: Self) {
    calls += other.calls
    journalled += other.journalled
    inputTokens += other.inputTokens
    costUSD += other.costUSD
    singles += other.singles
    arms.formUnion(other.arms)
  }

  private mutating func add(
    _ line: RawLineReader.Line, judge: PairJudge, form: JudgeForm, options: LabelOptions, lone: inout Self
  ) throws(RecordViolation) {
    guard line.violation == nil else { return }
    let record = try AnswerRecord(line: line.bytes, number: line.number)
    let wanted = record.answers.filter { options.replacesQualities || $0.quality == nil }
    guard !wanted.isEmpty else { return }
    let question = try record.question()
    switch form.task(for: record, frontier: record.frontier(options)) {
    case .pairs: try addPairs(record, wanted: wanted.map(\.name), question: question, judge: judge, options: options)
    case .single(let rubric):
      let isLone = form.prefersPairs && record.answer(of: record.frontier(options)) != nil
      if form.prefersPairs, !isLone, record.answers.count > 1 { withoutFrontier += 1 }
      for answer in wanted {
        let prompt = JudgePrompt.score(
          request: question, answer: answer.shown, reference: record.reference, rubric: rubric)
        if isLone {
          lone.addSingle(prompt, answer.name, judge)
        } else {
          addSingle(prompt, answer.name, judge)
        }
      }
    case .nothing: loneFrontiers += 1
    }
  }

  private mutating func addSingle(_ prompt: JudgePrompt, _ name: String, _ judge: PairJudge) {
    singles += 1
    arms.insert(name)
    add(prompt, judge)
  }

  private mutating func addPairs(
    _ record: AnswerRecord, wanted: [String], question: String, judge: PairJudge, options: LabelOptions
  ) throws(RecordViolation) {
    for pair in try record.judgedPairs(wanted: wanted, frontier: record.frontier(options)) {
      pairs += 1
      arms.formUnion([pair.candidate.name, pair.frontier.name])
      let (one, two) = (pair.candidate.shown, pair.frontier.shown)
      if one.utf8.elementsEqual(two.utf8) { continue }
      let prompts = judge.prompts(request: question, reference: record.reference, candidate: one, other: two)
      for prompt in [prompts.straight, prompts.swapped] {
        if let prompt { add(prompt, judge) }
      }
    }
  }

  private mutating func add(_ prompt: JudgePrompt, _ judge: PairJudge) {
    if judge.isKnown(prompt) {
      journalled += 1
      return
    }
    calls += 1
    inputTokens += prompt.estimatedInputTokens
    costUSD += judge.mostUSD(prompt)
  }
}
