/// What the gateway's own traffic was, for anyone who watches it; and what the watch keeps of it, so that neither a restart nor retention loses it.
///
/// Reading and writing block: nothing of it belongs on the path of a request.
protocol WatchStore: Sendable {
  /// The requests of a period that a model decided, by time.
  func requests(_ period: Range<Double>, model: String) throws(TelemetryStoreError) -> [WatchedRequest]

  /// Those of them that an audit drew and that are rated by now, by time.
  func labelled(_ period: Range<Double>, model: String) throws(TelemetryStoreError) -> [WatchedRequest]

  /// When the first request came that a model decided, in seconds since 1970; `nil` where none has.
  func firstRequest(model: String) throws(TelemetryStoreError) -> Double?

  /// What is kept of the days of a model, by day, the reference first.
  func days(model: String) throws(TelemetryStoreError) -> [WatchedDay]

  /// Keeps a day, or the reference, in the place of an earlier one.
  func write(_ day: WatchedDay, model: String) throws(TelemetryStoreError)

  /// The answers to fixed prompts that are kept, by time.
  func canaryAnswers() throws(TelemetryStoreError) -> [CanaryAnswer]

  /// Keeps answers, and deletes those from before a time.
  func write(_ answers: [CanaryAnswer], deletingBefore time: Double) throws(TelemetryStoreError)

  /// Nothing more is asked of the store.
  func close()
}

/// What is known of one request.
struct WatchedRequest: Sendable {
  var id: String
  var time: Double
  var conversation: String?
  /// As telemetry keeps them: features, or the text of the request; neither where it keeps neither.
  var features: [UInt8]?
  var request: String?
  var status: Int
  var answeredTier: String?
  var costUSD: Double?
  var latencyMilliseconds: Double
  /// Qualities that were drawn uniformly, by tier.
  var labels: [String: Double] = [:]
}

/// What is kept of one day, or of the reference.
struct WatchedDay: Sendable {
  /// Days since 1970 in UTC; of the reference its first.
  var day: Int
  var isReference: Bool
  /// A drift reference's file.
  var bytes: [UInt8]
  /// As JSON: see ``WatchedLabel``.
  var labels: String
}

/// One answer of a target to a fixed prompt.
struct CanaryAnswer: Sendable, Hashable {
  var time: Double
  /// The target, and what of its configuration its answers depend on.
  var target: String
  /// Which prompt, with what it expects.
  var prompt: String
  var isGood: Bool
  var costUSD: Double?
}
