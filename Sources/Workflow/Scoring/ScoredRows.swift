import Evaluation
import Ockham
import OckhamTraining
import Statistics

/// The columns of a scored log while rows are added to them: one way for the rows of a log and for those of a training.
struct ScoredRows {
  private let tierNames: [String]
  /// Which tiers of the model these are; `nil` for all.
  private let selection: TierSelection?
  private let scaling: ThresholdScaling?
  private var origins: [RowOrigin] = []
  private var weights: [Double] = []
  private var promptBytes: [Int] = []
  private var probability: [Float] = []
  private var thresholdScales: [Float] = []
  private var quality: [Double] = []
  private var cost: [Double] = []
  private var latencyMilliseconds: [Double] = []
  private var predictedTasks: [TaskKind?] = []
  private var trueTasks: [TaskKind?] = []
  private var draws: [LoggedDraw?] = []
  /// What is predicted given responses; rows are added beside the others.
  var responses: ResponseColumns?

  /// - Parameters:
  ///   - tierNames: of the tiers that are scored.
  ///   - selection: which tiers of the model these are; `nil` for all. What is added of scores is of all the model's tiers.
  ///   - scaling: how the model scales steps by expected costs; `nil` where it does not, or where rows are scored without
  ///     their costs.
  init(tierNames: [String], selection: TierSelection? = nil, scaling: ThresholdScaling?) {
    self.tierNames = tierNames
    self.selection = selection
    self.scaling = scaling
  }

  var count: Int { origins.count }

  /// The kind of task of the row that was added last.
  var lastTask: String? { origins.last?.task }

  /// Adds what is known of a row whatever scored it. NaN is an unknown quality, cost or latency; `nil` latencies are all unknown.
  mutating func add(
    _ origin: RowOrigin, weight: Float, promptBytes: Int, quality: some Sequence<Double>, cost: some Sequence<Double>,
    latencyMilliseconds: [Double]? = nil, trueTask: TaskKind?, predictedTask: TaskKind? = nil, draw: LoggedDraw? = nil
  ) {
    origins.append(origin)
    weights.append(Double(weight))
    self.promptBytes.append(promptBytes)
    self.quality += quality
    self.cost += cost
    self.latencyMilliseconds += latencyMilliseconds ?? tierNames.map { _ in .nan }
    trueTasks.append(trueTask)
    predictedTasks.append(predictedTask)
    draws.append(draw)
  }

  /// Adds the scores of the row by models that have not seen it.
  mutating func addScores(of scores: OutOfFoldScores, at place: Int, otherwise thresholdScales: [Float] = []) {
    let tiers = scores.tierNames.count
    let row = place * tiers..<(place + 1) * tiers
    let costs = scores.expectedCostUSD
    addScores(
      scores.probabilities[row],
      thresholdScales: costs.isEmpty
        ? thresholdScales : scaling.map { $0.scales(costUSD: Array(costs[row])) } ?? thresholdScales)
  }

  /// Adds scores of the row, by tier and step of the model.
  mutating func addScores(_ probability: some RandomAccessCollection<Float>, thresholdScales: [Float] = []) {
    guard let selection else {
      self.probability += probability
      self.thresholdScales += thresholdScales
      return
    }
    self.probability += selection.of(Array(probability))
    self.thresholdScales += selection.thresholdScales(thresholdScales)
  }

  /// The log of all rows.
  /// - Throws: `EvaluationError` for columns that do not fit each other.
  func log() throws -> ScoredLog {
    let tiers = tierNames.count
    return try ScoredLog(
      tierNames: tierNames, origins: origins, weights: weights, promptBytes: promptBytes,
      probability: Matrix(probability, columns: tiers), quality: Matrix(quality, columns: tiers),
      cost: Matrix(cost, columns: tiers),
      thresholdScale: scaling.map { _ in Matrix(thresholdScales, columns: tiers - 1) },
      predictedTasks: predictedTasks, trueTasks: trueTasks, draws: draws, responses: responses?.scores,
      latencyMilliseconds: latencyMilliseconds.allSatisfy(\.isNaN)
        ? nil : Matrix(latencyMilliseconds, columns: tiers))
  }
}
