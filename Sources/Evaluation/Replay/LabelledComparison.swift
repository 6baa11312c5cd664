/// What labels say of two policies: rows on which they agree differ by exactly nothing, the others by what is predicted, corrected
/// where both of their tiers are known (estimator A).
struct LabelledComparison {
  private(set) var difference: LabelSum
  private(set) var incumbent: LabelSum
  /// The requests as far as labels speak about the difference in quality, predicted without their own conversations' labels; conversations
  /// in the order of their ends. Empty for other quantities.
  let sample: LabelSample
  /// Requests on which the policies differ and that people rated beside labels; at least ``LabelEstimate/leastGold`` correct these.
  let goldRows: Int

  init(_ replay: ReplayLog, of quantity: ReplayQuantity, forecast: TierForecast) {
    let (count, bounded) = (replay.conversationCount, quantity.isBounded)
    let isQuality = quantity == .quality
    difference = LabelSum(conversationCount: count, range: bounded ? quantity.differenceRange : nil)
    incumbent = LabelSum(conversationCount: count, range: bounded ? quantity.range : nil)
    goldRows = isQuality ? replay.goldRows : 0
    sample = isQuality ? replay.labelSample(forecast).crossFitted() : LabelSample(pairs: [], requests: [])
    let usesGold = goldRows >= LabelEstimate.leastGold
    var pairs = sample.pairs.makeIterator()
    for row in 0..<replay.rowCount {
      var labels = replay.labels(row, quantity)
      labels.usesGold = usesGold
      let (base, other) = (replay.incumbent[row], replay.candidate[row])
      let (conversation, weight) = (replay.conversations[row], replay.log.weights[row])
      let predicted = { (tier: Int) in
        // What the served tier shows is known, whether the pair was drawn or not.
        (isQuality || labels.draw?.tier != tier ? nil : labels.value(tier)) ?? forecast.values[row, tier]
      }
      incumbent.add(labels.level(of: base), predicted: predicted(base), conversation, weight: weight)
      if base == other {
        difference.add(certain: 0, conversation, weight: weight)
      } else {
        let expected = (isQuality ? pairs.next()?.prediction : nil) ?? predicted(other) - predicted(base)
        difference.add(labels.difference(from: base, to: other), predicted: expected, conversation, weight: weight)
      }
    }
  }
}

extension ReplayLog {
  /// Rows on which the policies differ and that people rated under both tiers.
  fileprivate var goldRows: Int {
    (0..<rowCount).count {
      differs($0) && labels($0, .quality).gold(from: incumbent[$0], to: candidate[$0]) != nil
    }
  }

  /// The disagreements in the order of the rows.
  fileprivate func labelSample(_ forecast: TierForecast) -> LabelSample {
    let places = placesByEnd
    var requests = [Double](repeating: 0, count: conversationCount)
    var pairs: [LabelledPair] = []
    for row in 0..<rowCount {
      let (conversation, weight) = (places[conversations[row]], log.weights[row])
      requests[conversation] += weight
      guard differs(row) else { continue }
      let (base, other) = (incumbent[row], candidate[row])
      let labels = labels(row, .quality)
      var pair = LabelledPair(
        labels.difference(from: base, to: other),
        prediction: forecast.values[row, other] - forecast.values[row, base], conversation: conversation,
        weight: weight)
      if let gold = labels.gold(from: base, to: other) {
        (pair.gold, pair.goldInclusion) = (gold.difference, gold.inclusion)
      }
      pairs.append(pair)
    }
    return LabelSample(pairs: weighed(pairs), requests: requests)
  }

  /// The place of each conversation in the order of their last rows.
  private var placesByEnd: [Int] {
    var last = [Int](repeating: 0, count: conversationCount)
    for row in 0..<rowCount { last[conversations[row]] = row }
    var places = last
    for (place, conversation) in last.indices.sorted(by: { last[$0] < last[$1] }).enumerated() {
      places[conversation] = place
    }
    return places
  }

  /// The pairs with what each label weighs in a sequence, where the rates of all drawn ones are known.
  ///
  /// Labels of the policies that the log was drawn for weigh ι(1)/ι, at most 2.5. Another pair of policies also meets audits where those agreed,
  /// and these would weigh more: then the scale is so much smaller for all.
  private func weighed(_ pairs: [LabelledPair]) -> [LabelledPair] {
    let rows = (0..<rowCount).filter(differs)
    let greatest = 1 / LabelDesign.intensities.lowerBound
    let scales = zip(rows, pairs).map { row, pair -> Double? in
      guard pair.isDrawn, let rate = records[row].labelRate, let audit = records[row].auditRate else { return nil }
      return LabelDesign(auditRate: audit).inclusion(rate: rate, intensity: 1)
    }
    guard zip(pairs, scales).allSatisfy({ !$0.isDrawn || $1 != nil }) else { return pairs }
    let isForeign = zip(pairs, scales).contains { pair, scale in (scale ?? 0) > pair.inclusion * greatest * (1 + 1e-9) }
    return zip(zip(pairs, scales), rows).map { found, row in
      var (pair, scale) = found
      if isForeign { scale = scale.map { min($0, greatest * (records[row].auditRate ?? 0)) } }
      if let scale, scale > 0 { pair.labelWeight = min(scale / pair.inclusion, greatest) }
      return pair
    }
  }
}

extension LabelledPair {
  /// - Parameter prediction: m; nothing is predicted where it is not a number.
  init(_ known: LabelledRow.Knowledge, prediction: Double, conversation: Int, weight: Double) {
    let prediction = prediction.isNaN ? 0 : prediction
    switch known {
    case .undrawn: self.init(conversation: conversation, inclusion: 1, prediction: prediction, weight: weight)
    case .known(let difference, let inclusion):
      self.init(
        conversation: conversation, inclusion: inclusion ?? 1, isDrawn: true, difference: difference,
        prediction: prediction, weight: weight)
    case .missing(let inclusion):
      self.init(
        conversation: conversation, inclusion: inclusion ?? 1, isDrawn: true, prediction: prediction, weight: weight)
    }
  }
}
