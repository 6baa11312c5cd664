#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The summed cross-entropy of one sample as a function of (slope, intercept).
struct PlattLoss {
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
      sum += weights[row] * Logistic.loss(line.x * logits[row] + line.y, label: targets[row])
    }
    return sum
  }

  /// The gradient and −H⁻¹ g, with 10⁻¹² added to the diagonal of H.
  func newtonStep(_ line: SIMD2<Double>) -> (gradient: SIMD2<Double>, step: SIMD2<Double>) {
    let at = derivatives(line)
    let (xx, ones) = (at.curvature.x, at.curvature.y)
    let determinant = xx * ones - at.mixed * at.mixed
    let step =
      SIMD2(ones * at.gradient.x - at.mixed * at.gradient.y, xx * at.gradient.y - at.mixed * at.gradient.x)
      / -determinant
    return (at.gradient, step)
  }

  /// The same with the slope held fast.
  func interceptStep(_ line: SIMD2<Double>) -> (gradient: SIMD2<Double>, step: SIMD2<Double>) {
    let at = derivatives(line)
    return (SIMD2(0, at.gradient.y), SIMD2(0, -at.gradient.y / at.curvature.y))
  }

  /// First and second derivatives by (slope, intercept).
  struct Derivatives {
    var gradient = SIMD2<Double>.zero
    /// The diagonal of H, and 10⁻¹².
    var curvature = SIMD2<Double>(repeating: 1e-12)
    /// What is off the diagonal.
    var mixed = 0.0
  }

  func derivatives(_ line: SIMD2<Double>) -> Derivatives {
    var result = Derivatives()
    for row in logits.indices {
      let probability = Logistic.sigmoid(line.x * logits[row] + line.y)
      let residual = weights[row] * (probability - targets[row])
      let curvature = weights[row] * probability * (1 - probability)
      result.gradient += SIMD2(residual * logits[row], residual)
      result.curvature += SIMD2(curvature * logits[row] * logits[row], curvature)
      result.mixed += curvature * logits[row]
    }
    return result
  }
}
