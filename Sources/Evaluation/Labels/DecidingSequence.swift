import Statistics

/// What labels say about two policies, however often one looks: see <doc:LabelsAndDecisions>.
///
/// Bets are on conversations, at their close. A label weighs w = K/ι, with K = ι(1) the inclusion at full intensity: known before the
/// draw, and it leaves weights between 1 and 2.5 whatever the rate. With β what labels before say of the mean difference on a disagreement,
///
///   Z(Δ) = Σ_labels w·(D − β) + Σ_disagreements K·β − Σ_requests K·Δ
///
/// has mean 0 where Δ is the mean difference over all requests: it is estimator A, scaled by K. What is bet on is nearly the labels alone,
/// since β centres them; the share of disagreements comes in by the way. A conversation counts up to its second label. Labels that are
/// missing count as the worst for either side.
package struct DecidingSequence: Sendable {
  /// The requests after which a conversation counts as closed, and the labels after which the rest of it is skipped.
  package static let greatest = (requests: 20, labels: 2)

  /// A request of a conversation.
  package enum Turn: Sendable, Equatable {
    /// The policies agree.
    case agreement
    /// They do not; `nil` where it was not drawn for a label.
    case disagreement(Label?)
  }

  /// One label.
  package struct Label: Sendable, Equatable {
    /// D, −1…1; `nil` where the request was drawn and has no label.
    package var difference: Double?
    /// w, from 1 to 2.5: ``LabelDesign/weight(rate:inclusion:)``.
    package var weight: Double

    package init(difference: Double?, weight: Double) {
      self.difference = difference
      self.weight = weight
    }
  }

  /// Made-up labels without a difference that β starts from, by weight.
  private static let priorWeight = 5.0

  private let level: Double
  private let reach: Double
  private var sequence: BettingSequence
  /// Start with the scale of the first conversation.
  private var bets: PlugInBets?
  private var total = (sum: 0.0, weight: 0.0)
  private var labels = (difference: 0.0, weight: 0.0)
  /// Requests that were drawn, and those of them that have no label.
  package private(set) var drawn = 0
  package private(set) var missing = 0

  /// - Parameters:
  ///   - level: α of the interval; above 0 and below 1.
  ///   - reach: how far the interval shall reach to each side where it is to be sharpest, or the margin that is to be decided on.
  ///   - steps: how finely the interval's ends are known, in parts of −1…1.
  package init(level: Double, reach: Double = 0.01, steps: Int = 4_000) {
    self.level = level
    self.reach = reach
    sequence = BettingSequence(range: -1...1, level: level, steps: steps)
  }

  /// Takes a conversation, or the next part of a long one.
  ///
  /// - Parameters:
  ///   - turns: its eligible requests in their order, at most as many as ``greatest`` says.
  ///   - scale: K, the same for all of them.
  ///   - greatestWeight: the greatest weight that a label can have at this rate.
  package mutating func close(
    _ turns: [Turn], scale: Double, greatestWeight: Double = 1 / LabelDesign.intensities.lowerBound
  ) {
    precondition(turns.count <= Self.greatest.requests, "a conversation is bounded")
    let centre = labels.difference / (labels.weight + Self.priorWeight)
    var draw = Draw(centre: centre, scale: scale)
    for turn in turns where draw.labels < Self.greatest.labels { draw.add(turn) }
    let most = (
      labels: Double(Self.greatest.labels) * greatestWeight, weight: Double(Self.greatest.requests) * scale
    )
    var bets = self.bets ?? PlugInBets(mean: 0, variance: scale, weight: scale, level: level / 2)
    let bound = most.labels * (1 + abs(centre)) + most.weight * abs(centre)
    sequence.add(
      sums: (draw.sum - draw.unknown)...(draw.sum + draw.unknown), weight: draw.weight,
      within: .init(sum: -bound...bound, weight: 0...most.weight), bet: bets.bet(sharpestAt: reach))
    bets.add(sum: draw.sum, weight: draw.weight)
    self.bets = bets
    total = (total.sum + draw.sum, total.weight + draw.weight)
    labels = (labels.difference + draw.difference, labels.weight + draw.known)
    drawn += draw.labels
    missing += draw.missing
  }

  /// Why nothing may be decided; `nil` where nothing speaks against it.
  package var refusal: LabelRefusal? {
    guard total.weight > 0 else { return .noRequests }
    let share = drawn > 0 ? Double(missing) / Double(drawn) : 0
    return share > LabelRefusal.greatestMissingShare ? .missing(share: share) : nil
  }

  /// Δ with its confidence sequence as it is now; `nil` before the first label, and where the conversations have no common mean: the
  /// traffic, a model or the judge has changed in between.
  package var estimate: IntervalEstimate? {
    guard labels.weight > 0, let interval = sequence.interval else { return nil }
    return IntervalEstimate(
      value: min(max(total.sum / total.weight, -1), 1), low: interval.lowerBound, high: interval.upperBound)
  }

  /// The evidence that Δ is above −margin, an e-value at any time one likes: 1/δ or more happens with probability δ at most if it is not.
  /// It is counted up to 2/α.
  ///
  /// - Parameter margin: 0…1.
  package func evidence(notWorseBy margin: Double) -> Double { sequence.evidence(meanAbove: -margin) }

  /// The evidence that Δ is below −margin.
  package func evidence(worseBy margin: Double) -> Double { sequence.evidence(meanBelow: -margin) }
}

