import Dispatch
import Evaluation
import GatewayCore
import Logging
import Ockham
import ServiceLifecycle
import TextKit

/// Watches whether the gateway's own traffic is what it was: reads its store once a day is over, weighs the day, and raises and clears alerts.
///
/// The reference is the first whole week that a model served; until then what its file says of the traffic that it was trained on. Whatever
/// cannot be read is said once, and changes no alert: missing data is never taken for quiet.
struct DriftService: Service {
  let gateway: SwappableGateway

  func run() async throws {
    let clock = gateway.shared.clock
    await cancelWhenGracefulShutdown {
      var watch = DriftWatcher(gateway.shared)
      while !Task.isCancelled {
        let runtime = gateway.runtime
        if let drift = runtime.configuration.drift, let model = runtime.scoringModel {
          watch = await watch.looked(with: model, drift)
        }
        do { try await clock.sleep(runtime.configuration.drift?.everySeconds ?? Self.idleSeconds) } catch { return }
      }
    }
  }

  /// How soon a reload that turns the watch on is noticed.
  private static let idleSeconds = 5.0
}

/// What one watcher knows between two looks.
struct DriftWatcher: Sendable {
  private let services: SharedResources
  /// The model whose days they are.
  private var model: UInt64?
  private var reference: DriftReference?
  private var blocks: [DriftReference.Block] = []
  private var labels: [WatchedLabel] = []
  /// The first day that is not weighed yet.
  private var nextDay: Int?
  private var isWarned = false

  private static let queue = DispatchQueue(label: "ockham.drift", qos: .background)

  init(_ services: SharedResources) { self.services = services }

  /// The watcher after a look, which reads and reckons off the threads that serve.
  func looked(with model: Model, _ drift: DriftConfiguration) async -> DriftWatcher {
    await withCheckedContinuation { continuation in
      Self.queue.async {
        var next = self
        next.look(with: model, drift)
        continuation.resume(returning: next)
      }
    }
  }

  /// Takes the days that are over since the last look, and reports what has changed.
  mutating func look(with model: Model, _ drift: DriftConfiguration) {
    guard let store = services.watch else { return }
    do throws(TelemetryStoreError) {
      if self.model != model.identifier { try begin(model, store) }
      let today = DriftTable.day(ofTime: services.clock.unixSeconds())
      if nextDay == nil { nextDay = try firstDay(model, store) }
      guard let first = nextDay, first < today else { return }
      try take(first..<today, model, store)
      isWarned = false
    } catch {
      if !isWarned { services.logger.warning("the watch cannot read its store", metadata: ["error": "\(error)"]) }
      isWarned = true
      return
    }
    notify(report(model, drift))
  }

  /// The first whole day of a model's traffic.
  private func firstDay(_ model: Model, _ store: any WatchStore) throws(TelemetryStoreError) -> Int? {
    try store.firstRequest(model: model.identifier.hexadecimal).map { DriftTable.day(ofTime: $0) + 1 }
  }

  /// Reads what is kept of a model's days; of another model all that was said is taken back.
  private mutating func begin(_ model: Model, _ store: any WatchStore) throws(TelemetryStoreError) {
    if self.model != nil {
      for change in services.alerts.raised where change.alert.name.hasPrefix(Self.prefix) {
        services.alerts.clear(
          change.alert.name, cause: "another model serves: its own traffic is the reference from now on")
      }
    }
    (reference, blocks, labels, nextDay) = (model.driftReference, [], [], nil)
    for day in try store.days(model: model.identifier.hexadecimal) {
      guard let known = try? DriftReference(day.bytes, for: model, leastSeconds: Self.daySeconds) else { continue }
      if day.isReference {
        reference = known
        nextDay = day.day + Self.weekDays
      } else if known.statistics == reference?.statistics {
        blocks += known.blocks
        labels += WatchedLabel.read(day.labels, day: day.day)
        nextDay = day.day + 1
      }
    }
    self.model = model.identifier
  }

  private static let prefix = "drift "
  private static let weekDays = 7
  private static let daySeconds = 86_400

