import Foundation
import Testing

@testable import Statistics

@Suite struct NewtonTests {
  /// x ↦ log(e^x + e^−x) is convex, and plain Newton steps leave it from |x| > 1.09.
  @Test(arguments: [-50, -3, -1.2, 0, 0.3, 2, 40] as [Double])
  func backtrackingFindsTheMinimumFromFarAway(start: Double) {
    func loss(_ x: Double) -> Double { abs(x) + log1p(exp(-2 * abs(x))) }
    let found = Newton(maximumIterations: 200).minimise(from: start, loss: loss) { x, _ in
      let slope = tanh(x)
      guard abs(slope) > 1e-12 else { return nil }
      let step = -slope / max(1 - slope * slope, 1e-9)
      return Newton.Step(decrease: -slope * step) { x + $0 * step }
    }
    #expect(abs(found) < 1e-9, "from \(start)")
  }

  @Test func stopsWhereNoStepLowersTheLoss() {
    var calls = 0
    let found = Newton(maximumIterations: 10).minimise(from: 1.0, loss: { _ in 3.0 }) { x, _ in
      calls += 1
      return Newton.Step(decrease: 1) { x + $0 }
    }
    #expect(found == 1 && calls == 1)
  }

  @Test func takesNoMoreStepsThanAllowed() {
    var calls = 0
    _ = Newton(maximumIterations: 3).minimise(from: 100.0, loss: { $0 * $0 }) { x, _ in
      calls += 1
      return Newton.Step(decrease: x * x / 5) { x - $0 * x / 10 }
    }
    #expect(calls == 3)
  }

  private func tanh(_ x: Double) -> Double {
    let e = exp(-2 * abs(x))
    return (x < 0 ? -1 : 1) * (1 - e) / (1 + e)
  }

}
