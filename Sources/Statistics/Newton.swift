/// Newton's method with backtracking: the step is halved until the loss falls by a share of what its slope guarantees
/// (Armijo 1966), so that a convex loss is minimised from any start.
package struct Newton: Sendable {
  /// The most steps; 10 are usual.
  package var maximumIterations: Int

  /// The share of the guaranteed decrease that a step must keep.
  private static let keptShare = 1e-4
  /// The shortest part of a step that is tried.
  private static let shortestPart = 1e-10

  package init(maximumIterations: Int) { self.maximumIterations = maximumIterations }

  /// A direction to go: the decrease that its slope guarantees, −gᵀs > 0, and the point at a part of the way.
  package struct Step<Point> {
    package var decrease: Double
    package var point: (_ part: Double) -> Point

    package init(decrease: Double, point: @escaping (_ part: Double) -> Point) {
      self.decrease = decrease
      self.point = point
    }
  }

  /// The point of the least loss.
  ///
  /// - Parameters:
  ///   - start: where to begin.
  ///   - loss: convex and finite at every point.
  ///   - step: the Newton step at a point of a loss; `nil` where the point is good enough.
  /// - Returns: the last point that lowered the loss; `start` where none did.
  /// - Complexity: O(iterations) calls of `step`, and of `loss` at most 34 times as many.
  package func minimise<Point>(
    from start: Point, loss: (Point) -> Double, step: (_ point: Point, _ value: Double) -> Step<Point>?
  ) -> Point {
    var point = start
    var value = loss(point)
    for _ in 0..<maximumIterations {
      guard let step = step(point, value), let next = backtrack(step, from: value, loss) else { break }
      (point, value) = next
    }
    return point
  }

  private func backtrack<Point>(
    _ step: Step<Point>, from value: Double, _ loss: (Point) -> Double
  ) -> (Point, Double)? {
    var part = 1.0
    while part >= Self.shortestPart {
      let candidate = step.point(part)
      let found = loss(candidate)
      if found < value - Self.keptShare * part * step.decrease { return (candidate, found) }
      part /= 2
    }
    return nil
  }
}
