/// Keeps what happened to requests: a log to train on, and the gateway's own rows beside it.
///
/// The recorder queues, forms batches and retries, the same for every kind; a kind writes rows that are made already,
/// and reads them back. What every kind guarantees, and one body of tests holds each to:
/// - A batch is there as a whole or not at all; what ``write(_:)`` has returned from, readers see.
/// - An id that is written already is skipped, and so is feedback for a request that is not there.
/// - Of several outcomes of one name the first counts; the last feedback is the quality of the answer that was rated, and of
///   several from one key the last is kept.
/// - A label, too, is skipped where its request is not there; the last of several counts. What it says of quality wins over
///   feedback, which selects itself, whichever comes first; of dollars, tokens and time it adds what was not known.
/// - A person's rating is skipped where its request is not there; it stands beside its outcome, in the place of what the same
///   rater said before, and is never the outcome's quality.
/// - What was spent is added up per key and UTC day, and outlives the requests.
///
/// Writing blocks, as SQLite and libpq do, and is called by one thread at a time, which waits for nothing else. Reading is
/// called by requests and must not block them.
protocol TelemetryStore: Sendable {
  /// Writes a batch in one transaction.
  func write(_ batch: TelemetryBatch) throws(TelemetryStoreError)

  /// Deletes the oldest requests from before a time in seconds since 1970, with all that belongs to them; returns how
  /// many, at most `limit`.
  func deleteRequests(before time: Double, limit: Int) throws(TelemetryStoreError) -> Int

  /// Deletes what is kept of a conversation, or a key's, with all that belongs to it; returns how many requests. Of a key at most
  /// `limit` at once, and with the last of them its name in what was spent: the dollars stay, as no one's.
  func forget(_ subject: ForgottenSubject, limit: Int) throws(TelemetryStoreError) -> Int

  /// Who asked a request that is written and not deleted yet; `nil` for one that is not known.
  func owner(of id: String) async throws(TelemetryStoreError) -> RequestOwner?

  /// Whether what is written still goes where it was opened: not where a file was deleted or replaced since.
  var isInPlace: Bool { get }

  /// Everything that is kept of a request; `nil` for one that is not known.
  func request(_ id: String) async throws(TelemetryStoreError) -> StoredRequest?

  /// What decided the requests that were ever written, by when it was first met; retention leaves it.
  func policies() async throws(TelemetryStoreError) -> [TelemetryRow]

  /// What labels took of requests that came at a time, in seconds since 1970, and later.
  func labelSpending(since time: Double) async throws(TelemetryStoreError) -> LabelSpending

  /// Requests of a canary in the order in which they were written, from behind a number on.
  func canaryTurns(of canary: String, after number: Int, limit: Int) async throws(TelemetryStoreError)
    -> [LoggedCanaryTurn]

  /// The same of some requests, as they are now; those that are gone are left out.
  func canaryTurns(ofRequests ids: [String]) async throws(TelemetryStoreError) -> [LoggedCanaryTurn]

  /// Requests in an experiment of a design in the order in which they were written, from behind a number on.
  func experimentTurns(
    of design: String, after number: Int, limit: Int
  ) async throws(TelemetryStoreError) -> [LoggedExperimentTurn]

  /// The same of some requests, as they are now; those that are gone are left out.
  func experimentTurns(
    of design: String, requests ids: [String]
  ) async throws(TelemetryStoreError) -> [LoggedExperimentTurn]

  /// What keys used on the given UTC day and later, by day and then key.
  func spending(sinceDay day: Int) async throws(TelemetryStoreError) -> [KeySpending]

  /// Nothing more is asked of the store.
  func close()
}

extension TelemetryStore {
  var isInPlace: Bool { true }
}

/// Whose request it is.
struct RequestOwner: Sendable, Hashable {
  /// The virtual key's name; `nil` where none was asked for.
  var key: String?
}

/// What labels took: answers of other tiers, and judges.
package struct LabelSpending: Sendable, Hashable {
  package var labels = 0
  package var costUSD = 0.0
  package var judgeUSD = 0.0
  /// Answers whose cost is not known, and missing from ``costUSD``.
  package var unpriced = 0

  package init() {}
}

/// Whose requests are to be forgotten.
package enum ForgottenSubject: Sendable, Hashable {
  /// By its name in the log, or by the id of any of its requests.
  case conversation(String)
  /// By the virtual key's name; `keepsBudget` leaves what its limits count: it is still in use.
  case key(String, keepsBudget: Bool)
}

/// What a store writes in one transaction, in this order.
struct TelemetryBatch: Sendable {
  enum Entry: Sendable {
    case request(TelemetryRecord)
    case feedback(Feedback)
    case label(ShadowLabel)
    case rating(GivenRating)
  }

  var entries: [Entry] = []
  var spending: [KeySpending] = []

  /// What decided the batch's requests, each once.
  var policies: [TelemetryRow] {
    var seen: Set<TelemetryValue> = []
    return entries.compactMap { entry in
      guard case .request(let record) = entry, let policy = record.policy, seen.insert(policy["policy_hash"]).inserted
      else { return nil }
      return policy
    }
  }
}

/// What a store gives back of a request.
struct StoredRequest: Sendable {
  /// The outcomes' qualities are those of the last feedback.
  var record: TelemetryRecord
  /// In the order in which it came.
  var feedback: [Feedback]
  /// Of the table `labels`; `nil` for a request that was never drawn.
  var label: TelemetryRow?
  /// In the order in which they came, each with its name.
  var personRatings: [GivenRating] = []
}

/// Why a store did not do what it was asked to. Never a text of a request or a statement's arguments.
enum TelemetryStoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Not now: the same may succeed in a moment.
  case busy(String)
  /// Not this.
  case refused(String)

  var description: String {
    switch self {
    case .busy(let text), .refused(let text): text
    }
  }
}
