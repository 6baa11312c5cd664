/// What moved a request towards an upper tier or away from it.
///
/// The logit of a tier is a sum: bias, measures of structure, n-grams per namespace and, for the MLP kind, a hidden layer.
/// The difference of two tiers' logits is therefore the sum of the differences of these parts, and that is what stands
/// here. Two limits to what it says: calibration bends the logits, so that the parts do not add up to
/// the gain; and they tell what the model weighed, not what makes a request hard.
public struct Explanation: Sendable, Hashable {
  /// logit(upper) − logit(lower), uncalibrated. The parts below add up to it within rounding.
  public var logitDifference: Float

  /// What a request with average structure and no words has.
  public var bias: Float

  /// All measures of structure together, outside of the hidden layer.
  public var dense: Float

  /// What the words of each ``Namespace`` add, in its order [4].
  public var grams: [Float]

  /// The hidden layer's part; it mixes words and structure and is not taken apart. 0 for the logistic kind.
  public var hidden: Float

  /// The measures of structure that add to ``dense``, the largest absolute value first; measures that add nothing are left out.
  public var contributions: [Contribution]

  /// What one measure of structure adds.
  public struct Contribution: Sendable, Hashable {
    /// The measure: an index of ``DenseFeatures/names``.
    public var feature: Int

    /// What it adds to the difference of logits.
    public var value: Float
  }
}
