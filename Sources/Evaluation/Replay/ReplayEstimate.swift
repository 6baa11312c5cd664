import Statistics

/// What two policies give of one quantity, and by how much they differ.
package struct ReplayEstimate: Sendable, Equatable {
  /// What an estimate rests on.
  package enum Method: String, Sendable {
    /// Requests that are known under both tiers, drawn with a known probability.
    case labels
    /// Tiers that served, drawn with a known probability.
    case propensities
    /// Means by tier alone: the interval covers the requests, not the means.
    case predicted
  }

  /// What an interval holds for.
  package enum Span: String, Sendable {
    /// For a period that was fixed beforehand.
    case period
    /// At all times, however often one looks.
    case always
  }

  /// `nil` where all is refused.
  package var method: Method?
  /// What the interval of the difference holds for.
  package var span = Span.period
  /// What each policy gives; `nil` where that is not known though the difference may be.
  package var incumbent: IntervalEstimate?
  package var candidate: IntervalEstimate?
  /// Candidate − incumbent; `nil` where ``refusal`` says why.
  package var difference: IntervalEstimate?
  /// Candidate / incumbent; `nil` where either is unknown.
  package var ratio: IntervalEstimate?
  package var evidence = ReplayEvidence()
  package var refusal: ReplayRefusal?

  /// The best estimate that the log can carry: by labels, else by propensities, else, but for quality, as predicted.
  ///
  /// - Parameters:
  ///   - span: what the interval of quality is to hold for, where the log can carry it.
  ///   - reach: how far that interval is to reach where it is sharpest, if it holds at all times.
  init(
    _ replay: ReplayLog, _ quantity: ReplayQuantity, bootstrap: BootstrapParameters = .init(), span: Span = .period,
    reach: Double = 0.01
  ) {
    let confidence = bootstrap.confidence
    let forecast = TierForecast(replay, quantity)
    let labels = LabelledComparison(replay, of: quantity, forecast: forecast)
    evidence = labels.difference.evidence
    evidence.goldRows = labels.goldRows
    guard let refused = labels.difference.refusal else {
      guard let difference = labels.difference.mean else { return }
      method = .labels
      fill(quantity, difference, labels.incumbent.refusal == nil ? labels.incumbent.mean : nil, confidence)
      if quantity == .quality, evidence.matchedRows > 0 { sharpen(labels.sample, bootstrap, span, reach) }
      widenWhereNothingDiffers(replay, quantity, forecast, confidence)
      return
    }
    refusal = refused
    do throws(ReplayRefusal) {
      let draws = try PropensityDesign(replay, quantity)
      (method, refusal, evidence) = (.propensities, nil, draws.evidence)
      fill(quantity, draws.candidate + -draws.incumbent, draws.incumbent, confidence)
    } catch {
      // Where labels were drawn, what is wrong with them is what can be mended.
      if case .noPairs = refused, error != .draws(.noRows), error != .draws(.deterministic) { refusal = error }
      if quantity != .quality { predict(replay, quantity, forecast, confidence) }
    }
  }

  private mutating func fill(
    _ quantity: ReplayQuantity, _ difference: ConversationMean, _ incumbent: ConversationMean?, _ confidence: Double
  ) {
    self.difference = difference.estimate(confidence: confidence, range: quantity.differenceRange)
    guard let incumbent else { return }
    let candidate = incumbent + difference
    self.incumbent = incumbent.estimate(confidence: confidence, range: quantity.range)
    self.candidate = candidate.estimate(confidence: confidence, range: quantity.range)
    ratio = candidate.ratio(to: incumbent)?.estimate(confidence: confidence, range: 0 ... .infinity)
  }

  /// Takes the interval of quality from bets, which hold however often one looks, or from resamples of the conversations.
  private mutating func sharpen(_ sample: LabelSample, _ bootstrap: BootstrapParameters, _ span: Span, _ reach: Double)
  {
    if span == .always, !evidence.isGoldCorrected, sample.pairs.allSatisfy({ !$0.isDrawn || $0.labelWeight != nil }),
      let found = DecidingSequence(sample, level: 1 - bootstrap.confidence, reach: max(reach, 1e-4))?.estimate
    {
      self.span = .always
      return move(to: found)
    }
    let estimate = LabelEstimate(sample, parameters: bootstrap)
    guard let interval = estimate.interval else {
      (method, refusal) = (nil, estimate.refusal.map(ReplayRefusal.labels) ?? .noPrediction)
      (incumbent, candidate, difference, ratio) = (nil, nil, nil, nil)
      return
    }
    move(to: interval)
  }

  /// Takes another estimate of the difference; the candidate's level moves with it.
  private mutating func move(to found: IntervalEstimate) {
    let shift = found.value - (difference?.value ?? found.value)
    difference = found
    guard let level = candidate else { return }
    func kept(_ value: Double) -> Double { min(max(value + shift, 0), 1) }
    candidate = IntervalEstimate(value: kept(level.value), low: kept(level.low), high: kept(level.high))
  }

  /// Policies that never differed may yet: no more often than the conversations allow, and by no more than 1.
  private mutating func widenWhereNothingDiffers(
    _ replay: ReplayLog, _ quantity: ReplayQuantity, _ forecast: TierForecast, _ confidence: Double
  ) {
    guard quantity.isBounded, !(0..<replay.rowCount).contains(where: replay.differs) else { return }
    let share = BinomialTest.upperBound(
      successes: 0, count: replay.conversationCount, level: (1 - confidence) / 2)
    difference = IntervalEstimate(value: 0, low: -share, high: share)
    guard quantity == .quality, ratio == nil else { return }
    // The same decisions keep all of a quality that no one has measured; how far it might move is a share of what is predicted of it.
    let levels = (0..<replay.rowCount).map { forecast.values[$0, replay.incumbent[$0]] }
    let level = incumbent?.value ?? levels.reduce(0, +) / Double(max(1, levels.count))
    let part = min(1, level > 0 ? share / level : 1)
    ratio = IntervalEstimate(value: 1, low: 1 - part, high: 1 + part)
  }

  private mutating func predict(
    _ replay: ReplayLog, _ quantity: ReplayQuantity, _ forecast: TierForecast, _ confidence: Double
  ) {
    var sums = [LabelSum](repeating: LabelSum(conversationCount: replay.conversationCount, range: nil), count: 2)
    for row in 0..<replay.rowCount {
      let labels = replay.labels(row, quantity)
      let (conversation, weight) = (replay.conversations[row], replay.log.weights[row])
      let values = [replay.incumbent[row], replay.candidate[row]].map { labels.value($0) ?? forecast.values[row, $0] }
      guard !values.contains(where: \.isNaN) else { return refusal = .noPrediction }
      sums[0].add(certain: values[0], conversation, weight: weight)
      sums[1].add(certain: values[1] - values[0], conversation, weight: weight)
    }
    guard let incumbent = sums[0].mean, let difference = sums[1].mean else { return refusal = .noPrediction }
    (method, refusal) = (.predicted, nil)
    fill(quantity, difference, incumbent, confidence)
  }
}
