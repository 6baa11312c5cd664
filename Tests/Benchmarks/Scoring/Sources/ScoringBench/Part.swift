import Ockham

/// A part of a decision that the public interface can run by itself. Those of a request contain one another, so that differences
/// between them show what each step takes.
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
  /// Features of a response to a request that is scored already.
  case responseFeatures = "response-features"
  /// The same with table and heads of its tier.
  case response
}

/// What a part is run on: a text as the request or as the response.
struct Input {
  let request: Request
  let response: Response

  init(_ text: String, for part: Part) {
    response = Response(text: text)
    request =
      switch part {
      case .fixedFeatures, .responseFeatures, .response: Request(prompt: "")
      case .words, .grams: Request(segments: [Segment(role: .assistant, text: text)])
      case .features, .score, .route: Request(prompt: text)
      }
  }
}

/// One thread's means to run any part of a decision with one model.
final class PartRunner {
  private let router: Router
  private let wordsOnly: FeatureExtractor
  private var scratch: Scratch
  private var vector: FeatureVector
  private var wordVector: FeatureVector
  private let responses: ResponseExtractor
  private var responseVector: ResponseVector
  /// `nil` for a model without response heads.
  private var responseScratch: ResponseScratch?
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
    responses = ResponseExtractor(model.extractor)
    responseVector = responses.makeVector()
    responseScratch = model.makeResponseScratch()
    // What responses answer.
    var prompts = Prompts(seed: 11)
    model.score(Request(prompt: prompts.next(.english, byteCount: 1_000)), into: &scratch)
  }

  @inline(never) func run(_ part: Part, _ input: Input) {
    let request = input.request
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
    case .responseFeatures:
      responses.extract(input.response, to: scratch.features, into: &responseVector)
      digest &+= responseVector.groupEnds[3]
    case .response:
      if responseScratch == nil { return }
      router.model.score(input.response, of: 0, after: scratch, into: &responseScratch!)
      digest &+= responseScratch!.tier ?? 0
    }
  }
}
