/// What moved a request towards an upper tier or away from it.
///
/// The logit of a tier is a sum: bias, measures of structure, n-grams per namespace and, for the MLP kind, a hidden layer.
/// The difference of two tiers' logits is therefore the sum of the differences of these parts, and that is what stands
/// here:
///
///     logitDifference = bias + dense + nGrams.system + … + nGrams.tools + hidden      within rounding
///
/// Two limits to what it says: calibration bends the logits, so that the parts do not add up to
/// the gain; and they say what the model weighed, not what makes a request hard.
public struct Explanation: Sendable, Hashable {
  /// logit(upper) − logit(lower), uncalibrated. The parts below add up to it within rounding.
  public var logitDifference: Float

  /// What a request with average structure and no words has.
  public var bias: Float

  /// All measures of structure together, outside of the hidden layer.
  public var dense: Float

  /// What the words add, by where they stand.
  public var nGrams: NGrams

  /// The hidden layer's part; it mixes words and structure and is not split. 0 for the logistic kind.
  public var hidden: Float

  /// The measures of structure that add to ``dense``, the largest absolute value first; measures that add nothing are left out.
  public var contributions: [Contribution]

  /// What one measure of structure adds.
  public struct Contribution: Sendable, Hashable {
    /// The measure: one of ``DenseFeatures/names``; in what explains a response one of ``ResponseFeatures/names``, or `logit of NAME` for
    /// what the request alone says of the tier NAME.
    public var name: String

    /// What it adds to the difference of logits.
    public var value: Float

    /// Its place among the names.
    package var feature: Int
  }

  /// What words add to the difference of logits, by ``Namespace``.
  public struct NGrams: Sendable, Hashable {
    /// Those of system messages; 0 in what explains a response.
    public var system: Float
    /// Those of the last user message, or of a response's text.
    public var question: Float
    /// Those of all other messages, or of the arguments of a response's calls.
    public var history: Float
    /// Those of tool names.
    public var tools: Float

    /// All of them.
    public var sum: Float { system + question + history + tools }
  }
}

extension Explanation.NGrams {
  /// Asks for each namespace in the order of ``Namespace``.
  init(_ value: (Namespace) -> Float) {
    (system, question) = (value(.system), value(.question))
    (history, tools) = (value(.history), value(.tools))
  }

  /// What the words of one namespace add.
  public subscript(_ namespace: Namespace) -> Float {
    switch namespace {
    case .system: system
    case .question: question
    case .history: history
    case .tools: tools
    }
  }
}

extension Explanation {
  /// The largest absolute value first, equal ones in the order of their features.
  static func ordered(
    _ parts: [(feature: Int, value: Float)], named name: (Int) -> String
  ) -> [Contribution] {
    parts.sorted { ($1.value.magnitude, $0.feature) < ($0.value.magnitude, $1.feature) }
      .map { Contribution(name: name($0.feature), value: $0.value, feature: $0.feature) }
  }
}