  private mutating func take(
    _ days: Range<Int>, _ model: Model, _ store: any WatchStore
  ) throws(TelemetryStoreError) {
    let scorer = WatchedScorer(model)
    let name = model.identifier.hexadecimal
    if reference?.source != .live, let first = try firstDay(model, store), days.upperBound >= first + Self.weekDays {
      // The week is over: from now on it is the reference, whatever was before.
      let week = first..<first + Self.weekDays
      let table = scorer.table(try store.requests(Self.period(week), model: name))
      let made = table.reference(period: week.lowerBound * Self.daySeconds..<week.upperBound * Self.daySeconds)
      if made.source == .live {
        let kept = WatchedDay(
          day: first, isReference: true, bytes: made.file(for: model).encoded(), labels: "[]")
        try store.write(kept, model: name)
        (reference, blocks, labels) = (made, [], [])
        nextDay = week.upperBound
      }
    }
    guard let reference, reference.source != .none else { return }
    for day in (nextDay ?? days.lowerBound)..<max(days.upperBound, nextDay ?? days.lowerBound) {
      let requests = try store.requests(Self.period(day..<day + 1), model: name)
      let own = scorer.table(requests).day(day, like: reference)
      let found = scorer.labels(try late(before: day, store, name) + requests, day: day)
      blocks += own.blocks
      labels += found
      nextDay = day + 1
      guard !own.blocks.isEmpty else { continue }
      try store.write(
        WatchedDay(
          day: day, isReference: false, bytes: own.file(for: model).encoded(), labels: WatchedLabel.text(found)),
        model: name)
    }
  }

  /// Requests of the day before that were rated after it was weighed.
  private func late(
    before day: Int, _ store: any WatchStore, _ model: String
  ) throws(TelemetryStoreError) -> [WatchedRequest] {
    guard blocks.contains(where: { $0.day == day - 1 }) else { return [] }
    let taken = Set(labels.lazy.filter { $0.day >= day - 1 }.map(\.request))
    return try store.labelled(Self.period(day - 1..<day), model: model).filter { !taken.contains($0.id) }
  }

  private static func period(_ days: Range<Int>) -> Range<Double> {
    Double(days.lowerBound * daySeconds)..<Double(days.upperBound * daySeconds)
  }

  private func report(_ model: Model, _ drift: DriftConfiguration) -> DriftReport {
    var terms = DriftTerms()
    (terms.daysToFalseAlarm, terms.tolerance) = (drift.daysToFalseAlarm, drift.tolerance)
    let watch = DriftWatch(
      reference: reference ?? DriftReference(tiers: model.tierNames.count), tierNames: model.tierNames, terms: terms)
    return watch.report(blocks, labels: labels.map(\.label), through: nextDay.map { $0 - 1 })
  }

  private func notify(_ report: DriftReport) {
    for test in report.tests {
      if let evidence = test.evidence, evidence.isFinite { services.metrics.driftEvidence[test.name].set(evidence) }
    }
    let unknown = report.tests.count { $0.isWatched && $0.state.isAlarm == nil }
    services.metrics.driftUnknown[].set(report.tests.isEmpty ? 1 : Double(unknown))
    // What requests look like is one thing, however many statistics say that it changed.
    for (subject, tests) in Dictionary(grouping: report.tests, by: Self.subject) { notify(tests, of: subject) }
  }

  private static func subject(of test: DriftTest) -> String {
    test.name.hasPrefix("feature.") || test.name.hasPrefix("logit.") ? "requests" : test.name
  }

  private func notify(_ tests: [DriftTest], of subject: String) {
    let name = Self.prefix + subject
    let alarms = tests.filter { $0.state.isAlarm == true }.sorted { ($0.evidence ?? 0) > ($1.evidence ?? 0) }
    if let first = alarms.first {
      let others = alarms.count > 1 ? " (and \(alarms.count - 1) more statistics)" : ""
      services.alerts.raise(
        Alert(name: name, cause: (first.cause ?? first.name) + others, remedy: first.remedy ?? ""))
    } else if tests.allSatisfy({ $0.state == .quiet || !$0.isWatched }), tests.contains(where: \.isWatched) {
      services.alerts.clear(name, cause: "the last days are as the reference again")
    }
  }
}
