package import ChatProtocols

extension TelemetryRecorder {
  /// Takes an outcome that a client reports, of a request of its own or as the administrator; it is written with the next
  /// batch, in the place of what the same key said before.
  ///
  /// - Throws: ``GatewayError/Code/unknownRequestID`` (404) where no such request of the key is written or waits,
  ///   ``GatewayError/Code/invalidValue`` (400) for a quality outside 0…1, ``GatewayError/Code/overloaded`` (503) where
  ///   the queue is full or the store cannot be read.
  package func feedback(_ feedback: Feedback) async throws(GatewayError) {
    guard feedback.quality >= 0, feedback.quality <= 1 else { throw Self.badQuality }
    guard let owner = try await owner(of: feedback.requestID),
      feedback.isAdministrators || owner.key == feedback.key
    else { throw Self.unknownRequest }
    guard let call = queue.withLock({ $0.add(feedback) }) else { throw Self.unavailable }
    self.call(call)
  }

  /// Takes a person's rating, which its caller may give; it is written with the next batch.
  ///
  /// - Throws: as ``feedback(_:)``.
  package func rate(_ rating: GivenRating) async throws(GatewayError) {
    guard rating.quality >= 0, rating.quality <= 1 else { throw Self.badQuality }
    guard try await owner(of: rating.requestID) != nil else { throw Self.unknownRequest }
    guard let call = queue.withLock({ $0.add(rating) }) else { throw Self.unavailable }
    self.call(call)
  }

  /// An id leaves the queue only once it is in the store, so one look at each, in this order, misses none.
  private func owner(of id: String) async throws(GatewayError) -> RequestOwner? {
    if let waiting = queue.withLock({ $0.owner(of: id) }) { return waiting }
    do throws(TelemetryStoreError) { return try await store.owner(of: id) } catch { throw Self.unavailable }
  }

  private static let unknownRequest = GatewayError(
    .unknownRequestID,
    message: "expected the id of a request of your own that this gateway answered and still keeps, found another; "
      + "send the x-ockham-request-id of the answer", param: "request_id")

  private static let badQuality = GatewayError(
    .invalidValue, message: "expected a quality from 0 to 1, found another number", param: "quality")

  private static let unavailable = GatewayError(
    .overloaded, message: "feedback cannot be taken at the moment; send it again later", retryAfterSeconds: 1)
}
