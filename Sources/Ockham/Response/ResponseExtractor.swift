/// Turns a response, and the request that it answers, into features. The trainer and the scorer share this one.
///
/// The text is read as a question is, tool calls' arguments as a history, their tools' names as tools; beside that stands what
/// only an answer has: how it ends, what of the request it takes up, what is known of it. Of the request its features are
/// read, not its text.
///
/// - Complexity: as ``FeatureExtractor``, and O(buckets of the question). No allocation in steady use.
public struct ResponseExtractor: Sendable {
  /// What the request's features were found with.
  public let extractor: FeatureExtractor

  /// The buckets of the words of all ``AnswerCue``s, one after the other.
  private let cueBuckets: [UInt32]
  /// Where each one's end.
  private let cueEnds: InlineArray<4, Int>
  private let places = DensePlaces()

  /// Creates an extractor for responses to requests whose features `extractor` found.
  public init(_ extractor: FeatureExtractor) {
    self.extractor = extractor
    let cues = AnswerCue.allCases.map { $0.buckets(extractor.options) }
    cueBuckets = cues.flatMap { $0 }
    cueEnds = InlineArray { cue in cues[...cue].reduce(0) { $0 + $1.count } }
  }

  /// A vector for use with this extractor.
  public func makeVector() -> ResponseVector { ResponseVector(options: extractor.options) }

  /// Extracts the features of `response` into `vector`, replacing what was there.
  ///
  /// - Parameter request: the features of the request that is answered, found by the same extractor or one like it.
  public func extract(_ response: Response, to request: FeatureVector, into vector: inout ResponseVector) {
    extract(content: response, to: request, into: &vector)
  }

  /// Extracts the features of a response wherever its texts lie.
  func extract(content response: some ResponseContent, to request: FeatureVector, into vector: inout ResponseVector) {
    var text = TextStatistics()
    var own = ResponseStatistics(response.facts)
    let window = measure(response, &text, &own)
    vector.content.bucketSet.removeAll()
    vector.content.groupEnds[0] = 0
    response.withText { scan($0, window, request, &vector, &text, &own) }
    scanCalls(response, window, &vector, &text)
    own.braces = text.count("{") - text.count("}")
    own.brackets = text.count("[") - text.count("]")
    own.parentheses = text.count("(") - text.count(")")
    own.fences = text.fences
    vector.content.describe(&text, RequestAttributes())
    places.compare(vector.content.dense, request.dense, into: &own)
    vector.describe(own)
  }

  private func measure(
    _ response: some ResponseContent, _ text: inout TextStatistics, _ own: inout ResponseStatistics
  ) -> TextWindow {
    text.questionBytes = response.textByteCount
    own.calls = response.callCount
    for call in 0..<response.callCount { text.historyBytes += response.argumentByteCount(ofCall: call) }
    let window = TextWindow(totalBytes: text.questionBytes + text.historyBytes)
    text.omittedBytes = window.omittedBytes
    return window
  }

  /// Reads the text: its grams, what they share with the question's, and how it closes.
  private func scan(
    _ bytes: Span<UInt8>, _ window: TextWindow, _ request: FeatureVector, _ vector: inout ResponseVector,
    _ text: inout TextStatistics, _ own: inout ResponseStatistics
  ) {
    scan(bytes, from: 0, window, of: .question, into: &vector.content.bucketSet, statistics: &text)
    let place = Namespace.question.rawValue
    let question = request.bucketSet.storage.span.extracting(request.groupEnds[place - 1]..<request.groupEnds[place])
    own.queryNGrams = question.count
    own.commonGrams = vector.asked.insert(question, counting: vector.content.bucketSet.marks)
    countCues(vector.content.bucketSet.marks, &own)
    own.textGrams = vector.content.bucketSet.endGroup()
    vector.content.groupEnds[place] = own.textGrams
    text.distinctGrams = own.textGrams
    let options = extractor.options
    own.closing.run(bytes) { vector.asked.contains(options.bucket(of: $0, in: .question)) }
    vector.asked.clear(question)
    own.isEmpty = own.closing.lastByte == 0
  }

  private func countCues(_ marks: BucketMarks, _ own: inout ResponseStatistics) {
    var start = 0
    for cue in cueEnds.indices {
      own.cues[cue] = marks.count(in: cueBuckets.span.extracting(start..<cueEnds[cue]))
      start = cueEnds[cue]
    }
  }

  private func scanCalls(
    _ response: some ResponseContent, _ window: TextWindow, _ vector: inout ResponseVector,
    _ text: inout TextStatistics
  ) {
    var offset = response.textByteCount
    for call in 0..<response.callCount {
      response.withArguments(ofCall: call) {
        scan($0, from: offset, window, of: .history, into: &vector.content.bucketSet, statistics: &text)
      }
      offset += response.argumentByteCount(ofCall: call)
    }
    vector.content.groupEnds[Namespace.history.rawValue] = vector.content.bucketSet.endGroup()
    var budget = FeatureExtractor.toolNameBytes
    for call in 0..<response.callCount where budget > 0 {
      response.withName(ofCall: call) { name in
        let count = min(budget, name.count)
        extractor.scan(name, 0..<count, of: .tools, into: &vector.content.bucketSet, statistics: &text)
        budget -= count
      }
    }
    vector.content.groupEnds[Namespace.tools.rawValue] = vector.content.bucketSet.endGroup()
  }

  /// Scans what the window leaves of the text, which begins at `offset`.
  private func scan(
    _ bytes: Span<UInt8>, from offset: Int, _ window: TextWindow, of namespace: Namespace, into set: inout BucketSet,
    statistics text: inout TextStatistics
  ) {
    let (head, tail) = window.readable(offset: offset, count: bytes.count)
    if !head.isEmpty { extractor.scan(bytes, head, of: namespace, into: &set, statistics: &text) }
    if !tail.isEmpty { extractor.scan(bytes, tail, of: namespace, into: &set, statistics: &text) }
  }
}

/// Where dense features of texts stand that a response is compared by.
private struct DensePlaces: Sendable {
  private let scripts: [Int]
  private let languages: [Int]
  private let bytes: Int
  private let choices: Int
  private let json: Int
  private let tools: Int

  init() {
    func place(_ name: String) -> Int {
      guard let place = DenseFeatures.names.firstIndex(of: name) else { preconditionFailure("no feature \(name)") }
      return place
    }
    scripts = [
      "latin_extended_share", "greek_cyrillic_share", "semitic_share", "indic_share", "kana_share", "han_share",
      "hangul_share",
    ].map(place)
    languages = ["function_word_share", "foreign_function_word_share"].map(place)
    (bytes, choices) = (place("question_bytes"), place("choice_lines"))
    (json, tools) = (place("wants_json"), place("tools"))
  }

  /// Sums are taken in the order of the features.
  func compare(_ text: [Float], _ request: [Float], into own: inout ResponseStatistics) {
    for place in scripts { own.scriptDistance += abs(text[place] - request[place]) }
    for place in languages { own.languageDistance += abs(text[place] - request[place]) }
    (own.askedBytes, own.askedChoices) = (request[bytes], request[choices])
    (own.askedJSON, own.askedTools) = (request[json], request[tools])
  }
}
