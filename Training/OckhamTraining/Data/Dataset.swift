package import Ockham
import RequestLog

/// A labelled log turned into numbers: features, labels and what is needed to group and weigh its rows. No text is kept.
package struct Dataset: Sendable {
  /// What every tier needs of each outcome for a head to be fitted to it.
  package static let minimumPerOutcome = 10

  /// The tiers' names, cheapest first.
  package private(set) var tierNames: [String]
  /// What the features were extracted with.
  package let options: FeatureOptions

  /// N-gram buckets by row.
  let grams: StoredNGrams
  /// Dense features, not standardised, row-major [rows × d].
  let dense: Column<Float>
  /// d.
  let denseColumns: Int
  /// Bytes of text by row.
  package let promptBytes: [Int]
  /// ``Ockham/Request/contentHash`` by row.
  package let contentHashes: [UInt64]
  /// What near-duplicates share, by row: see ``foldGroups(_:folds:)``.
  let nearKeys: [UInt64]
  /// ``QuestionStem/key`` by row; empty where no one knows.
  let stemKeys: [UInt64]
  /// Hashes of the conversations that rows are turns of, 0 for none; rows behind the last one with a conversation are left out.
  var conversations: [UInt64] = []

  /// The quality of each tier's answer, NaN where unknown [rows × tiers].
  package private(set) var labels: DenseMatrix
  /// The models beside the tiers whose outcomes help to fit the tiers' heads.
  package let auxiliaryNames: Set<String>
  /// The mean of the known qualities of their answers, NaN where none is known [rows × 1].
  package private(set) var auxiliaryLabels = DenseMatrix(repeating: 0, rows: 0, columns: 1)
  /// What each tier's answer cost in USD, NaN where unknown, row-major [rows × tiers].
  package private(set) var costs: [Double] = []
  /// The tokens of each tier's answer, NaN where unknown, row-major [rows × tiers].
  package private(set) var outputTokens: [Double] = []
  /// How much each row counts [rows].
  package private(set) var weights: [Float] = []
  /// What each label counts beside its row's weight, above 0 [rows × tiers]; `nil` where all count 1.
  package internal(set) var labelFactors: DenseMatrix?
  /// How weights follow from the chance of a label; `nil` where no row contains one.
  package private(set) var labelWeighting: LabelWeighting?
  /// The kind of task by row, `nil` where unknown.
  package private(set) var tasks: [TaskKind?] = []
  /// The group that each row is reported under.
  package private(set) var groups: [String] = []
  package private(set) var ids: [String] = []

  /// Some rows as they are in a frame; `nil` where training is given no frames.
  var framed: FramedRows?

  /// The tiers' answers, where the log keeps any and response heads are asked for.
  var answers: TierAnswers?

  /// A dataset whose labels are still to be appended, row by row.
  init(
    tierNames: [String], auxiliaryNames: Set<String> = [], options: FeatureOptions, rows: StoredRows,
    denseColumns: Int = DenseFeatures.names.count
  ) {
    self.tierNames = tierNames
    self.auxiliaryNames = auxiliaryNames
    self.options = options
    grams = rows.grams
    dense = rows.dense
    self.denseColumns = denseColumns
    promptBytes = rows.promptBytes
    contentHashes = rows.contentHashes
    nearKeys = rows.nearKeys
    stemKeys = rows.stemKeys
    labels = DenseMatrix(repeating: 0, rows: 0, columns: tierNames.count)
  }

  mutating func appendLabels(of record: LogRecord, _ outcomes: TierOutcomes) {
    labels.appendRows(outcomes.quality.map { $0.map { Float($0) } ?? .nan })
    appendAuxiliaryLabels(of: record)
    costs.append(contentsOf: outcomes.costUSD.map { $0 ?? .nan })
    outputTokens.append(contentsOf: outcomes.outputTokens.map { $0 ?? .nan })
    weights.append(record.weight)
    tasks.append(record.task)
    groups.append(record.dataset ?? "")
    ids.append(record.id)
  }

  private mutating func appendAuxiliaryLabels(of record: LogRecord) {
    let known = record.outcomes.filter { auxiliaryNames.contains($0.name) }.compactMap(\.quality)
    auxiliaryLabels.appendRows([known.isEmpty ? .nan : Float(known.reduce(0, +) / Double(known.count))])
  }

  /// The hash of the conversation that a row is a turn of; 0 for none.
  func conversation(ofRow row: Int) -> UInt64 { row < conversations.count ? conversations[row] : 0 }

  /// What rows with the same question share though choices differ; 0 where it is not known.
  func stem(ofRow row: Int) -> UInt64 { row < stemKeys.count ? stemKeys[row] : 0 }

  /// The dense features of a row, before they are standardised.
  package func denseFeatures(ofRow row: Int) -> [Float] { dense[row * denseColumns..<(row + 1) * denseColumns] }

  /// Names the conversation of a row; a row of none has one of its own.
  package func conversationName(ofRow row: Int) -> UInt64 {
    let conversation = conversation(ofRow: row)
    return conversation == 0 ? contentHashes[row] : conversation
  }

  /// Weighs rows by the chance that they had of a label.
  mutating func weigh(by probabilities: LabelProbabilities) { labelWeighting = probabilities.weigh(&weights) }

  package var rows: Int { weights.count }

  /// Bytes of features in scratch files; 0 for a dataset in memory.
  package var scratchBytes: Int {
    grams.scratchBytes + dense.scratchBytes + (answers?.stored.scratchBytes ?? 0)
  }

  /// Sixteen hexadecimal digits that name the training data in the model file: a hash of every request and label in
  /// order. Empty until ``seal()``.
  package private(set) var contentName = ""

  /// Names the data once all labels are there.
  mutating func seal() {
    var hash = MixHash()
    for row in 0..<rows {
      hash.absorb(contentHashes[row])
      hash.absorb(UInt64(weights[row].bitPattern))
      for tier in tierNames.indices { hash.absorb(UInt64(labels[row, tier].bitPattern)) }
      if !auxiliaryNames.isEmpty { hash.absorb(UInt64(auxiliaryLabels[row, 0].bitPattern)) }
      guard let labelFactors else { continue }
      for tier in tierNames.indices { hash.absorb(UInt64(labelFactors[row, tier].bitPattern)) }
    }
    contentName = hash.hexadecimal
  }

  /// Takes what a dataset of the same rows and tiers knows of them.
  mutating func takeLabels(of other: Dataset) {
    (labels, auxiliaryLabels) = (other.labels, other.auxiliaryLabels)
    (costs, outputTokens, weights) = (other.costs, other.outputTokens, other.weights)
    (tasks, groups, ids, conversations) = (other.tasks, other.groups, other.ids, other.conversations)
    labelFactors = other.labelFactors
    seal()
  }

  /// Takes what a log knows of the questions behind some of a tier's answers, this dataset's rows.
  ///
  /// - Parameters:
  ///   - chosen: the answers' rows in the log, and how good each answer is.
  ///   - predicted: P(good) of a tier in a row of the log, where too few rows contain both outcomes of that tier.
  mutating func takeAnswers(
    of log: Dataset, tier: Int, _ chosen: [(row: Int, quality: Float)], predicted: (Int, Int) -> Float
  ) {
    let above = tier + 1..<log.tierNames.count
    let taught = above.map { other in log.tellsBothOutcomes(of: other, rows: chosen.map(\.row)) }
    for (row, quality) in chosen {
      labels.appendRows([quality] + zip(above, taught).map { $1 ? log.labels[row, $0] : predicted(row, $0) })
      auxiliaryLabels.appendRows([.nan])
      weights.append(log.weights[row])
      tasks.append(nil)
      groups.append(log.groups[row])
      ids.append(log.ids[row])
      if !log.conversations.isEmpty { conversations.append(log.conversation(ofRow: row)) }
    }
    costs = [Double](repeating: .nan, count: chosen.count * tierNames.count)
    outputTokens = costs
    labelFactors = log.labelFactors.map { factors in
      var own = DenseMatrix(repeating: 1, rows: 0, columns: tierNames.count)
      for (row, _) in chosen {
        own.appendRows([factors[row, tier]] + zip(above, taught).map { $1 ? factors[row, $0] : 1 })
      }
      return own
    }
    seal()
  }

  private func tellsBothOutcomes(of tier: Int, rows: [Int]) -> Bool {
    let known = rows.map { labels[$0, tier] }.filter { !$0.isNaN }
    let good = known.reduce(0) { $0 + Double($1) }
    return min(good, Double(known.count) - good) >= Double(Self.minimumPerOutcome)
  }

  /// The same data for fitting, where the strongest tier may be good on every row, as it is by definition when rows name
  /// the lowest adequate tier: its labels become 1 − 2/(n + 2), so that its head settles at that constant instead of
  /// running off to infinity. Data with any other labels come back as they are.
  func smoothingAlwaysCorrectTop() -> Dataset {
    let top = tierNames.count - 1
    let known = (0..<rows).filter { !labels[$0, top].isNaN }
    guard known.count >= 2, known.allSatisfy({ labels[$0, top] == 1 }) else { return self }
    var result = self
    for row in known { result.labels[row, top] = 1 - 2 / Float(known.count + 2) }
    return result
  }

  /// The same data with the unknown labels between two known ones filled in by their mean. Labels at either end stay
  /// unknown where they are.
  func interpolatingTiers() -> Dataset {
    var result = self
    for row in 0..<rows {
      let known = tierNames.indices.filter { !labels[row, $0].isNaN }
      for (below, above) in zip(known, known.dropFirst()) {
        for tier in below + 1..<above { result.labels[row, tier] = (labels[row, below] + labels[row, above]) / 2 }
      }
    }
    return result
  }

  /// The same rows, each counting as much more as its factor says.
  func multiplyingWeights(by factors: [Float]) -> Dataset {
    var result = self
    for row in 0..<rows { result.weights[row] *= factors[row] }
    return result
  }

  /// The same with labels of another dataset of these rows for some tiers.
  func takingLabels(of tiers: [Int], from other: Dataset) -> Dataset {
    var result = self
    for row in 0..<rows { for tier in tiers { result.labels[row, tier] = other.labels[row, tier] } }
    return result
  }

  /// The same rows for some of the tiers, in rising order.
  func keeping(tiers kept: [Int]) -> Dataset {
    var result = self
    result.tierNames = kept.map { tierNames[$0] }
    let count = tierNames.count
    func columns<Value>(_ values: [Value]) -> [Value] {
      (0..<rows).flatMap { row in kept.map { values[row * count + $0] } }
    }
    result.labels = DenseMatrix(repeating: 0, rows: rows, columns: kept.count)
    result.labels.values = columns(labels.values)
    result.labelFactors = labelFactors.map { factors in
      var own = result.labels
      own.values = columns(factors.values)
      return own
    }
    result.costs = columns(costs)
    result.outputTokens = columns(outputTokens)
    return result
  }

  /// The given rows as a dataset of their own, in memory: what is read again and again must not lie scattered in a file.
  func selecting(_ chosen: [Int]) -> Dataset {
    var result = Dataset(
      tierNames: tierNames, auxiliaryNames: auxiliaryNames, options: options,
      rows: StoredRows(
        grams: StoredNGrams(grams, rows: chosen),
        dense: Column(chosen.flatMap { dense[$0 * denseColumns..<($0 + 1) * denseColumns] }),
        promptBytes: chosen.map { promptBytes[$0] }, contentHashes: chosen.map { contentHashes[$0] },
        nearKeys: chosen.map { nearKeys[$0] }, stemKeys: chosen.map(stem(ofRow:))), denseColumns: denseColumns)
    let tiers = tierNames.count
    result.labels = labels.selectingRows(chosen)
    result.labelFactors = labelFactors?.selectingRows(chosen)
    result.auxiliaryLabels = auxiliaryLabels.selectingRows(chosen)
    result.costs = chosen.flatMap { costs[$0 * tiers..<($0 + 1) * tiers] }
    result.outputTokens = chosen.flatMap { outputTokens[$0 * tiers..<($0 + 1) * tiers] }
    result.weights = chosen.map { weights[$0] }
    result.tasks = chosen.map { tasks[$0] }
    result.groups = chosen.map { groups[$0] }
    if !conversations.isEmpty { result.conversations = chosen.map { conversation(ofRow: $0) } }
    result.ids = chosen.map { ids[$0] }
    result.framed = framed?.selecting(chosen, columns: denseColumns)
    result.seal()
    return result
  }
}
