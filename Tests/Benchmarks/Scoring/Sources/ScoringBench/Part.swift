import Ockham

/// A part of a decision that the public interface can run by itself. Parts contain one another, so that differences
/// between them tell what each step takes.
enum Part: String, CaseIterable {
  /// Features of a request without text: what every score pays.
  case fixedFeatures = "fixed-features"
  /// Words and their hashes, each looked up once in the set of buckets; no pairs. The text stands in the history.
  case words
  /// The same with pairs of words.
  case grams
  /// All features: the text is the question, with its marks, lines, classes of words and dense features.
  case features
  /// Features, table and heads.
  case score
  /// Everything: features, table, heads and policy.
  case route
}

/// One thread's means to run any part of a decision with one model.
final class PartRunner {
  private let router: Router
  private let wordsOnly: FeatureExtractor
  private var scratch: Scratch
  private var vector: FeatureVector
  private var wordVector: FeatureVector
  /// Something that depends on every result, so that none can be left out.
  private(set) var digest = 0

  init(_ model: Model) {
    router = Router(model: model)
    scratch = model.makeScratch()
    vector = model.extractor.makeVector()
    var options = model.extractor.options
    options.wordPairs = false
    wordsOnly = FeatureExtractor(options: options)
    wordVector = wordsOnly.makeVector()
  }

  /// The request as a part wants it.
  static func request(_ prompt: String, for part: Part) -> Request {
    switch part {
    case .fixedFeatures: Request(prompt: "")
    case .words, .grams: Request(segments: [Segment(role: .assistant, text: prompt)])
    case .features, .score, .route: Request(prompt: prompt)
    }
  }

  @inline(never) func run(_ part: Part, _ request: Request) {
    switch part {
    case .words:
      wordsOnly.extract(request, into: &wordVector)
      digest &+= wordVector.groupEnds[3]
    case .fixedFeatures, .grams, .features:
      router.model.extractor.extract(request, into: &vector)
      digest &+= vector.groupEnds[3]
    case .score:
      router.model.score(request, into: &scratch)
      digest &+= Int(scratch.probabilities[0].bitPattern)
    case .route: digest &+= router.route(request, using: &scratch).tier
    }
  }
}
