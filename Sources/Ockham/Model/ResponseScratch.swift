/// Working storage for scoring responses, and where the results are read.
///
/// Make one per thread with ``Model/makeResponseScratch()`` and use it for response after response: once its buffers have grown
/// to the largest response seen, scoring allocates nothing.
public struct ResponseScratch: Sendable {
  /// The features of the last response.
  public internal(set) var features: ResponseVector

  /// The tier that gave the last response; `nil` before the first.
  public internal(set) var tier: Int?

  /// P(good) of the last response, then of what each tier above would answer, cheapest first [T − tier]; calibrated. Empty
  /// before the first.
  public var probabilities: [Float] { tier.flatMap { buffers[$0]?.probabilities } ?? [] }

  /// The uncalibrated logits behind ``probabilities``.
  public var logits: [Float] { tier.flatMap { buffers[$0]?.logits } ?? [] }

  /// By tier; `nil` for one without a head.
  var buffers: [ResponseBuffers?]

  init(_ responses: ResponseHeads) {
    features = responses.extractor.makeVector()
    buffers = responses.heads.map { $0.map(ResponseBuffers.init) }
  }
}
