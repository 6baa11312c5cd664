/// What traffic looked like in a known period: the distribution of statistics in blocks of days and conversations, for those who watch live
/// traffic. It changes no decision.
///
/// The article <doc:ModelFileFormat2> says what each statistic is and how a file holds it.
package struct DriftReference: Sendable, Hashable {
  package enum Source: String, Sendable, CaseIterable {
    /// There is no reference: nothing is known.
    case none
    /// The rows that the model was trained on.
    case training
    /// Traffic that the model served.
    case live
  }

  /// A figure that each row has, or each row that a tier answered, and the bins that its values are counted in.
  package struct Statistic: Sendable, Hashable {
    package var name: String
    /// Rising: bin j holds what is above edge j − 1 and at most edge j. Empty for a choice, whose value is the bin.
    package var edges: [Double]
    /// The number of bins, the one for unknown values included.
    package var bins: Int

    package init(name: String, edges: [Double], bins: Int) {
      (self.name, self.edges, self.bins) = (name, edges, bins)
    }
  }

  /// Rows of one day and one group of conversations.
  package struct Block: Sendable, Hashable {
    /// Days since 1970 in UTC; −1 where rows have no times.
    package var day: Int
    /// Conversations with this hash, modulo the number of groups.
    package var group: Int
    package var rows = 0
    /// The rows' weights added up.
    package var weight = 0.0
    /// Weight × P(good) by tier, added up [T].
    package var quality: [Double]
    /// The weight of each bin, statistic after statistic [K].
    package var bins: [Double]

    package init(day: Int, group: Int, tiers: Int, bins: Int) {
      (self.day, self.group) = (day, group)
      quality = [Double](repeating: 0, count: tiers)
      self.bins = [Double](repeating: 0, count: bins)
    }
  }

  package var source = Source.none
  /// The period in seconds since 1970; both 0 where rows have no times.
  package var begin = 0
  package var end = 0
  package var conversations = 0
  /// How many groups conversations are divided into.
  package var groups = 1
  package var statistics: [Statistic] = []
  /// By day, then group; none without rows.
  package var blocks: [Block] = []
  /// By tier, each 0 to 1; `nil` where unknown: the calibration error that the card states, and the bias of the judge.
  package var calibrationErrors: [Double?]
  package var judgeBiases: [Double?]
  /// Rows whose quality is known, by tier.
  package var labels: [Int]

  /// No reference.
  package init(tiers: Int) {
    calibrationErrors = [Double?](repeating: nil, count: tiers)
    judgeBiases = calibrationErrors
    labels = [Int](repeating: 0, count: tiers)
  }

  package var rows: Int { blocks.reduce(0) { $0 + $1.rows } }
  /// How many days in UTC; 0 where rows have no times.
  package var days: Int { Set(blocks.map { $0.day }.filter { $0 >= 0 }).count }
  /// The bins of all statistics.
  package var binCount: Int { statistics.reduce(0) { $0 + $1.bins } }

  /// Where the bins of each statistic begin among those of all.
  package var binStarts: [Int] {
    var start = 0
    return statistics.map { statistic in
      defer { start += statistic.bins }
      return start
    }
  }

  /// The least period of live traffic, in seconds: a week.
  package static let leastLiveSeconds = 604_800
  /// The most groups, and the most bins of a statistic.
  package static let greatestCount = 256
  package static let greatestWeight = 1e12
}

extension DriftReference.Statistic {
  /// What a value is, and of which rows.
  package enum Kind: Sendable, Hashable {
    /// A number of every row.
    case number
    /// One of so many choices, of every row.
    case choice(Int)
    /// No or yes, of the rows where it is known.
    case flag
    /// A number of the rows that a tier answered, perhaps unknown.
    case answer(tier: Int)
  }

  /// The kind of the statistic of a name; `nil` for a name that no model of so many tiers has.
  package static func kind(of name: String, tiers: Int) -> Kind? {
    switch name {
    case "share.tier": return .choice(tiers)
    case "share.task": return .choice(TaskKind.allCases.count)
    case "share.failed": return .flag
    default: break
    }
    let parts = name.split(separator: ".", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    let rest = String(parts[1])
    if parts[0] == "feature" { return DenseFeatures.names.contains(rest) ? .number : nil }
    guard let tier = Int(rest), (0..<tiers).contains(tier), "\(tier)" == rest else { return nil }
    switch parts[0] {
    case "logit": return .number
    case "cost", "latency": return .answer(tier: tier)
    default: return nil
    }
  }

  /// The bin of a value; that of what is unknown for what is not finite or below 0, where there is one.
  ///
  /// - Complexity: O(edges).
  package func bin(of value: Double, _ kind: Kind) -> Int {
    switch kind {
    case .choice, .flag: return value > 0 ? min(Int(value), bins - 1) : 0
    case .answer where !value.isFinite || value < 0: return bins - 1
    case .number, .answer: return edges.reduce(0) { $0 + ($1 < value ? 1 : 0) }
    }
  }
}
