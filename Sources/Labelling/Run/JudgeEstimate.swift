package import Judging
import RequestLog

/// What judging a log will take, worked out before the first call.
package struct JudgeEstimate: Sendable, Hashable {
  /// Calls to make: two a pair, without those that the journal has.
  package var calls = 0
  /// Verdicts that the journal has.
  package var journalled = 0
  /// Tokens that the judge reads, about: a token for three bytes.
  package var inputTokens = 0
  /// What the calls cost at most, in US dollars; 0 where no price is known. Failed calls that are billed come on top.
  package var costUSD = 0.0

  /// Reads the log once. Bad records count for nothing; labelling reports them.
  /// - Throws: ``LabelError/log(_:)``.
  package init(logPath: String, judge: PairJudge, options: LabelOptions) throws(LabelError) {
    do throws(LogError) {
      let reader = try RawLineReader(path: logPath)
      while let line = try reader.next() {
        options.onProgress?(reader.progress)
        try? add(line, judge, options)
      }
    } catch { throw .log(error) }
  }

  private mutating func add(
    _ line: RawLineReader.Line, _ judge: PairJudge, _ options: LabelOptions
  ) throws(RecordViolation) {
    guard line.violation == nil else { return }
    let record = try AnswerRecord(line: line.bytes, number: line.number)
    let wanted = record.answers.filter { options.replacesQualities || $0.quality == nil }.map(\.name)
    guard !wanted.isEmpty else { return }
    let question = try record.question()
    for pair in try record.judgedPairs(wanted: wanted, frontier: options.frontier) {
      let (one, two) = (pair.candidate.text, pair.frontier.text)
      if one.utf8.elementsEqual(two.utf8) { continue }
      for (first, second) in [(one, two), (two, one)] {
        add(.pair(request: question, reference: record.reference, first: first, second: second), judge)
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
