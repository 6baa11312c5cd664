import HummingbirdCore

/// Takes a request from its arrival to the last byte of its answer.
protocol RequestHandler: Sendable {
  /// Throws where the connection fails, and for nothing else: what goes wrong is an answer too.
  func serve(_ arrival: Arrival, _ writer: consuming ResponseWriter) async throws
}
