import Evaluation

/// Reads what an audit is made of. It shares nothing with what requests write and read: an audit that takes long holds up no one.
///
/// Reading blocks: nothing of it belongs on the path of a request.
protocol AuditStore: Sendable {
  /// Cells of whole hours, with requests by name and a sample of those that were weighed.
  /// - Parameter isByDay: whether cells of a day are brought together, under its first hour.
  func traffic(
    _ hours: Range<Int>, tierNames: [String], isByDay: Bool
  ) throws(TelemetryStoreError) -> Traffic

  /// Requests of some hours, by an order.
  func requests(_ query: TrafficQuery) throws(TelemetryStoreError) -> [TrafficRow]

  /// Requests of some hours that were rated under two tiers or more, and of which the answers are kept, by id.
  func pairs(_ hours: Range<Int>) throws(TelemetryStoreError) -> [RatedPair]

  /// Nothing more is asked of the store.
  func close()
}

/// Which requests are wanted: filters are names, and `nil` takes all.
struct TrafficQuery: Sendable, Hashable {
  enum Order: String, Sendable, Hashable, CaseIterable {
    case newest
    case mostExpensive = "dearest"
    case slowest
  }

  var hours: Range<Int>
  var filter = TrafficFilter()
  var order = Order.newest
  var offset = 0
  var limit = 50

  init(hours: Range<Int>) { self.hours = hours }
}

/// Names that requests are recognised by.
struct TrafficFilter: Sendable, Hashable {
  var key: String?
  var task: String?
  /// The tier that answered.
  var tier: String?
  var policy: String?
  var reason: String?
  var target: String?
  var isFailure: Bool?

  /// The columns of names, with what they are called in queries.
  static let names: [(name: String, column: String, path: any WritableKeyPath<TrafficFilter, String?> & Sendable)] = [
    ("key", "key_name", \.key), ("task", "task", \.task), ("tier", "answered_tier", \.tier),
    ("policy", "policy", \.policy), ("reason", "reason", \.reason), ("target", "answered_target", \.target),
  ]

  /// What stands for requests that have no such name.
  static let none = "(none)"

  func takes(_ key: TrafficKey) -> Bool {
    func takes(_ wanted: String?, _ value: String?) -> Bool { wanted.map { $0 == value ?? Self.none } ?? true }
    return takes(self.key, key.key) && takes(task, key.task) && takes(tier, key.tier) && takes(policy, key.policy)
      && takes(reason, key.reason) && takes(target, key.target)
  }

  var isEmpty: Bool { self == TrafficFilter() }
}

/// Two answers to one request that a judge compared with the request's own measure, for a person to rate.
struct RatedPair: Sendable, Hashable {
  struct Answer: Sendable, Hashable {
    var tier: String
    /// As the judge has it.
    var quality: Double
    /// As the log has it: a JSON text, or a message.
    var answer: String
  }

  var requestID: String
  var time: Double
  var task: String?
  /// As the log has it, in JSON.
  var request: String
  /// The answer that was served first.
  var answers: [Answer]
  /// Who rated it.
  var raters: Set<String>
  /// Whether the judge holds one good enough and another not.
  var isDisagreement: Bool {
    let good = answers.count { $0.quality >= PairSums.adequate }
    return good > 0 && good < answers.count
  }
}
