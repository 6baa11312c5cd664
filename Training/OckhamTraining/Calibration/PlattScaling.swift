package import Ockham

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Fits σ(a · logit + b) (Platt 1999), by Newton's method with backtracking (Lin, Lin & Weng 2007).
///
/// Labels are drawn in as if each outcome had been seen once more than it was: with N₊ = Σ w y and N₋ = Σ w (1 − y), a
/// label y becomes y (N₊ + 1) / (N₊ + 2) + (1 − y) / (N₋ + 2). That keeps the slope finite when the logits separate the
/// outcomes perfectly.
package struct PlattScaling: Sendable {
  /// The most Newton steps; 10 are usual.
  package var maximumIterations = 100

  /// Stops when the gradient of the summed loss is at most this times Σ w.
  package var gradientTolerance = 1e-10

  /// Creates the default fit.
  package init() {}

  /// The slope a and the intercept b in double precision. O(rows · iterations).
  func fitLine(_ sample: CalibrationSample) -> (slope: Double, intercept: Double) {
    let loss = PlattLoss(sample)
    var line = loss.start
    var value = loss.value(line)
    for _ in 0..<maximumIterations {
      let (gradient, step) = loss.newtonStep(line)
      guard max(abs(gradient.x), abs(gradient.y)) > gradientTolerance * loss.totalWeight else { break }
      guard let next = backtrack(loss, line, value, step, slope: (gradient * step).sum()) else { break }
      line = next.line
      value = next.value
    }
    return (line.x, line.y)
  }

  /// Fits a sample.
  package func fit(_ sample: CalibrationSample) -> Calibration {
    let (slope, intercept) = fitLine(sample)
    return .platt(slope: Float(slope), intercept: Float(intercept))
  }

  private func backtrack(
    _ loss: PlattLoss, _ line: SIMD2<Double>, _ value: Double, _ step: SIMD2<Double>, slope: Double
  ) -> (line: SIMD2<Double>, value: Double)? {
    var factor = 1.0
    while factor >= 1e-10 {
      let candidate = line + factor * step
      let found = loss.value(candidate)
      if found < value + 1e-4 * factor * slope { return (candidate, found) }
      factor /= 2
    }
    return nil
  }
}

/// The summed cross-entropy of one sample as a function of (slope, intercept).
private struct PlattLoss {
  private let logits: [Double]
  private let targets: [Double]
  private let weights: [Double]
  let totalWeight: Double

  /// Slope 0 and the prior log-odds, as Platt starts.
  let start: SIMD2<Double>

  init(_ sample: CalibrationSample) {
    logits = sample.logits.map(Double.init)
    weights = sample.weights.map(Double.init)
    var good = 0.0
    var bad = 0.0
    for (weight, label) in zip(sample.weights, sample.labels) {
      good += Double(weight) * Double(label)
      bad += Double(weight) * (1 - Double(label))
    }
    let high = (good + 1) / (good + 2)
    let low = 1 / (bad + 2)
    targets = sample.labels.map { Double($0) * high + (1 - Double($0)) * low }
    totalWeight = good + bad
    start = SIMD2(0, log((good + 1) / (bad + 1)))
  }

  func value(_ line: SIMD2<Double>) -> Double {
    var sum = 0.0
    for row in logits.indices {
      sum += weights[row] * logisticLoss(line.x * logits[row] + line.y, label: targets[row])
    }
    return sum
  }

  /// The gradient and −H⁻¹ g, with 10⁻¹² added to the diagonal of H.
  func newtonStep(_ line: SIMD2<Double>) -> (gradient: SIMD2<Double>, step: SIMD2<Double>) {
    var gradient = SIMD2<Double>.zero
    var (xx, x1, ones) = (1e-12, 0.0, 1e-12)
    for row in logits.indices {
      let probability = logisticSigmoid(line.x * logits[row] + line.y)
      let residual = weights[row] * (probability - targets[row])
      let curvature = weights[row] * probability * (1 - probability)
      gradient += SIMD2(residual * logits[row], residual)
      xx += curvature * logits[row] * logits[row]
      x1 += curvature * logits[row]
      ones += curvature
    }
    let determinant = xx * ones - x1 * x1
    let step = SIMD2(ones * gradient.x - x1 * gradient.y, xx * gradient.y - x1 * gradient.x) / -determinant
    return (gradient, step)
  }
}
