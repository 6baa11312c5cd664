/// Turns requests into features. The trainer and the scorer share this one implementation, so that a model cannot be
/// served with other features than it was trained on.
///
/// An extractor is immutable and may be shared between threads; each thread brings its own ``FeatureVector``.
///
/// - Complexity: O(bytes) up to the 32 KiB of the window, O(segments) beyond. No allocation once the vector has grown to
///   the largest request it has seen. Text that is not stored as contiguous UTF-8 (bridged strings) is copied.
public struct FeatureExtractor: Sendable {
  /// The choices that the features depend on.
  public let options: FeatureOptions
  private let lexicon: Lexicon

  /// Creates an extractor.
  ///
  /// - Precondition: `options.bucketBits` is within ``FeatureOptions/bucketBitsRange``.
  public init(options: FeatureOptions = FeatureOptions()) {
    precondition(FeatureOptions.bucketBitsRange.contains(options.bucketBits), "bucketBits out of range")
    self.options = options
    lexicon = Lexicon()
  }

  /// A vector for use with this extractor.
  public func makeVector() -> FeatureVector { FeatureVector(options: options) }

  /// Extracts the features of `request` into `vector`, replacing what was there.
  public func extract(_ request: Request, into vector: inout FeatureVector) {
    extract(content: request, into: &vector)
  }

  /// Extracts the features of a request wherever its texts lie.
  func extract(content request: some RequestContent, into vector: inout FeatureVector) {
    vector.bucketSet.removeAll()
    var statistics = TextStatistics()
    let question = (0..<request.segmentCount).last { request.role(ofSegment: $0) == .user }
    let window = measure(request, question: question, into: &statistics)
    for namespace in Namespace.allCases {
      if namespace == .tools {
        scanTools(request.attributes.toolNames, into: &vector.bucketSet, &statistics)
      } else {
        scanSegments(request, of: namespace, question: question, window: window, &vector.bucketSet, &statistics)
      }
      let start = namespace.rawValue == 0 ? 0 : vector.groupEnds[namespace.rawValue - 1]
      vector.groupEnds[namespace.rawValue] = vector.bucketSet.endGroup()
      if namespace == .question { statistics.distinctGrams = vector.groupEnds[namespace.rawValue] - start }
    }
    vector.describe(&statistics, request.attributes)
  }
}

extension FeatureExtractor {
  /// Counts bytes and turns; says which part of the text will be read.
  private func measure(
    _ request: some RequestContent, question: Int?, into statistics: inout TextStatistics
  ) -> TextWindow {
    var total = 0
    for index in 0..<request.segmentCount {
      let count = request.byteCount(ofSegment: index)
      total += count
      switch request.role(ofSegment: index) {
      case .system: statistics.systemBytes += count
      case .user:
        statistics.userTurns += 1
        if index == question { statistics.questionBytes = count } else { statistics.historyBytes += count }
      case .assistant:
        statistics.assistantTurns += 1
        statistics.historyBytes += count
      case .tool:
        statistics.toolResults += 1
        statistics.historyBytes += count
      }
    }
    let window = TextWindow(totalBytes: total)
    statistics.omittedBytes = window.omittedBytes
    return window
  }

  private func scanSegments(
    _ request: some RequestContent, of namespace: Namespace, question: Int?, window: TextWindow,
    _ set: inout BucketSet, _ statistics: inout TextStatistics
  ) {
    var offset = 0
    for index in 0..<request.segmentCount {
      let count = request.byteCount(ofSegment: index)
      defer { offset += count }
      let role = request.role(ofSegment: index)
      guard Self.namespace(of: role, isQuestion: index == question) == namespace else { continue }
      let (head, tail) = window.readable(offset: offset, count: count)
      request.withText(ofSegment: index) { text in
        if !head.isEmpty { scan(text, head, of: namespace, into: &set, statistics: &statistics) }
        if !tail.isEmpty { scan(text, tail, of: namespace, into: &set, statistics: &statistics) }
      }
    }
  }

  private static func namespace(of role: Role, isQuestion: Bool) -> Namespace {
    if isQuestion { return .question }
    return role == .system ? .system : .history
  }

  /// Scans one part of a message.
  func scan(
    _ text: Span<UInt8>, _ range: Range<Int>, of namespace: Namespace,
    into set: inout BucketSet, statistics: inout TextStatistics
  ) {
    var scan = PartScan(range, of: namespace, options: options)
    set.write(atMost: NGramWriter.most(bytes: range.count, options: options)) { writer in
      lexicon.read { scan.run(text, lexicon: $0, writer: &writer, statistics: &statistics) }
    }
  }

  /// Tool names are read up to this many bytes in all.
  static let toolNameBytes = 4_096

  private func scanTools(
    _ names: [String], into set: inout BucketSet, _ statistics: inout TextStatistics
  ) {
    var budget = Self.toolNameBytes
    for name in names {
      let text = name.utf8.span
      let count = min(budget, text.count)
      scan(text, 0..<count, of: .tools, into: &set, statistics: &statistics)
      budget -= count
      if budget == 0 { return }
    }
  }
}
