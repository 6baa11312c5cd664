/// The names of a response's dense features, and what names them all in a model file.
public enum ResponseFeatures {
  /// Names in their order: those of the text, as ``DenseFeatures/names`` has them, with `text_` before them; then those of
  /// responses alone.
  public static let names: [String] = DenseFeatures.names.map { "text_" + $0 } + ownNames

  /// The features behind those of the text.
  static let ownNames: [String] = {
    var sink = NameSink()
    ResponseStatistics(ResponseFacts()).describe(to: &sink)
    return sink.names
  }()

  /// The features that look at form alone: whether the text is whole, ends as it should, and holds what was demanded.
  package static let formFeatures =
    DenseFeatures.names.count..<DenseFeatures.names.count + ResponseStatistics.formCount

  /// The features that say how sure a model was of its tokens.
  static let logprobFeatures: [Int] = [
    "mean_logprob_known", "mean_logprob", "minimum_logprob_known", "minimum_logprob", "logprob_spread_known",
    "logprob_spread",
  ].compactMap { name in names.firstIndex { $0 == name } }

  /// Raised whenever the same response would make other features.
  static let version = 1

  /// Sixteen hexadecimal digits that cover everything that changes a feature of a response; models with response heads that
  /// name others are refused.
  public static let fingerprint: String = {
    var hash = WordHash.hash(
      word: Array(
        "response \(version) features \(FeatureSchema.fingerprint) window \(ClosingScan.readBytes) \(ClosingScan.endingBytes)"
          .utf8))
    for name in ownNames { hash = WordHash.pair(hash, WordHash.hash(word: Array(name.utf8))) }
    for cue in AnswerCue.allCases {
      hash = WordHash.pair(hash, WordHash.hash(word: Array(cue.words.description.utf8)))
    }
    return hexadecimal(hash)
  }()
}
