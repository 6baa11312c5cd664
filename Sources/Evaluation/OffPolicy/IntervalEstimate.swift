/// An estimate with the range in which the true value lies with a stated confidence.
package struct IntervalEstimate: Sendable, Equatable {
  /// The estimate.
  package var value: Double
  /// The lower end.
  package var low: Double
  /// The upper end.
  package var high: Double

  package init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }
}
