import Ockham
import RequestLog

/// What a gateway's configuration allows of the tiers, as far as a log shows: the rules, pins and limits that a candidate would
/// serve with.
///
/// Rules on headers, languages, words and shares ask what a log does not hold, as do rules on tools, images and turns where only
/// features were kept. Such a rule is *doubtful* for a request that its other conditions do not exclude.
package struct GatewayRules: Sendable {
  /// A rule of the configuration.
  struct Rule: Sendable {
    enum Condition: Sendable {
      case textBytes(ClosedRange<Int>)
      case keys(Set<String>)
      case tasks(Set<String>)
      case tools(Bool)
      case images(Bool)
      case turns(ClosedRange<Int>)
      /// What a log does not hold.
      case unknown
    }

    enum Action: Sendable, Equatable {
      /// Only these tiers: bit t for tier t.
      case only(TierSet)
      /// These alone, and no later rule is looked at.
      case pin(TierSet)
      /// What this reading does not follow: another policy, a target outside the tiers.
      case unknown
    }

    var name: String
    var conditions: [Condition]
    var action: Action
  }

  /// Where a candidate may send one request.
  struct Verdict: Sendable, Hashable {
    /// The tiers, where no doubtful rule holds, and where all do.
    var allowed: TierSet
    var inDoubt: TierSet
    /// The doubtful rules, by name.
    var doubtful: [String] = []
  }

  var rules: [Rule] = []
  /// Limits and pins of the tiers by the policy `default`.
  var policy: Policy
  /// The steps of the policy `default`; `nil` for those of the model.
  var thresholds: Thresholds?
  /// What the configuration says and this reading does not follow, as sentences.
  var notes: [String] = []

  init(tierCount: Int) {
    policy = Policy(thresholds: Thresholds(increments: [Float](repeating: 0, count: tierCount - 1)))
  }

  /// - Parameter task: the kind of work by its name; `nil` where no one knows.
  func verdict(_ record: LogRecord, task: String?) -> Verdict {
    let all = TierSet(below: policy.tiers.count)
    var (sure, inDoubt) = (Narrowing(tiers: all), Narrowing(tiers: all))
    var doubtful: [String] = []
    for rule in rules where !sure.isPinned {
      let holds = rule.holds(record, task: task)
      guard holds != false else { continue }
      // What a rule that is not followed would have done is unknown, whatever else may hold.
      if rule.action == .unknown { inDoubt = Narrowing(tiers: [], isPinned: true) } else { inDoubt.take(rule.action) }
      if holds == true, rule.action != .unknown { sure.take(rule.action) } else { doubtful.append(rule.name) }
    }
    // A pin is kept to the letter, whatever limits say.
    if record.features == nil {
      let open = policy.allowedTiers(for: RequestNeeds(record.request), task: task.flatMap(TaskKind.init(name:)))
      sure.take(.only(open))
      inDoubt.take(.only(open))
    }
    return Verdict(allowed: sure.tiers, inDoubt: inDoubt.tiers, doubtful: doubtful)
  }

  /// The tiers that rules leave, one after the other, until one pins.
  private struct Narrowing {
    var tiers: TierSet
    var isPinned = false

    mutating func take(_ action: Rule.Action) {
      guard !isPinned else { return }
      switch action {
      case .only(let allowed): tiers.formIntersection(allowed)
      case .pin(let pinned): (tiers, isPinned) = (pinned, true)
      case .unknown: (tiers, isPinned) = ([], true)
      }
    }
  }
}

extension GatewayRules.Rule {
  /// `nil` where the log cannot decide.
  func holds(_ record: LogRecord, task: String?) -> Bool? {
    let found = conditions.map { holds($0, record, task) }
    if found.contains(false) { return false }
    return found.contains(nil) ? nil : true
  }

  private func holds(_ condition: Condition, _ record: LogRecord, _ task: String?) -> Bool? {
    let hasText = record.features == nil
    switch condition {
    case .textBytes(let range): return range.contains(record.textBytes)
    case .keys(let names): return record.dataset.map(names.contains) ?? false
    case .tasks(let names): return task.map(names.contains)
    case .tools(let wanted): return hasText ? wanted == !record.request.attributes.toolNames.isEmpty : nil
    case .images(let wanted): return hasText ? wanted == (record.request.attributes.imageCount > 0) : nil
    case .turns(let range): return hasText ? range.contains(record.request.segments.count) : nil
    case .unknown: return nil
    }
  }
}