extension DecidingSequence {
  /// The sequence over the conversations of a sample, in the order of their numbers, which is to be that of their ends. Where in a
  /// conversation the policies agree is not known: these turns are spread evenly between the others. The scale of a conversation without a
  /// label is that of the last one before.
  ///
  /// - Parameters: as of ``init(level:reach:)``.
  /// - Returns: `nil` where no label knows its weight: a log without rates.
  package init?(_ sample: LabelSample, level: Double, reach: Double = 0.01) {
    guard let first = sample.pairs.lazy.compactMap(\.scale).first else { return nil }
    self.init(level: level, reach: reach)
    var scale = first
    var rest = sample.pairs.sorted { $0.conversation < $1.conversation }[...]
    for (conversation, requests) in sample.requests.enumerated() {
      let pairs = rest.prefix { $0.conversation == conversation }
      rest = rest.dropFirst(pairs.count)
      scale = pairs.lazy.compactMap(\.scale).first ?? scale
      var turns = Self.turns(pairs, count: max(Int(requests.rounded()), pairs.count))[...]
      while !turns.isEmpty {
        close(Array(turns.prefix(Self.greatest.requests)), scale: scale)
        turns = turns.dropFirst(Self.greatest.requests)
      }
    }
  }

  private static func turns(_ pairs: ArraySlice<LabelledPair>, count: Int) -> [Turn] {
    var turns: [Turn] = []
    for (place, pair) in pairs.enumerated() {
      let agreements = (count - pairs.count) * (place + 1) / (pairs.count + 1)
      turns += [Turn](repeating: .agreement, count: agreements + place - turns.count)
      turns.append(.disagreement(pair.label))
    }
    return turns + [Turn](repeating: .agreement, count: count - turns.count)
  }
}

extension LabelledPair {
  /// K, where the weight is known.
  fileprivate var scale: Double? { labelWeight.map { min($0 * inclusion, 1) } }

  /// What a sequence takes; `nil` where it was not drawn. A label without a weight that the design can give counts as missing.
  fileprivate var label: DecidingSequence.Label? {
    guard isDrawn else { return nil }
    let greatest = 1 / LabelDesign.intensities.lowerBound
    guard let labelWeight, labelWeight > 0, labelWeight < greatest * (1 + 1e-9) else {
      return .init(difference: nil, weight: greatest)
    }
    return .init(difference: difference, weight: min(labelWeight, greatest))
  }
}

/// The sums of one conversation.
private struct Draw {
  let centre: Double
  let scale: Double
  private(set) var sum = 0.0
  private(set) var weight = 0.0
  /// How far missing labels could move the sum.
  private(set) var unknown = 0.0
  /// Weight and weighted differences of labels that are there.
  private(set) var known = 0.0
  private(set) var difference = 0.0
  private(set) var labels = 0
  private(set) var missing = 0

  init(centre: Double, scale: Double) {
    self.centre = centre
    self.scale = scale
  }

  mutating func add(_ turn: DecidingSequence.Turn) {
    weight += scale
    guard case .disagreement(let label) = turn else { return }
    sum += scale * centre
    guard let label else { return }
    labels += 1
    guard let found = label.difference else {
      missing += 1
      sum -= label.weight * centre
      unknown += label.weight
      return
    }
    known += label.weight
    difference += label.weight * found
    sum += label.weight * (found - centre)
  }
}
