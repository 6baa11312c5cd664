import Statistics

/// Platt scaling of several heads at once, with one slope for all and an intercept of each: σ(a · logit[t] + b[t]).
///
/// Gains are differences of heads. Slopes that are fitted independently differ by chance, and that error can reorder the gains;
/// one slope is fitted to the labels of all heads.
struct SharedSlope {
  var maximumIterations = 100

  /// The slope of the least summed loss over all samples, by Newton's method. O(rows · heads · iterations).
  func fit(_ samples: [CalibrationSample]) -> Double {
    let losses = samples.map(PlattLoss.init)
    let lines = Newton(maximumIterations: maximumIterations).minimise(
      from: losses.map(\.start), loss: { Self.value(losses, $0) },
      step: { lines, value in
        let (steps, decrease) = Self.newtonStep(losses, lines)
        guard decrease > 1e-12 * value else { return nil }
        return Newton.Step(decrease: decrease) { part in zip(lines, steps).map { $0 + part * $1 } }
      })
    return lines.first?.x ?? 1
  }

  private static func value(_ losses: [PlattLoss], _ lines: [SIMD2<Double>]) -> Double {
    zip(losses, lines).reduce(0) { $0 + $1.0.value($1.1) }
  }

  /// −H⁻¹ g by head, all with the same slope, and −g · step. H is an arrow: intercepts of two heads do not meet in it.
  private static func newtonStep(
    _ losses: [PlattLoss], _ lines: [SIMD2<Double>]
  ) -> (steps: [SIMD2<Double>], decrease: Double) {
    let all = zip(losses, lines).map { $0.derivatives($1) }
    let curvature = all.reduce(0) { $0 + $1.curvature.x - $1.mixed * $1.mixed / $1.curvature.y }
    let gradient = all.reduce(0) { $0 + $1.gradient.x - $1.mixed * $1.gradient.y / $1.curvature.y }
    let slope = -gradient / max(curvature, 1e-12)
    let steps = all.map { SIMD2(slope, -($0.gradient.y + $0.mixed * slope) / $0.curvature.y) }
    return (steps, zip(all, steps).reduce(0) { $0 - ($1.0.gradient * $1.1).sum() })
  }
}
