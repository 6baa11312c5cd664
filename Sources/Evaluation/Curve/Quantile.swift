/// Quantiles by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996; NumPy's default).
enum Quantile {
  /// The quantile at `fraction` of n values that `element` gives in ascending order.
  ///
  /// With h = (n − 1)·fraction, interpolates between the values at ⌊h⌋ and ⌊h⌋ + 1, from the nearer of the two: the
  /// rounding is part of the definition, because the edges of a curve are compared with the values themselves.
  ///
  /// - Precondition: `count` is at least 1 and `fraction` lies in 0…1.
  static func linear(count: Int, fraction: Double, element: (Int) -> Double) -> Double {
    let position = Double(count - 1) * fraction
    let lower = min(Int(position), count - 1)
    let upper = min(lower + 1, count - 1)
    let share = position - Double(lower)
    let (a, b) = (element(lower), element(upper))
    return share >= 0.5 ? b - (b - a) * (1 - share) : a + (b - a) * share
  }

  /// The quantile at `fraction` of values in ascending order.
  static func linear(_ sorted: [Double], fraction: Double) -> Double {
    linear(count: sorted.count, fraction: fraction) { sorted[$0] }
  }
}
