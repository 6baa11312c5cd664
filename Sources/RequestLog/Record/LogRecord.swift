package import Ockham

/// One record of a request log: a request and what is known of how models answered it.
///
/// Everything but the request may be missing: a log without outcomes can still be routed.
package struct LogRecord: Sendable, Hashable {
  /// The record's name, unique in its log. A record without one is named `<file name>:<line>` when it is read; a
  /// numeric id is taken as its text.
  package var id: String

  /// The set, customer or endpoint that the record comes from: what reports group by.
  package var dataset: String?

  /// What was asked; without segments where only its ``features`` were kept.
  package var request: Request

  /// All that was asked beside the messages, where an import keeps it. Readers of logs leave it out: see ``RawLineReader``.
  package var settings: RequestSettings?

  /// The right answer, where an import keeps it. Readers of logs leave it out, as they do ``settings``.
  package var reference: String?

  /// The schemas that the request gives, where answers are kept that can be held against them.
  package var asked: AskedSchemas?

  /// The request's features where its text was not kept; `nil` where ``request`` says all.
  package var features: StoredFeatures?

  /// What models or tiers answered, in the order of the log; each name once.
  package var outcomes: [ModelOutcome]

  /// The lowest tier that is good enough, where a person or a judge said so.
  package var tier: String?

  /// How much the record counts in training and evaluation; finite and above 0.
  package var weight: Float

  /// The kind of work, where it is labelled.
  package var task: TaskKind?

  /// The probability with which the logged decision was taken, above 0 and at most 1.
  package var propensity: Double?

  /// When the request was made: an ISO 8601 date or date-time, as given. Seconds since 1970 in a log are read as UTC.
  package var timestamp: String?

  /// The model or tier whose answer the client got, where the log says so: see ``servedName``.
  package var served: String?

  /// The models or tiers that the request could have gone to, where the log says so: see ``allows(_:)``.
  package var allowed: [String]?

  /// Whether chance could have drawn another tier, where the log says so: see ``isEligible``. False for pins, for rules
  /// and for turns of a conversation that keeps its tier.
  package var eligible: Bool?

  /// The conversation that the request is a turn of.
  package var conversation: String?

  /// The hash of all that decided: model, thresholds, rules, prices.
  package var policyHash: String?

  /// Whether the client got an error in place of an answer, where the log says so.
  package var failed: Bool?

  /// The attempts of a cascade, in order.
  package var steps: [CascadeStep]?

  /// The rate of labels on disagreements when the request was drawn for one, above 0 and at most 1: the intensity of the request
  /// aside, which an outcome's `inclusion` holds too.
  package var labelRate: Double?

  /// The share of requests that were audited when the request was, 0…1.
  package var auditRate: Double?

  /// Creates a record; the defaults are those of a log that does not say. How it was routed is set afterwards.
  package init(
    id: String, dataset: String? = nil, request: Request, outcomes: [ModelOutcome] = [], tier: String? = nil,
    weight: Float = 1, task: TaskKind? = nil, propensity: Double? = nil, timestamp: String? = nil
  ) {
    self.id = id
    self.dataset = dataset
    self.request = request
    self.outcomes = outcomes
    self.tier = tier
    self.weight = weight
    self.task = task
    self.propensity = propensity
    self.timestamp = timestamp
  }
}

extension LogRecord {
  /// Bytes of all messages' text.
  package var textBytes: Int { features?.textBytes ?? request.textBytes }

  /// ``Ockham/Request/contentHash`` of what was asked.
  package var contentHash: UInt64 { features?.contentHash ?? request.contentHash }
}
