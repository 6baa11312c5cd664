import Ockham
import Statistics

/// Fits a ``JointCalibration`` to held-out logits: for each tier a logistic regression on the tiers' probabilities and their
/// products, with what Platt scaling says as offset and a ridge that pulls towards it.
struct JointCalibrationFit {
  /// From how many rows on the correction is worth its noise: on public outcomes it gains from 2,400 and loses at 600.
  static let rowsNeeded = 2_000

  /// Of ½ penalty · ‖w‖² beside the summed loss, for standardised features.
  var penalty = 10.0
  var maximumIterations = 50

  private let calibrations: [Calibration]
  private let logits: DenseMatrix
  /// Standardised, a 1 at the end, `[n × width]`.
  private let features: [Double]
  private let width: Int
  private let means: [Double]
  private let inverseDeviations: [Double]

  /// - Parameters:
  ///   - calibrations: Platt scaling of each tier.
  ///   - logits: `[n × T]`.
  init(_ calibrations: [Calibration], logits: DenseMatrix) {
    self.calibrations = calibrations
    self.logits = logits
    let rows = (0..<logits.rows).map { row in
      Self.features(calibrations.indices.map { calibrations[$0].probability(logits[row, $0]) })
    }
    width = JointCalibration.width(tierCount: calibrations.count)
    let count = Double(max(1, rows.count))
    let means = (0..<width - 1).map { column in rows.reduce(0) { $0 + $1[column] } / count }
    let inverse = (0..<width - 1).map { column in
      let variance = rows.reduce(0) { $0 + ($1[column] - means[column]) * ($1[column] - means[column]) } / count
      return variance < 1e-12 ? 0 : 1 / variance.squareRoot()
    }
    (self.means, inverseDeviations) = (means, inverse)
    features = rows.flatMap { row in row.indices.map { (row[$0] - means[$0]) * inverse[$0] } + [1] }
  }

  private static func features(_ probabilities: [Float]) -> [Double] {
    var features: [Double] = []
    JointCalibration.forEachFeature(of: probabilities) { features.append($0) }
    return features
  }

  /// The correction of all tiers.
  ///
  /// - Parameters:
  ///   - labels: by tier, NaN where unknown.
  ///   - weights: what each label counts, by tier.
  func fit(labels: [[Float]], weights: [[Float]]) -> JointCalibration {
    let rows = calibrations.indices.flatMap { tier -> [Float] in
      guard case .platt(let slope, let intercept) = calibrations[tier] else { preconditionFailure("not Platt scaling") }
      let known = labels[tier].indices.filter { !labels[tier][$0].isNaN && weights[tier][$0] > 0 }
      let sample = known.map { row in
        Row(
          place: row, offset: Double(slope) * Double(logits[row, tier]) + Double(intercept),
          label: Double(labels[tier][row]), weight: Double(weights[tier][row]))
      }
      return unscaled(solve(sample))
    }
    return JointCalibration(tierCount: calibrations.count, weights: rows)
  }

  /// The weights of features as they are: the constant first.
  private func unscaled(_ solution: [Double]) -> [Float] {
    let weights = zip(solution, inverseDeviations).map { $0 * $1 }
    let shift = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 }
    return [Float(solution[width - 1] - shift)] + weights.map { Float($0) }
  }

  private struct Row {
    let place: Int
    let offset: Double
    let label: Double
    let weight: Double
  }

  /// Newton's method with backtracking, from no correction.
  private func solve(_ sample: [Row]) -> [Double] {
    Newton(maximumIterations: maximumIterations).minimise(
      from: [Double](repeating: 0, count: width), loss: { loss(sample, $0) },
      step: { point, value in
        let (gradient, hessian) = derivatives(sample, point)
        let step = CholeskyFactor(hessian, size: width, ridge: 1e-9).solve(gradient)
        let decrease = zip(gradient, step).reduce(0) { $0 + $1.0 * $1.1 }
        guard decrease > 1e-10 * value else { return nil }
        return Newton.Step(decrease: decrease) { part in zip(point, step).map { $0 - part * $1 } }
      })
  }

  private func logit(_ row: Row, _ point: [Double]) -> Double {
    var sum = row.offset
    for column in 0..<width { sum += point[column] * features[row.place * width + column] }
    return sum
  }

  private func loss(_ sample: [Row], _ point: [Double]) -> Double {
    let squares = point.dropLast().reduce(0) { $0 + $1 * $1 }
    return sample.reduce(0.5 * penalty * squares) {
      $0 + $1.weight * Logistic.loss(logit($1, point), label: $1.label)
    }
  }

  private func derivatives(_ sample: [Row], _ point: [Double]) -> (gradient: [Double], hessian: [Double]) {
    var gradient = point.map { penalty * $0 }
    gradient[width - 1] = 0
    var hessian = [Double](repeating: 0, count: width * width)
    for column in 0..<width - 1 { hessian[column * width + column] = penalty }
    for row in sample {
      let probability = Logistic.sigmoid(logit(row, point))
      let residual = row.weight * (probability - row.label)
      let curvature = row.weight * probability * (1 - probability)
      let start = row.place * width
      for first in 0..<width {
        gradient[first] += residual * features[start + first]
        for second in 0...first {
          hessian[first * width + second] += curvature * features[start + first] * features[start + second]
        }
      }
    }
    for first in 0..<width {
      for second in 0..<first { hessian[second * width + first] = hessian[first * width + second] }
    }
    return (gradient, hessian)
  }
}
