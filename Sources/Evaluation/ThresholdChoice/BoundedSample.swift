/// Independent draws of a number that cannot leave a known range: what a promise about a mean is tested on.
struct BoundedSample {
  /// The draws, in an order that was fixed before they were looked at [n].
  let values: [Double]
  /// The range that no draw can leave; its ends differ.
  let range: ClosedRange<Double>

  /// The mean, or 0 without draws.
  var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
}
