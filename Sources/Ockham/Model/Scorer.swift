/// A model that any number of threads and tasks score with at once.
///
///     let scorer = Scorer(model)
///     let probabilities = scorer.score(request) { $0.probabilities }
///
/// A ``Scratch`` belongs to one thread at a time, which says little where tasks move between threads. A scorer lends one out of its own
/// pool for the time of a call: no caller waits for another, and none keeps one beyond the call. Copies of a ``Router`` share one scorer.
///
/// - Complexity: a call costs that of the scratch that it lends and some tens of nanoseconds. It allocates nothing once as many scratches
///   were made as calls run at once, up to 64, each grown to its largest request; a call beyond those makes a scratch and drops it. A scratch
///   takes about `2^bucketBits / 8` bytes and what its model's heads need: see ``Model/makeScratch()``.
public final class Scorer: Sendable {
  /// The model that scores.
  public let model: Model

  private let pool = ScratchPool()

  /// Creates a scorer; its first scratch is made by its first call.
  public init(_ model: Model) { self.model = model }

  /// Scores a request and reads the result.
  ///
  /// - Parameter read: is lent the scratch that the request was scored into, whose results last as long as the call.
  /// - Complexity: that of ``Model/score(_:into:)``.
  public func score<Result, Failure: Error>(
    _ request: Request, _ read: (Scratch) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withScratch { (scratch) throws(Failure) in
      model.score(request, into: &scratch)
      return try read(scratch)
    }
  }

  /// Scores a request and explains it: why `upper` looks better than `lower` (values above 0) or worse.
  ///
  /// - Precondition: both tiers exist.
  /// - Complexity: that of ``Model/explain(_:from:to:)`` and of a score. Allocates.
  public func explain(_ request: Request, from lower: Int, to upper: Int) -> Explanation {
    score(request) { model.explain($0, from: lower, to: upper) }
  }

  /// Lends a scratch for the time of a call; it holds what its last borrower left there.
  public func withScratch<Result, Failure: Error>(
    _ body: (inout Scratch) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let lent = pool.take() ?? PooledScratch(model)
    defer { pool.putBack(lent) }
    return try body(&lent.scratch)
  }

  /// Lends a scratch and one for responses, which is `nil` for a model without response heads.
  public func withScratches<Result, Failure: Error>(
    _ body: (inout Scratch, inout ResponseScratch?) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let lent = pool.take() ?? PooledScratch(model)
    defer { pool.putBack(lent) }
    return try body(&lent.scratch, &lent.responses)
  }
}
